/**
 * Whether the log pipeline is at fault, not the services. Lines reach the job through origins: files, and partitions
 * of topics. When several services of one origin fall silent together and nothing else comes through it, it is the
 * origin that stopped. A service that falls silent while its origin carries others, or that is alone in it, has no
 * such excuse.
 */
import { paneMs } from '../signals/panes.ts';
import type { SilenceSettings } from '../signals/settings.ts';
import type { Signal } from '../signals/signal.ts';
import { timeOfDay } from '../signals/signal-kind.ts';
import { type Duration, seconds, type Time } from '../time/duration.ts';

/** An origin through which nothing comes. */
export interface Outage {
  readonly origin: string;
  /** When the last line came through it. */
  readonly since: Time;
  /** How many services fell silent with it. */
  readonly services: number;
}

/** An outage that was seen, and until when. */
export interface KnownOutage extends Outage {
  readonly until: Time;
}

/** What is said of an outage at `end`, while it lasts and when it is over. */
export function outageText({ origin, since, until, services }: KnownOutage, end: Time): string {
  const clock = (time: Time) => timeOfDay(time, end);
  const when = until < end ? `from ${clock(since)} to ${clock(until)}` : `since ${clock(since)}`;
  return `nothing came from ${origin} ${when}: ${services} services fell silent together, so the log pipeline is at fault`;
}

/** Lines that must be missing from a service before its pause is silence. */
const leastMissing = 5;
/** An origin that carried a line this lately is not gone; services that stopped this close did so together. */
const lately = seconds(30);
/** Lines of other services that make no difference, and so many that their absence does. */
const negligible = 0.5;
const enoughOfOthers = 3;
/** So many services must fall silent together; one alone may have died. */
const leastServices = 2;

/** The origins that are gone, by the signals of all services of one pane. */
export function outagesOf(signals: readonly Signal[]): Map<string, Outage> {
  const services = new Map<string, Signal[]>();
  for (const signal of signals) {
    for (const origin of signal.origins) {
      const known = services.get(origin);
      if (known === undefined) services.set(origin, [signal]);
      else known.push(signal);
    }
  }
  const outages = new Map<string, Outage>();
  for (const [origin, carried] of services) {
    const pause = carried.reduce((least, signal) => Math.min(least, signal.pause), Number.POSITIVE_INFINITY);
    if (pause <= lately) continue;
    const together = carried.filter((s) => s.steady && isMissed(s, pause) && fellWith(s, pause));
    if (together.length < leastServices || !othersAreMissed(carried, together, pause)) continue;
    outages.set(origin, { origin, since: carried[0]!.end - pause, services: together.length });
  }
  return outages;
}

/**
 * Whether a service was silent for long enough since one of its origins was last gone. `goneUntil` gives that time by
 * origin; an origin that was never gone is no excuse.
 */
export function isSilentOnItsOwn(
  signal: Signal,
  goneUntil: (origin: string) => Time | undefined,
  settings: SilenceSettings,
): boolean {
  if (signal.origins.length === 0) return true;
  const since = Math.min(...signal.origins.map((origin) => goneUntil(origin) ?? Number.NEGATIVE_INFINITY));
  const pause = Math.min(signal.pause, signal.end - since);
  return pause >= settings.atLeast && missing(signal, pause) >= settings.expectedLines;
}

/** Lines that were to be expected in a pause. */
const missing = ({ usual }: Signal, pause: Duration): number => (usual * pause) / paneMs;

/**
 * Whether the other services of an origin say something by their silence: so many of their lines are missing that they
 * would have spoken. Lines of services that hardly ever write are not waited for.
 */
function othersAreMissed(carried: readonly Signal[], together: readonly Signal[], pause: Duration): boolean {
  const fallen = new Set(together);
  const others = carried.filter((signal) => !fallen.has(signal));
  const lines = others.reduce((sum, signal) => sum + missing(signal, pause), 0);
  return lines < negligible || lines >= enoughOfOthers;
}

/** Whether a service spoke until its origin was gone, `pause` ago, as far as its rate of lines lets that be known. */
const fellWith = (signal: Signal, pause: Duration): boolean =>
  signal.pause - pause <= lately || !isMissed(signal, signal.pause - pause);

const isMissed = (signal: Signal, pause: Duration): boolean => missing(signal, pause) >= leastMissing;
