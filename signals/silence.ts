/**
 * The kind of signal `silent`: a service writes no lines any more. The lines expected since its last one are too many,
 * and the pause is far longer than any it has made before. The recent rate of lines gives the first; the longest pause,
 * which is forgotten over days, gives the second; both count only when lines have come for long enough, the pause
 * itself not counted. A job that runs once a day has long pauses and is never called silent. The same rule finds
 * templates that are missing.
 */
import { type Duration, hours, minutes, type Time } from '../time/duration.ts';
import { paneMs } from './panes.ts';
import type { SilenceSettings } from './settings.ts';
import { type SignalKind, timeOfDay } from './signal-kind.ts';
import { leastLog10p } from './window-test.ts';

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
    arrivals.last - at.since >= settings.knownFor &&
    missingLines(arrivals, at.end) >= settings.expectedLines
  );
}

/**
 * A rate of lines a pane, as sentences give it.
 *
 * @example
 * rateText(8) // => 'about 48 a minute are'
 * rateText(0.05) // => 'about one in 3 minutes is'
 */
export function rateText(usual: number): string {
  const perMinute = (usual * minutes(1)) / paneMs;
  if (perMinute >= 1) return `about ${Math.round(perMinute)} a minute are`;
  return `about one in ${Math.round(1 / perMinute)} minutes is`;
}

export interface MeasuredArrivals {
  readonly service: { readonly speech: Arrivals; readonly lastLine?: Time };
  /** End of the pane. */
  readonly end: Time;
}

/** No line where so many were to be expected; the probability of that is Poisson's. */
export const silence: SignalKind<MeasuredArrivals> = {
  find({ service: { speech: arrivals, lastLine }, end }) {
    const expected = missingLines(arrivals, end);
    const log10p = Math.max(leastLog10p, -expected * Math.LOG10E);
    const onset = lastLine ?? arrivals.last;
    return { window: end - onset, observed: 0, expected, ratio: expected, log10p, onset };
  },
  /** Each missing line counts as an error. */
  scored: ({ service, end }) => ({
    observed: [0, missingLines(service.speech, end), 0, 0],
    expected: [0, 0, 0, 0],
  }),
  describe: ({ onset, usual, end }) => `no line since ${timeOfDay(onset, end)} where ${rateText(usual)} usual`,
};
