/**
 * The events of incidents against the truth: that each fault is told in time, that nothing else is, what is said of
 * each service at the event's moment and at its peak, and the end.
 */
import type { IncidentEvent, Symptom } from '../../incidents/incident.ts';
import { minutes, seconds, type Time } from '../../time/duration.ts';
import { judgeEnd, judgeErrors, judgeOnset, judgeOutage, judgeUsualErrors, recoveryWithin } from './judge-numbers.ts';
import type { Fault } from './plan.ts';
import { dueAt, illnesses, isKnown, type Truth, wasIll, written } from './truth.ts';
import { clock, type Verdict } from './verdict.ts';

/** A symptom with what later versions say of the peak and the recovery. */
type TimedSymptom = Symptom & {
  readonly well_since?: string | null;
  readonly peak?: { readonly at: string; readonly observed: number; readonly window_seconds: number } | null;
};

const pane = seconds(10);

/** Judges events in their order. `until` is the event time up to which there was something to tell. */
export function judgeEvents(truth: Truth, events: readonly IncidentEvent[], until: Time): Verdict[] {
  return [
    ...events.flatMap((event) => [
      ...judgeEvent(truth, event),
      ...event.symptoms.flatMap((s) => judgeSymptom(truth, event, s)),
    ]),
    ...truth.faults
      .filter(({ kind }) => kind !== 'flood')
      .flatMap((fault) => judgeTelling(truth, { fault, events, until })),
  ];
}

const saidBy = (event: IncidentEvent): string =>
  `${event.event} at ${event.updated_at.slice(11, 19)}: ${event.summary}${event.reason === null ? '' : ` (${event.reason})`}`;

function judgeEvent(truth: Truth, event: IncidentEvent): Verdict[] {
  const at = Date.parse(event.updated_at);
  const said = saidBy(event);
  const verdict = (kind: string, isTrue: boolean, what: string): Verdict => ({ kind, at, isTrue, said, truth: what });
  const verdicts: Verdict[] = [];
  if (event.event === 'opened') {
    for (const service of event.services) {
      const isIll = isKnown(truth, service) && wasIll(truth, { service, from: at - recoveryWithin, to: at });
      verdicts.push(verdict('event: opened', isIll, `${service} is well`));
    }
    const first = event.services[0]!;
    const { isTrue, truth: what } = judgeOnset(truth, first, Date.parse(event.started_at));
    verdicts.push(verdict('event: started_at', isTrue, `${event.started_at.slice(11, 19)}, but ${what}`));
  }
  if (event.suppressed || event.reason !== null) {
    for (const service of event.services) {
      const judged = judgeOutage(truth, { service, reason: event.reason ?? '', at });
      verdicts.push({ kind: 'event: reason of suppression', at, said, ...judged });
    }
  }
  if (event.event === 'resolved') verdicts.push(...judgeResolved(truth, event, at));
  return verdicts;
}

function judgeResolved(truth: Truth, event: IncidentEvent, at: Time): Verdict[] {
  const resolvedAt = Date.parse(event.resolved_at ?? '');
  const said = saidBy(event);
  const startedAt = Date.parse(event.started_at);
  const faults = event.services.flatMap((service) =>
    illnesses(truth, service).filter((f) => f.from <= at && f.to >= startedAt - minutes(2)),
  );
  const end = Math.max(...faults.map(({ to }) => to));
  const isEnd = Math.abs(resolvedAt - end) <= recoveryWithin && resolvedAt >= end - pane;
  const waited = at - resolvedAt >= truth.settings.resolveAfter - pane;
  return [
    {
      kind: 'event: resolved_at',
      at,
      isTrue: isEnd,
      said: `${said}, resolved_at ${clock(resolvedAt)}`,
      truth: `the true end is ${clock(end)}`,
    },
    {
      kind: 'event: resolved after',
      at,
      isTrue: waited,
      said,
      truth: `its services are well for ${(at - resolvedAt) / 1_000} s`,
    },
  ];
}

