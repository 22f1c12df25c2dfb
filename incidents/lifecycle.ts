/**
 * Incidents of one environment from pane to pane: anomalies open or join them, an event is emitted when something
 * changes, and they are resolved when all their services have been well for a while. A service that is anomalous
 * again meanwhile has relapsed; several relapses make the incident flapping, which keeps it open longer instead of
 * opening new ones. Everything is decided by event time.
 */
import { isSilentOnItsOwn, type KnownOutage, outagesOf, outageText } from '../decisions/pipeline.ts';
import { severityOf } from '../decisions/score.ts';
import { type Suppression, suppressionOf } from '../decisions/suppression.ts';
import { type Changes, forgetChanges } from '../signals/changes.ts';
import type { Entries } from '../signals/entries.ts';
import { addBlame, errorsOf, type Sample } from '../signals/panes.ts';
import { type AnomalousSignal, isAnomalousSignal, type Signal } from '../signals/signal.ts';
import { forgetNotes, notesSince } from '../signals/template-notes.ts';
import type { TemplateNote } from '../signals/template-watch.ts';
import { days, hours, minutes, type Time } from '../time/duration.ts';
import { incidentEvent } from './event.ts';
import type { Evidence } from './evidence.ts';
import { incidentId, incidentToJoin } from './grouping.ts';
import { errorsAMinute, type Incident, type IncidentEvent, type Member, takeAlerts } from './incident.ts';
import { isNews, noteReported } from './reported.ts';
import { rootCauses } from './root-cause.ts';
import type { IncidentSettings } from './settings.ts';

/** What is kept of an environment. */
export interface EnvironmentState {
  readonly incidents: Entries<string, Incident>;
  readonly changes: Changes;
  /** Recent notes on each service's templates. */
  readonly notes: Entries<string, readonly TemplateNote[]>;
  /** Origins of lines that were lately gone. */
  readonly outages: Entries<string, KnownOutage>;
}

/** What comes of one pane. */
export interface Outcome {
  readonly events: readonly IncidentEvent[];
  readonly evidence: readonly Evidence[];
  /** Anomalies that would have opened an incident if not so many were open. */
  readonly held: number;
}

const mostSamples = 5;
/** No further incident is opened beside so many; an anomaly that goes on opens one when another is resolved. */
export const mostOpen = 1_000;
/** A service without a line for this long is taken to be gone. */
const absentFor = days(2);
/** An outage that was over for so long excuses nothing. */
const keepOutages = hours(3);

/**
 * Takes in all signals of the pane that ends at `end`, in any order. That is the least watermark at which the pane is
 * complete, and stands in every event as the time at which it could be known: the same whenever it is computed again.
 */
export function advance(
  state: EnvironmentState,
  signals: readonly Signal[],
  { end, settings }: { readonly end: Time; readonly settings: IncidentSettings },
): Outcome {
  const open = [...state.incidents.entries()].map(([, incident]) => incident).sort(byStart);
  const events: IncidentEvent[] = [];
  const evidence: Evidence[] = [];
  const sorted = [...signals].sort((a, b) => (a.service < b.service ? -1 : 1));
  noteOutages(state.outages, sorted, end);
  const incidentOf = new Map(open.flatMap((incident) => incident.members.map((m) => [m.service, incident] as const)));
  let held = 0;
  for (const signal of sorted) {
    const current = incidentOf.get(signal.service);
    if (!isAnomalousSignal(signal)) {
      if (current !== undefined) recovered(current, signal);
      continue;
    }
    const suppression = suppressionFor(signal, current, { state, settings });
    const joined = current ?? incidentToJoin(open, { signal, suppression }, settings.grouping);
    if (joined === undefined && open.length >= mostOpen) {
      held++;
      continue;
    }
    const incident = joined ?? begin();
    const member = admit(incident, signal, suppression);
    incidentOf.set(signal.service, incident);
    member.notes = notesSince(state.notes.get(signal.service), member);
    evidence.push({ incident: incident.id, signal, suppression, notes: member.notes });
    function begin(): Incident {
      const started = newIncident(incidentId(settings.environment, signal), { signal, suppression, end });
      open.push(started);
      return started;
    }
  }
  for (const incident of open) {
    acceptAbsence(incident, end);
    const event = nextEvent(incident, { state, end, settings });
    if (event !== undefined) events.push(event);
    if (event?.event === 'resolved') state.incidents.delete(incident.id);
    else state.incidents.set(incident.id, incident);
  }
  forgetChanges(state.changes, end);
  forgetNotes(state.notes, end);
  return { events, evidence, held };
}

