/**
 * Compares what a detector said with what was wrong. It is given the detector's lifecycle events after the run and
 * knows nothing else of it; every detector is judged by these rules, which stood before the first run:
 *
 * - An incident raises its alarm with its first event that is not suppressed. An event is known `waits` after the event
 *   time that it bears, because a detector that waits for late lines speaks that much later.
 * - A fault is found when, within its limit, an alarm names a service that it strikes, or a direct neighbour of one in
 *   which it left traces (lines written, or withheld, because of it), and the same incident had not named that service
 *   before the fault began. A find after the limit, but within three minutes of the fault's end, is late and not found.
 * - A further alarm from a fault's start to three minutes after its end is excused if it names a service in which the
 *   fault left traces. Excused alarms and minutes are counted. Every other alarm is false, decoys and blips included.
 * - A fault with fewer than three traces in the services that it strikes is invisible: it is counted beside, and is
 *   missed all the same.
 * - The cause is right when the event that found the fault names a struck service first, or among the first three.
 *
 * Everything from `from` to `to` is judged.
 */
import { type Duration, minutes, seconds, type Time } from '../time/duration.ts';
import type { Scheduled } from './faults.ts';
import { neighbours, type ServiceName } from './shop.ts';
import { type FalseAlarm, type Found, type LifecycleEvent, type Summary, spreadOf } from './summary.ts';
import type { Traces } from './traces.ts';

/** What was so. */
export interface Truth {
  readonly scheduled: readonly Scheduled[];
  readonly traces: Pick<Traces, 'of'>;
  /** The time that is judged. */
  readonly from: Time;
  readonly to: Time;
}

const graceMs = minutes(3);
const leastTraces = 3;
/** The grid on which the job counts lines, and on which its delay is taken apart. */
const paneMs = seconds(10);

/** Within what time a fault must be found: two minutes, or fifteen for those which show only slowly. */
export function limitOf({ kind }: Scheduled): Duration {
  return kind === 'slow-burn' || kind === 'silence' || kind === 'quiet-failure' ? minutes(15) : minutes(2);
}

/** Joins the events of a run with what was so; `waits` is how long after its event time an event can be known. */
export function score(events: readonly LifecycleEvent[], truth: Truth, waits: Duration): Summary {
  const faults = truth.scheduled.filter((s) => !s.decoy);
  const incidents = incidentsOf(events, waits);
  const finds = faults.flatMap((fault) => findOf(fault, incidents, truth) ?? []);
  const found = finds.filter(({ fault, at }) => at - fault.start <= limitOf(fault));
  const finders = new Set(finds.map(({ incident }) => incident));
  const alarms = incidents.filter(({ words: [alarm] }) => alarm!.at >= truth.from && alarm!.at < truth.to);
  const isExcused = ({ words: [alarm] }: Incident) => faults.some((fault) => excuses(fault, alarm!, truth));
  const wrong = alarms.filter((incident) => !isExcused(incident));
  const by = (kind: string) => found.filter(({ event }) => event.event === kind);
  const delays = (of: readonly Find[]) => spreadOf(of.map(({ fault, at }) => (at - fault.start) / 1_000));
  const rightIn = (places: number) =>
    found.filter(({ fault, event }) => names(causesOf(event).slice(0, places), fault.services)).length;
  return {
    faults: faults.length,
    found: found.length,
    late: finds.length - found.length,
    invisible: faults.filter((fault) => isInvisible(fault, truth)).length,
    finds: found.map((find) => foundOf(find, truth)),
    missed: missedOf(faults, { finds, found }, truth),
    judged_hours: (truth.to - truth.from) / minutes(60),
    false_alarms: wrong.length,
    false_alarm_list: wrong.map((incident) => falseAlarm(incident, truth.scheduled)),
    fragments: alarms.filter((incident) => isExcused(incident) && !finders.has(incident)).length,
    excused_minutes: excusedMinutes(faults),
    delay_s: delays(found),
    delay_opened_s: { found: by('opened').length, ...delays(by('opened')) },
    delay_updated_s: { found: by('updated').length, ...delays(by('updated')) },
    cause: { first: rightIn(1), first_three: rightIn(3) },
    waited_s: waits / 1_000,
  };
}

/** An event that is not suppressed, and when it could be known. */
interface Word {
  readonly event: LifecycleEvent;
  readonly at: Time;
}

/** The words of an incident, of which the first is the alarm. */
interface Incident {
  readonly id: string;
  readonly words: readonly Word[];
}

interface Find extends Word {
  readonly fault: Scheduled;
  readonly incident: Incident;
}

