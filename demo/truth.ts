/**
 * Compares what a detector said with what was wrong. It is given the detector's lifecycle events after the run and
 * knows nothing else of it.
 *
 * An incident raises its alarm with its first event that is not suppressed. The alarm belongs to a fault when it
 * comes between a minute before its start and ten minutes after its end and the incident names a service that can
 * have to do with it: one that the fault strikes, a neighbour in the call graph, or a caller further up, for failures
 * travel up to the ingress. Every other alarm is false. A fault is found when such an incident names a struck service
 * or a direct neighbour within the fault's limit; an alarm that only names distant callers is a consequence, neither
 * false nor a find.
 */
import { type Duration, minutes, seconds, type Time } from '../time/duration.ts';
import type { Scheduled } from './faults.ts';
import { neighbours, type ServiceName } from './shop.ts';

/** The fields that count of a lifecycle event, as `millrace replay` prints them; other fields are ignored. */
export interface LifecycleEvent {
  readonly event: string;
  readonly incident_id: string;
  readonly started_at: string;
  readonly detected_at: string;
  readonly updated_at?: string | null;
  readonly services: readonly string[];
  readonly suppressed?: boolean;
}

/** An alarm that no fault explains. */
export interface FalseAlarm {
  readonly incident_id: string;
  readonly at: string;
  readonly services: readonly string[];
  /** What was going on: a decoy, a fault that has nothing to do with it, or nothing. */
  readonly during: string | null;
}

export interface Summary {
  readonly faults: number;
  readonly found: number;
  readonly missed: readonly { readonly kind: string; readonly service: string; readonly start: string }[];
  readonly false_alarms: number;
  readonly false_alarm_list: readonly FalseAlarm[];
  /** Further incidents for a fault that had one already, and those that only name distant callers. */
  readonly fragments: number;
  /** Seconds of event time from the start of a fault to its find; null when none was found. */
  readonly delay_s: { readonly p50: number | null; readonly max: number | null };
}

const beforeMs = minutes(1);
const afterMs = minutes(10);

/** Within what time a fault must be found: two minutes, or fifteen for those which show only slowly. */
export function limitOf(fault: Scheduled): Duration {
  return fault.kind === 'slow-burn' || fault.kind === 'silence' ? minutes(15) : seconds(120);
}

/** Joins the events of a run with what was scheduled. Incidents wholly before `from`, if given, are not judged. */
export function score(
  events: readonly LifecycleEvent[],
  scheduled: readonly Scheduled[],
  from: Time = -Infinity,
): Summary {
  const faults = scheduled.filter((s) => !s.decoy);
  const alarms = alarmsOf(events).filter((a) => a.at >= from);
  const finds = new Map<Scheduled, Duration>();
  const falseAlarms: FalseAlarm[] = [];
  let fragments = 0;
  for (const alarm of alarms) {
    const fault = faults.find((f) => isNear(f, alarm.at) && touches(alarm.events, widely(f)));
    if (fault === undefined) {
      falseAlarms.push(falseAlarm(alarm, scheduled));
      continue;
    }
    const delay = delayOf(alarm, fault);
    if (finds.has(fault) || delay === undefined) fragments++;
    if (delay !== undefined) finds.set(fault, Math.min(delay, finds.get(fault) ?? Infinity));
  }
  const missed = faults.filter((f) => !finds.has(f));
  const delays = [...finds.values()].sort((a, b) => a - b).map((ms) => ms / 1_000);
  return {
    faults: faults.length,
    found: finds.size,
    missed: missed.map((f) => ({ kind: f.kind, service: f.service, start: new Date(f.start).toISOString() })),
    false_alarms: falseAlarms.length,
    false_alarm_list: falseAlarms,
    fragments,
    delay_s: { p50: delays[Math.ceil(delays.length / 2) - 1] ?? null, max: delays.at(-1) ?? null },
  };
}

interface Alarm {
  readonly id: string;
  readonly at: Time;
  /** Those of its incident from the alarm on. */
  readonly events: readonly LifecycleEvent[];
}

/** One alarm per incident that was ever not suppressed, in order of time. */
function alarmsOf(events: readonly LifecycleEvent[]): Alarm[] {
  const incidents = new Map<string, LifecycleEvent[]>();
  for (const event of events) {
    const list = incidents.get(event.incident_id);
    if (list === undefined) incidents.set(event.incident_id, [event]);
    else list.push(event);
  }
  const alarms: Alarm[] = [];
  for (const [id, list] of incidents) {
    const first = list.findIndex((e) => (e.event === 'opened' || e.event === 'updated') && e.suppressed !== true);
    if (first < 0) continue;
    alarms.push({ id, at: timeOf(list[first]!), events: list.slice(first) });
  }
  return alarms.sort((a, b) => a.at - b.at);
}

/** When the event could be known: of an opening its detection, of anything later its update. */
function timeOf(event: LifecycleEvent): Time {
  return Date.parse(event.event === 'opened' ? event.detected_at : (event.updated_at ?? event.detected_at));
}

/** From the fault's start until the incident named a service near it; undefined when not within the limit. */
function delayOf(alarm: Alarm, fault: Scheduled): Duration | undefined {
  const near = closely(fault);
  const event = alarm.events.find((e) => touches([e], near));
  if (event === undefined) return undefined;
  const delay = timeOf(event) - fault.start;
  return delay >= 0 && delay <= limitOf(fault) ? delay : undefined;
}

const isNear = (item: Scheduled, at: Time) => at >= item.start - beforeMs && at <= item.end + afterMs;

function touches(events: readonly LifecycleEvent[], services: ReadonlySet<string>): boolean {
  return events.some((e) => e.services.some((s) => services.has(s)));
}

/** The services that a fault strikes and their direct neighbours. */
function closely(fault: Scheduled): ReadonlySet<string> {
  const around = fault.services.flatMap((s) => [s, ...neighbours(s).callers, ...neighbours(s).callees]);
  return new Set<string>(around);
}

/** These and every caller above them. */
function widely(fault: Scheduled): ReadonlySet<string> {
  const found = new Set<string>(closely(fault));
  const climb = (name: ServiceName): void => {
    for (const caller of neighbours(name).callers) {
      found.add(caller);
      climb(caller);
    }
  };
  for (const service of fault.services) climb(service);
  return found;
}

function falseAlarm(alarm: Alarm, scheduled: readonly Scheduled[]): FalseAlarm {
  const during = scheduled.find((s) => isNear(s, alarm.at))?.kind ?? null;
  const services = [...new Set(alarm.events.flatMap((e) => e.services))];
  return { incident_id: alarm.id, at: new Date(alarm.at).toISOString(), services, during };
}