interface Surroundings {
  readonly state: EnvironmentState;
  readonly settings: IncidentSettings;
}

/** Why an anomaly is held back; without new lines the last decision stays. */
function suppressionFor(
  signal: Signal,
  current: Incident | undefined,
  { state, settings }: Surroundings,
): Suppression | undefined {
  const { suppressions: rules, detection, grouping } = settings;
  const { deployGrace } = grouping;
  const isOpen = current !== undefined && current.suppression === undefined;
  // Silence never holds back an incident that is open.
  const outage = isOpen ? undefined : outageOf(signal, { state, settings });
  const now = suppressionOf(signal, { changes: state.changes, rules, detection, deployGrace, outage });
  if (now !== undefined || signal.samples.length > 0) return now;
  const before = current?.members.find((m) => m.service === signal.service)?.suppression;
  return rules.some((r) => r.pattern !== undefined && r.id === before?.rule) ? before : undefined;
}

/** Keeps what is gone now, and forgets what was gone long ago. */
function noteOutages(outages: EnvironmentState['outages'], signals: readonly Signal[], end: Time): void {
  for (const [origin, outage] of outagesOf(signals)) outages.set(origin, { ...outage, until: end });
  for (const [origin, { until }] of outages.entries()) if (until + keepOutages < end) outages.delete(origin);
}

/** The outage that excuses the silence of a service, if one does. */
function outageOf(signal: Signal, { state, settings }: Surroundings): KnownOutage | undefined {
  if (signal.health !== 'silent') return undefined;
  if (isSilentOnItsOwn(signal, (origin) => state.outages.get(origin)?.until, settings.silence)) return undefined;
  return state.outages.get(signal.origins[0]!);
}

function newIncident(
  id: string,
  { signal, suppression, end }: { signal: Signal; suppression: Suppression | undefined; end: Time },
): Incident {
  return {
    id,
    startedAt: signal.onset,
    detectedAt: end,
    members: [],
    suppression,
    flapping: false,
    severity: 'info',
    sequence: 0,
    updatedAt: end,
    told: '',
    causeTold: '',
    notesTold: 0,
    rateTold: 0,
    healthsTold: '',
    alerts: [],
  };
}

/** Takes an anomaly into its incident. */
function admit(incident: Incident, signal: AnomalousSignal, suppression: Suppression | undefined): Member {
  takeAlerts(incident, signal);
  let member = incident.members.find((m) => m.service === signal.service);
  const isNew = member === undefined;
  if (member === undefined) incident.members.push((member = newMember(signal)));
  if (member.wellSince !== undefined) member.relapses++;
  const { health, observed, expected, ratio, log10p, window, usual, lastLine, learning } = signal;
  if (member.wellSince !== undefined || member.health !== health) member.since = signal.onset;
  Object.assign(member, { health, suppression, observed, expected, ratio, log10p, window, usual, lastLine });
  member.wellSince = undefined;
  member.errors += errorsOf(signal.counts);
  for (const [service, errors] of signal.blames) addBlame(member.blames, service, errors);
  const samples = isNew ? [...signal.samples, ...signal.earlier] : signal.samples;
  for (const sample of samples) addSample(member, sample);
  incident.startedAt = Math.min(incident.startedAt, signal.onset);
  if (signal.units !== undefined) {
    member.units = Math.max(member.units, signal.units.score);
    member.told = signal.units.told;
  }
  notePeak(member, signal);
  if (signal.score <= member.score) return member;
  Object.assign(member, { score: signal.score, learning });
  return member;
}

function addSample({ samples }: Member, sample: Sample): void {
  const isKnown = samples.some((s) => s.message === sample.message);
  if (!isKnown && samples.length < mostSamples) samples.push(sample);
}

/** Keeps the worst of each kind: the longest silence, up to its end, and the most errors a minute since the first. */
function notePeak({ peaks }: Member, signal: AnomalousSignal): void {
  const { health, end: at, score, window, observed, expected, ratio, log10p, onset } = signal;
  const worst = peaks[health];
  const told = health === 'errors' || signal.units === undefined ? {} : { told: signal.units.told };
  const now = { at, score, window, observed, expected, ratio, log10p, onset, ...told };
  if (worst === undefined) peaks[health] = now;
  else if (health !== 'errors') {
    if (score >= worst.score) peaks[health] = now;
  } else if (errorsAMinute(now) > errorsAMinute(worst)) peaks[health] = { ...now, onset: worst.onset };
}