/** The incidents that raised an alarm, in order of time. */
function incidentsOf(events: readonly LifecycleEvent[], waits: Duration): Incident[] {
  const words = new Map<string, Word[]>();
  for (const event of events) {
    if ((event.event !== 'opened' && event.event !== 'updated') || event.suppressed === true) continue;
    const word = { event, at: timeOf(event) + waits };
    const known = words.get(event.incident_id);
    if (known === undefined) words.set(event.incident_id, [word]);
    else known.push(word);
  }
  const found = [...words].map(([id, list]) => ({ id, words: list }));
  return found.sort((a, b) => a.words[0]!.at - b.words[0]!.at);
}

/** The event time of an event: of an opening its detection, of anything later its update. */
function timeOf(event: LifecycleEvent): Time {
  return Date.parse(event.event === 'opened' ? event.detected_at : (event.updated_at ?? event.detected_at));
}

/** The first word that names a service near the fault which its incident did not name before; late ones included. */
function findOf(fault: Scheduled, incidents: readonly Incident[], truth: Truth): Find | undefined {
  const near = nearOf(fault, truth);
  let first: Find | undefined;
  for (const incident of incidents) {
    const before = incident.words.filter(({ at }) => at < fault.start).flatMap(({ event }) => event.services);
    const fresh = near.filter((service) => !before.includes(service));
    const word = incident.words.find(({ event, at }) => isDuring(fault, at) && names(event.services, fresh));
    if (word !== undefined && word.at < (first?.at ?? Number.POSITIVE_INFINITY)) first = { ...word, fault, incident };
  }
  return first;
}

/** The services that a fault strikes, and their direct neighbours in which it left traces. */
function nearOf(fault: Scheduled, { traces }: Truth): readonly string[] {
  const around = fault.services.flatMap((s) => [...neighbours(s).callers, ...neighbours(s).callees]);
  return [...fault.services, ...around.filter((service) => traces.of(fault)?.lines.has(service))];
}

const isDuring = (item: Scheduled, at: Time) => at >= item.start && at <= item.end + graceMs;

const excuses = (fault: Scheduled, { event, at }: Word, { traces }: Truth): boolean =>
  isDuring(fault, at) && names(event.services, [...(traces.of(fault)?.lines.keys() ?? []), ...fault.services]);

const names = (services: readonly string[], wanted: readonly string[]) => services.some((s) => wanted.includes(s));

const causesOf = ({ root_causes = [] }: LifecycleEvent): readonly string[] => root_causes.map(({ service }) => service);

function isInvisible(fault: Scheduled, { traces }: Truth): boolean {
  const lines = traces.of(fault)?.lines;
  return fault.services.reduce((sum, s) => sum + (lines?.get(s as ServiceName) ?? 0), 0) < leastTraces;
}

function missedOf(
  faults: readonly Scheduled[],
  { finds, found }: { readonly finds: readonly Find[]; readonly found: readonly Find[] },
  truth: Truth,
): Summary['missed'] {
  return faults
    .filter((fault) => !found.some((find) => find.fault === fault))
    .map((fault) => ({
      kind: fault.kind,
      service: fault.service,
      start: new Date(fault.start).toISOString(),
      description: fault.description,
      late: finds.some((find) => find.fault === fault),
      invisible: isInvisible(fault, truth),
    }));
}

/** The minutes, each counted once, in which some fault would excuse an alarm. */
function excusedMinutes(faults: readonly Scheduled[]): number {
  let sum = 0;
  let through = Number.NEGATIVE_INFINITY;
  for (const { start, end } of faults.toSorted((a, b) => a.start - b.start)) {
    sum += Math.max(0, end + graceMs - Math.max(start, through));
    through = Math.max(through, end + graceMs);
  }
  return Math.round(sum / minutes(1));
}

function foundOf({ fault, event, at }: Find, { traces }: Truth): Found {
  const { kind, service, start } = fault;
  const told = { kind, service, by: event.event, delay_s: (at - start) / 1_000 };
  const first = traces.of(fault)?.first;
  if (first === undefined) return { ...told, terms_s: null };
  const paneEnd = (Math.floor(first / paneMs) + 1) * paneMs;
  const decided = Math.max(0, timeOf(event) - paneEnd);
  return { ...told, terms_s: [(first - start) / 1_000, (paneEnd - first) / 1_000, decided / 1_000] };
}

function falseAlarm({ id, words }: Incident, scheduled: readonly Scheduled[]): FalseAlarm {
  const alarm = words[0]!;
  const during = scheduled.find((s) => isDuring(s, alarm.at))?.kind ?? null;
  return { incident_id: id, at: new Date(alarm.at).toISOString(), services: alarm.event.services, during };
}
