/**
 * The kind of signal `errors`: more errors than usual. The counts of 1, 5 and 15 minutes slide on with each pane; each
 * is tested against the prediction of the baseline, to which a burst that is usual at this time of day is added. The
 * onset is followed by a CUSUM. What is ordinary is learned two minutes later, when an anomaly would have shown.
 */
import { type Duration, minutes, seconds, type Time } from '../time/duration.ts';
import {
  type Baseline,
  emptyBaseline,
  expectedCounts,
  learn,
  learnDispersion,
  type PerWindow,
  predict,
  windowPanes,
} from './baseline.ts';
import { burstDispersion, type Habits, remember, usualBurst } from './habits.ts';
import type { NegativeBinomial } from './negative-binomial.ts';
import { cusum, type Onset } from './onset.ts';
import { type Counts, errorsOf, type Pane, paneMs } from './panes.ts';
import { endingAt, lastingErrors, type RecentPanes, slide } from './recent-panes.ts';
import type { DetectionSettings } from './settings.ts';
import { type Finding, type SignalKind, timeOfDay } from './signal-kind.ts';
import { test, type WindowTest } from './window-test.ts';

/** What is kept of a service's errors; stored as JSON. */
export interface ErrorRate {
  /** Start of its first pane, and end of its last. */
  readonly since: Time;
  through: Time;
  /** Windows hold no pane that ended at this time or before. */
  from: Time;
  /** Per window: lines, and lines by severity. */
  lines: PerWindow;
  counts: [Counts, Counts, Counts];
  baseline: Baseline;
  onset: Onset;
}

/** The many values of a service, kept entry by entry. */
export interface ErrorRateMemory {
  /** By place in the longest window. */
  readonly recent: RecentPanes;
  readonly habits: Habits;
}

/** A pane is learned this many panes after it was seen, when an anomaly would have shown. */
const learnAfter = 12;
/** An unexpected window is remembered as a habit from this improbability on. */
const burstLog10p = -4;
/** Expected errors a pane that onset and recovery are measured against are at least this many. */
export const leastExpectedErrors = 0.1;

/** A service that is first seen in the pane that begins at `start`. */
export const newErrorRate = (start: Time): ErrorRate => ({
  since: start,
  through: start,
  from: start,
  lines: [0, 0, 0],
  counts: [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ],
  baseline: emptyBaseline(),
  onset: { sum: 0, since: start },
});

/** Takes in the next pane; returns the tests of the windows that end with it. */
export function measureErrors(
  rate: ErrorRate,
  pane: Pane,
  { memory, settings }: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings },
): readonly WindowTest[] {
  const start = rate.through;
  rate.through = start + paneMs;
  slide(rate, pane, memory.recent);
  const tests = testErrors(rate, { memory, settings });
  const mean = usualErrorsOf(rate, pane.total, settings);
  cusum(rate.onset, { errors: errorsOf(pane.counts), expected: Math.max(leastExpectedErrors, mean), start });
  return tests;
}

/** Errors that so many lines usually hold, at the time of day of the last pane. */
export const usualErrorsOf = ({ baseline, through: end }: ErrorRate, lines: number, settings: DetectionSettings) =>
  predict(baseline, { lines, end, index: 0 }, settings).mean;

/** Tests the windows that end with the last pane, the shortest first. */
export const testErrors = (
  rate: ErrorRate,
  how: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings },
): readonly WindowTest[] => windowPanes.map((_, index) => testWindow(rate, index, how));

/** Errors of the last minute and how many were to be expected, also when the windows were emptied meanwhile. */
export function lastMinuteOf(
  rate: ErrorRate,
  { memory, settings }: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings },
): { readonly observed: number; readonly expected: number } {
  const { through } = rate;
  let observed = 0;
  let lines = 0;
  for (let i = 0; i < windowPanes[0]; i++) {
    const pane = endingAt(memory.recent, through - i * paneMs);
    if (pane === undefined) continue;
    observed += errorsOf(pane.counts);
    lines += pane.lines;
  }
  return { observed, expected: usualErrorsOf(rate, lines, settings) };
}

/**
 * Finds the onset once more when an anomaly begins to count, among the panes that are kept: the start from which its
 * own rate of errors, against the expected one, has the highest likelihood. The CUSUM looks for a small rise, and has
 * not yet forgotten a chance error before it.
 */
export function refineOnset(
  rate: ErrorRate,
  tests: readonly WindowTest[],
  { memory, settings }: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings },
): void {
  const { baseline, through, from, onset } = rate;
  const level = Math.max(...tests.map(({ observed, index }) => observed / windowPanes[index]!));
  let sum = 0;
  let highest = 0;
  for (let end = through; end > from && end > through - windowPanes[2] * paneMs; end -= paneMs) {
    const pane = endingAt(memory.recent, end);
    if (pane === undefined) return;
    const { mean } = predict(baseline, { lines: pane.lines, end, index: 0 }, settings);
    const expected = Math.max(leastExpectedErrors, mean);
    sum += errorsOf(pane.counts) * Math.log(level / expected) - (level - expected);
    if (sum <= highest) continue;
    highest = sum;
    onset.since = end - paneMs;
  }
}