const newMember = (signal: AnomalousSignal): Member => ({
  service: signal.service,
  onset: signal.onset,
  health: signal.health,
  since: signal.onset,
  wellSince: undefined,
  accepted: false,
  relapses: 0,
  observed: signal.observed,
  expected: signal.expected,
  ratio: signal.ratio,
  log10p: signal.log10p,
  window: signal.window,
  usual: signal.usual,
  lastLine: signal.lastLine,
  peaks: {},
  score: signal.score,
  learning: signal.learning,
  errors: 0,
  blames: [],
  samples: [],
  units: 0,
  told: [],
  notes: [],
  suppression: undefined,
});

function recovered(incident: Incident, signal: Signal): void {
  const member = incident.members.find((m) => m.service === signal.service)!;
  takeAlerts(incident, signal);
  const { accepted, lastMinute, usual, lastLine } = signal;
  const { observed, expected } = lastMinute;
  const ratio = observed / Math.max(1, expected);
  const now = { accepted, observed, expected, ratio, log10p: signal.log10p, window: minutes(1), usual, lastLine };
  Object.assign(member, now);
  if (member.wellSince === undefined) endAnomaly(member, Math.max(member.onset, signal.wellSince ?? signal.end));
}

function endAnomaly(member: Member, end: Time): void {
  member.wellSince = end;
  const { silent } = member.peaks;
  // Signals of a long silence stop; it lasted until then.
  if (member.health === 'silent' && silent?.onset === member.since) member.peaks.silent = { ...silent, at: end };
}

/** A service that writes no more is not waited for: after two days that is usual. */
function acceptAbsence(incident: Incident, end: Time): void {
  for (const member of incident.members) {
    const since = member.lastLine + absentFor;
    if (member.wellSince !== undefined || since > end) continue;
    member.accepted = true;
    endAnomaly(member, since);
  }
}

/** The event of an incident after a pane, if there is one. */
function nextEvent(incident: Incident, { state, end, settings }: Surroundings & { readonly end: Time }) {
  const { grouping, score } = settings;
  const { members } = incident;
  incident.flapping ||= members.some((m) => m.relapses >= grouping.flappingAfter);
  incident.severity = severityOf(scoreOf(incident), score.severities);
  const causes = rootCauses(incident, { changes: state.changes, end, settings: grouping });
  const report = (event: IncidentEvent['event']) => {
    keepReason(incident, state.outages, end);
    const { alerts } = incident;
    noteReported(incident, causes[0]!.service, end);
    return incidentEvent(event, incident, { causes, changes: state.changes, settings, end, alerts });
  };
  const patience = incident.flapping ? 2 * grouping.resolveAfter : grouping.resolveAfter;
  if (members.every((m) => m.wellSince !== undefined && end - m.wellSince >= patience)) return report('resolved');
  const anomalous = members.filter((m) => m.wellSince === undefined);
  const hasUnsuppressed = anomalous.some((m) => m.suppression === undefined);
  if (incident.sequence === 0) return report(incident.suppression === undefined ? 'opened' : 'suppressed');
  if (incident.suppression !== undefined && hasUnsuppressed) {
    incident.suppression = undefined;
    incident.detectedAt = end;
    return report('opened');
  }
  if (incident.suppression === undefined && anomalous.length > 0 && !hasUnsuppressed) {
    incident.suppression = anomalous[0]!.suppression;
    return report('suppressed');
  }
  return isNews(incident, causes[0]!.service, end) ? report('updated') : undefined;
}

/** What is said of an outage must be true also when it is over. */
function keepReason(incident: Incident, outages: EnvironmentState['outages'], end: Time): void {
  const origin = incident.suppression?.origin;
  const outage = origin === undefined ? undefined : outages.get(origin);
  if (outage !== undefined) incident.suppression = { ...incident.suppression!, reason: outageText(outage, end) };
}

/** The sum of its services' scores at their worst. */
export const scoreOf = ({ members }: Incident): number => members.reduce((sum, m) => sum + m.score, 0);

const byStart = (a: Incident, b: Incident): number => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);
