/**
 * The kind of signal `silent`: a service writes no lines any more. The lines expected since its last one are too many,
 * and the pause is far longer than any it has made before. The recent rate of lines gives the first; the longest pause,
 * which is forgotten over days, gives the second. A job that runs once a day has long pauses and is never called
 * silent. The same rule finds templates that are missing.
 */
import { type Duration, hours, minutes, type Time } from '../time/duration.ts';
import { paneMs } from './panes.ts';
import type { SilenceSettings } from './settings.ts';
import { type SignalKind, timeOfDay } from './signal-kind.ts';

/** How lines of a service or template arrive; stored as JSON. */
export interface Arrivals {
  /** Decayed lines and panes: the recent rate is their ratio. */
  lines: number;
  panes: number;
  /** End of the last pane with a line. */
  last: Time;
  /** The longest pause, decayed. */
  longest: Duration;
}

/** Lines that begin to arrive in the pane ending at `end`. */
export const newArrivals = (end: Time): Arrivals => ({ lines: 0, panes: 0, last: end, longest: paneMs });

const rateHalfLife = minutes(20);
const pauseHalfLife = hours(48);

/**
 * Takes in a pane. A pause counts when it is over: until then the rate is that of before. While `isFrozen`, during an
 * anomaly, a pause is not taken for usual.
 */
export function addArrivals(
  arrivals: Arrivals,
  { lines, end, isFrozen }: { readonly lines: number; readonly end: Time; readonly isFrozen: boolean },
): void {
  if (lines === 0) return;
  const pause = end - arrivals.last;
  const counted = isFrozen ? paneMs : Math.max(pause, paneMs);
  const keep = 0.5 ** (counted / rateHalfLife);
  arrivals.lines = arrivals.lines * keep + lines;
  arrivals.panes = arrivals.panes * keep + counted / paneMs;
  arrivals.longest = Math.max(arrivals.longest * 0.5 ** (counted / pauseHalfLife), counted);
  arrivals.last = end;
}

/**
 * Lines that a pane has lately held.
 *
 * @example
 * usualLines({ lines: 30, panes: 6 }) // => 5
 */
export const usualLines = ({ lines, panes }: Pick<Arrivals, 'lines' | 'panes'>): number =>
  panes === 0 ? 0 : lines / panes;

/** Lines that were to be expected since the last one. */
export const missingLines = (arrivals: Arrivals, end: Time): number =>
  (usualLines(arrivals) * (end - arrivals.last)) / paneMs;

/** Whether what has been known since `since` has fallen silent. */
export function isSilent(
  arrivals: Arrivals,
  at: { readonly end: Time; readonly since: Time },
  settings: SilenceSettings,
): boolean {
  const pause = at.end - arrivals.last;
  return (
    pause >= settings.atLeast &&
    pause >= settings.longestPauses * arrivals.longest &&
    at.end - at.since >= settings.knownFor &&
    missingLines(arrivals, at.end) >= settings.expectedLines
  );
}

export interface MeasuredArrivals {
  readonly service: { readonly speech: Arrivals };
  /** End of the pane. */
  readonly end: Time;
}

/** No line where so many were to be expected; the probability of that is Poisson's. */
export const silence: SignalKind<MeasuredArrivals> = {
  find({ service: { speech: arrivals }, end }) {
    const expected = missingLines(arrivals, end);
    const log10p = -expected * Math.LOG10E;
    return { window: end - arrivals.last, observed: 0, expected, ratio: expected, log10p, onset: arrivals.last };
  },
  /** Each missing line counts as an error. */
  scored: ({ service, end }) => ({
    observed: [0, missingLines(service.speech, end), 0, 0],
    expected: [0, 0, 0, 0],
  }),
  describe: ({ expected, onset }) => `no line since ${timeOfDay(onset)} where ${Math.round(expected)} are usual`,
};