function judgeSymptom(truth: Truth, event: IncidentEvent, symptom: TimedSymptom): Verdict[] {
  const at = Date.parse(event.updated_at);
  const { service, kind, observed, expected, window_seconds: length, well_since: well, peak } = symptom;
  if (!isKnown(truth, service)) return [];
  const window = length * 1_000;
  const numbers = `${event.event} at ${clock(at)}: ${service} ${kind}, observed ${observed}, expected ${expected} in ${length} s`;
  const verdicts: Verdict[] = [];
  if (!well && event.event !== 'resolved') {
    const isIll = wasIll(truth, { service, from: at - recoveryWithin - pane, to: at });
    verdicts.push({ kind: 'event: not well', at, isTrue: isIll, said: numbers, truth: `${service} is well` });
  }
  if (kind === 'silent' && !well) {
    // A pause begins within the second of its last line.
    const from = Math.ceil((at - window) / 1_000) * 1_000;
    const lines = written(truth, 'events', { service, from, to: at });
    verdicts.push({ kind: 'event: lines now', at, isTrue: lines === observed, said: numbers, truth: `${lines} lines` });
  } else {
    const judged = judgeErrors(truth, { service, errors: observed, window }, { from: at - pane, to: at });
    verdicts.push({ kind: 'event: errors now', at, said: numbers, ...judged });
    const usual = judgeUsualErrors(truth, { service, usual: expected, window, end: at });
    verdicts.push({ kind: 'event: errors usual', at, said: numbers, ...usual });
  }
  if (peak && kind !== 'silent') {
    const [end, span] = [Date.parse(peak.at), peak.window_seconds * 1_000];
    const said = `${service} at its peak at ${clock(end)}: ${peak.observed} in ${peak.window_seconds} s`;
    const judged = judgeErrors(truth, { service, errors: peak.observed, window: span }, { from: end - pane, to: end });
    verdicts.push({ kind: 'event: errors at the peak', at, said, ...judged });
  }
  if (well) {
    const judged = judgeEnd(truth, service, Date.parse(well));
    verdicts.push({
      kind: 'event: well since',
      at,
      said: `${service} well since ${clock(Date.parse(well))}`,
      ...judged,
    });
  }
  return verdicts;
}

/** That a fault is told in time, that its end is, and that its incident is resolved. */
function judgeTelling(
  truth: Truth,
  { fault, events, until }: { readonly fault: Fault; readonly events: readonly IncidentEvent[]; readonly until: Time },
): Verdict[] {
  const { kind, services, from, to } = fault;
  const about = events.filter((event) => event.services.some((service) => services.includes(service)));
  const told = about.filter(
    ({ event, updated_at }) =>
      (event === 'opened' || event === 'updated' || (kind === 'pipeline' && event === 'suppressed')) &&
      Date.parse(updated_at) >= from,
  );
  const verdicts: Verdict[] = [];
  const verdict = (what: string, at: Time, happened: IncidentEvent | undefined): Verdict => ({
    kind: what,
    at,
    isTrue: happened !== undefined,
    said: happened === undefined ? 'nothing is said' : saidBy(happened),
    truth: `${services.join(', ')}: ${kind} from ${clock(from)} to ${clock(to)}`,
  });
  const due = dueAt(truth, fault);
  const isBefore = (time: Time) => (event: IncidentEvent) => Date.parse(event.updated_at) <= time;
  if (due < Math.min(to, until)) verdicts.push(verdict('fault told in time', due, told.find(isBefore(due))));
  if (told.length === 0) return verdicts;
  const recoveryDue = to + recoveryWithin + pane;
  const after = about.filter(({ updated_at }) => Date.parse(updated_at) >= to);
  const isWell = ({ event, symptoms }: IncidentEvent) =>
    event === 'resolved' || symptoms.some((s) => services.includes(s.service) && (s as TimedSymptom).well_since);
  if (recoveryDue < until) {
    verdicts.push(verdict('recovery told in time', recoveryDue, after.filter(isWell).find(isBefore(recoveryDue))));
  }
  const resolvedDue = to + recoveryWithin + 2 * truth.settings.resolveAfter + minutes(1);
  if (resolvedDue < until) {
    const isResolved = ({ event }: IncidentEvent) => event === 'resolved';
    verdicts.push(verdict('fault resolved', resolvedDue, after.filter(isResolved).find(isBefore(resolvedDue))));
  }
  return verdicts;
}