function testWindow(
  rate: ErrorRate,
  index: number,
  { memory, settings }: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings },
): WindowTest {
  const { baseline, through: end, since } = rate;
  const observed = errorsOf(rate.counts[index]!);
  const predicted = predict(baseline, { lines: rate.lines[index]!, end, index }, settings);
  const whole = test(index, { observed, lasting: observed }, predicted);
  if (whole.log10p > burstLog10p) return whole;
  const lasting = lastingErrors(rate, index, memory.recent);
  const withoutBurst = test(index, { observed, lasting }, predicted);
  const burst = usualBurst(memory.habits, index, { end, since });
  remember(memory.habits, index, { end, errors: observed });
  return burst <= predicted.mean ? withoutBurst : test(index, { observed, lasting }, withBurst(predicted, burst));
}

/** The prediction at a time of day at which a burst is usual. */
const withBurst = ({ mean, size }: NegativeBinomial, burst: number): NegativeBinomial => ({
  mean: mean + burst,
  size: 1 / (1 / size + burstDispersion),
});

/** Learns the pane that an anomaly would have reached by now, and how far finished windows were off. */
export function learnErrors(
  rate: ErrorRate,
  tests: readonly WindowTest[],
  { memory, settings }: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings },
): void {
  const { baseline, through, from } = rate;
  const number = through / paneMs;
  const pane = endingAt(memory.recent, through - learnAfter * paneMs);
  if (pane === undefined || pane.end <= from) return;
  learn(baseline, pane, settings);
  for (const { index, observed, expected } of tests) {
    const isFull = through - from >= windowPanes[index]! * paneMs;
    if (!isFull || number % windowPanes[index]! !== 0) continue;
    learnDispersion(baseline, { errors: observed, mean: expected, index }, settings);
  }
}

/** Empties the windows: what belonged to an anomaly that is over would keep it alive in the long ones. */
export function emptyWindows(rate: ErrorRate): void {
  rate.from = rate.through;
  rate.lines = [0, 0, 0];
  for (const counts of rate.counts) counts.fill(0);
  rate.onset.sum = 0;
}

/** So many errors in a window that ends at `at`. */
export interface CountedErrors extends Pick<Finding, 'observed' | 'expected' | 'window'> {
  readonly at: Time;
}

/**
 * Errors in a window, as sentences give them when it is `said`. They name the window's end: a sentence may stand on a
 * screen for minutes, and must be true there.
 *
 * @example
 * errorsText({ observed: 25, expected: 0.333, window: 60_000, at: 120_000 }, 180_000)
 * // => '25 errors in the minute to 00:02:00 where 0.33 are usual'
 */
export function errorsText({ observed, expected, window, at }: CountedErrors, said: Time): string {
  const span = window === minutes(1) ? 'minute' : spanText(window);
  const usual = Math.round(expected * 100) / 100;
  return `${observed} error${observed === 1 ? '' : 's'} in the ${span} to ${timeOfDay(at, said)} where ${usual} are usual`;
}

const spanText = (window: Duration): string =>
  window % minutes(1) === 0 ? `${window / minutes(1)} minutes` : `${window / seconds(1)} seconds`;

export interface MeasuredErrors {
  readonly service: ErrorRate;
  readonly tests: readonly WindowTest[];
  /** Start of the pane. */
  readonly start: Time;
  /** What the windows held ended after this time, when they were tested. */
  readonly from: Time;
}

const mostImprobable = (tests: readonly WindowTest[]): WindowTest =>
  tests.reduce((a, b) => (b.log10p < a.log10p ? b : a));

/** More errors than usual, in the window in which that is least probable. */
export const errorRate: SignalKind<MeasuredErrors> = {
  find({ service: { onset }, tests, start, from }) {
    const { index, observed, expected, ratio, log10p } = mostImprobable(tests);
    // Of a window that was emptied, only what has filled it since.
    const window = Math.min(windowPanes[index]! * paneMs, Math.max(paneMs, start + paneMs - from));
    return { window, observed, expected, ratio, log10p, onset: onset.sum > 0 ? onset.since : start };
  },
  scored({ service: { baseline, counts, lines }, tests }) {
    const { index } = mostImprobable(tests);
    return { observed: counts[index]!, expected: expectedCounts(baseline, lines[index]!) };
  },
  describe(finding) {
    const { onset, end } = finding;
    return `${errorsText({ ...finding, at: end }, end)}, since ${timeOfDay(onset, end)}`;
  },
};
