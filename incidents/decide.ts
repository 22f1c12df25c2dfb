/**
 * Whether a window of errors is an anomaly: improbable under the baseline, and big enough to matter. How improbable is
 * decided by a budget of false incidents a day, spread over the day's tests. Staying anomalous asks for less than
 * becoming so (hysteresis), so that an anomaly near the threshold is one anomaly.
 */
import { days } from '../time/duration.ts';
import { windowPanes } from './baseline.ts';
import { log10UpperTail, type NegativeBinomial } from './negative-binomial.ts';
import { paneMs } from './panes.ts';
import type { DetectionSettings } from './settings.ts';

/** What a test of one window found. */
export interface Test {
  /** Number of the window in `windowPanes`. */
  readonly index: number;
  readonly observed: number;
  readonly expected: number;
  /** Observed over expected, which counts as at least one. */
  readonly ratio: number;
  /** log10 of the probability of so many errors or more. */
  readonly log10p: number;
}

/** A window of less than this many expected errors is compared with this many. */
const leastExpected = 1;
/** Windows overlap: of neighbouring panes' tests only about every third is news, and two of three must agree. */
const newsPerTest = 1 / 12;
/** Stands for everything still less probable. */
const leastLog10p = -300;
const stayLog10p = -3;
const stayRatio = 1.5;

/** Tests a window of `observed` errors against its prediction. */
export function test(index: number, observed: number, predicted: NegativeBinomial): Test {
  const expected = predicted.mean;
  const ratio = observed / Math.max(leastExpected, expected);
  const log10p = observed <= expected ? 0 : Math.max(leastLog10p, log10UpperTail(observed, predicted));
  return { index, observed, expected, ratio, log10p };
}

/**
 * log10 of the probability below which a window is improbable enough.
 *
 * @example
 * thresholdOf({ falseIncidentsPerDay: 5, services: 100 }).toFixed(1) // => "-4.6"
 */
export function thresholdOf(budget: Pick<DetectionSettings, 'falseIncidentsPerDay' | 'services'>): number {
  const testsPerDay = (days(1) / paneMs) * windowPanes.length * budget.services * newsPerTest;
  return Math.log10(budget.falseIncidentsPerDay / testsPerDay);
}

/** Whether a calm service shows an anomaly. */
export function isAnomaly({ ratio, observed, expected, log10p }: Test, threshold: number, settings: DetectionSettings) {
  const { minimumRatio, minimumExcess } = settings;
  return log10p <= threshold && ratio >= minimumRatio && observed - expected >= minimumExcess;
}

/** Whether a service that was anomalous still is. */
export const isStillAnomaly = ({ ratio, log10p }: Test): boolean => log10p <= stayLog10p && ratio >= stayRatio;
