/**
 * Alerts of other systems as they are known, one a fingerprint. A webhook repeats what fires, which changes nothing; an
 * end without a begin is that of what fires under its fingerprint, and counts for nothing where nothing does. An alert
 * that begins again when it was over is another time of the same.
 */
import { hours, type Time } from '../../time/duration.ts';
import type { Entries } from '../entries.ts';
import type { Alert } from '../inputs/alerts/alert.ts';

/** What is kept of an alert; stored as JSON. */
export interface KnownAlert {
  readonly fingerprint: string;
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  readonly severity: string;
  /** Untrusted text, or empty. */
  readonly summary: string;
  readonly began: Time;
  /** When it is over, which may lie ahead; null while that is not known. */
  readonly over: Time | null;
  /** The latest time that was heard of it. */
  readonly last: Time;
  /** Ids that no incident has taken in yet. */
  readonly ids: readonly string[];
}

export type KnownAlerts = Entries<string, KnownAlert>;

/**
 * Takes in an alert; says whether it begins, is known already, or ends nothing that fires. One that `isLate` came when
 * event time had passed its begin.
 */
export function noteAlert(alerts: KnownAlerts, alert: Alert, isLate: boolean): 'began' | 'known' | 'ends-nothing' {
  const { id, fingerprint, time: began, resolved_at: over, service, instance, name, severity } = alert;
  const known = alerts.get(fingerprint);
  if (known !== undefined && (began === known.began || known.over === null || began < known.over)) {
    const ids = known.ids.includes(id) || began === known.began ? known.ids : [...known.ids, id].slice(-mostIds);
    alerts.set(fingerprint, { ...known, over: endOf(known, alert), last: lastOf(alert, known.last), ids });
    return 'known';
  }
  // What was over before it was heard of was told to none who could act.
  if (over !== null && (over <= began || isLate)) return known === undefined ? 'ends-nothing' : 'known';
  const { summary = '' } = alert.labels;
  const told = { fingerprint, service, instance, name, severity, summary };
  alerts.set(fingerprint, { ...told, began, over, last: lastOf(alert, began), ids: [id] });
  return 'began';
}

const lastOf = ({ time, resolved_at: over }: Alert, before: Time): Time => Math.max(before, time, over ?? time);

/** When an alert is over that is heard of again. */
function endOf(known: KnownAlert, { time, resolved_at: over }: Alert): Time | null {
  const { began } = known;
  if (over === null) return time > began ? null : known.over;
  if (known.over === null) return over < began ? null : over;
  return time === began ? known.over : Math.max(known.over, over);
}

/** Whether an alert fires in the pane that ends at `end`. */
export const fires = ({ began, over }: KnownAlert, { start, end }: { readonly start: Time; readonly end: Time }) =>
  began < end && (over === null || over > start);

/** Forgets what has long been over. */
export function forgetAlerts(alerts: KnownAlerts, now: Time): void {
  for (const [key, { over }] of [...alerts.entries()]) if (over !== null && over + keptFor < now) alerts.delete(key);
}

/** When the last alert of each service was over. */
export function lastEnds(alerts: KnownAlerts): ReadonlyMap<string, Time> {
  const ends = new Map<string, Time>();
  for (const [, { service, over }] of alerts.entries())
    if (over !== null) ends.set(service, Math.max(over, ends.get(service) ?? over));
  return ends;
}

/** Whether its sender calls an alert no more than a notice. */
export const isMild = ({ severity }: Pick<KnownAlert, 'severity'>): boolean => mild.has(severity);

const mild = new Set(['info', 'information', 'informational', 'none', 'debug', 'ok', 'notice', 'low', 'p4', 'p5']);
/** A sender that is late with an end tells it within the hour. */
const keptFor = hours(1);
/** Ids of one fingerprint that wait for an incident. */
const mostIds = 100;
