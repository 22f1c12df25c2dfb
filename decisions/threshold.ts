/**
 * Whether a window of errors is an anomaly: improbable under the baseline, and big enough to matter. How improbable is
 * decided by a budget of false incidents a day, spread over the day's tests. Staying anomalous asks for less than
 * becoming so (hysteresis), so that an anomaly near the threshold is one anomaly.
 */
import { windowPanes } from '../signals/baseline.ts';
import { paneMs } from '../signals/panes.ts';
import type { DetectionSettings } from '../signals/settings.ts';
import type { WindowTest } from '../signals/window-test.ts';
import { days } from '../time/duration.ts';

/** Windows overlap: of neighbouring panes' tests about every third is independent, and two of three must agree. */
const independentPerTest = 1 / 12;
const stayLog10p = -3;
const stayRatio = 1.5;

/**
 * log10 of the probability below which a window is improbable enough.
 *
 * @example
 * thresholdOf({ falseIncidentsPerDay: 5, services: 100 }).toFixed(1) // => "-4.6"
 */
export function thresholdOf(budget: Pick<DetectionSettings, 'falseIncidentsPerDay' | 'services'>): number {
  const testsPerDay = (days(1) / paneMs) * windowPanes.length * budget.services * independentPerTest;
  return Math.log10(budget.falseIncidentsPerDay / testsPerDay);
}

/** Whether a window shows an anomaly of a service that was well. */
export function isAnomaly(
  { ratio, observed, expected, log10p }: WindowTest,
  threshold: number,
  settings: DetectionSettings,
): boolean {
  const { minimumRatio, minimumExcess } = settings;
  return log10p <= threshold && ratio >= minimumRatio && observed - expected >= minimumExcess;
}

/** Whether a window would show an anomaly without its worst moment, or that moment is bad enough to count alone. */
export function isLasting(test: WindowTest, threshold: number, settings: DetectionSettings): boolean {
  const { lasting, lastingLog10p, observed, expected, ratio } = test;
  if (observed - expected >= burstCounts * settings.minimumExcess) return isAnomaly(test, threshold, settings);
  const rest = { ...test, observed: lasting, ratio: (ratio * lasting) / observed, log10p: lastingLog10p };
  return isAnomaly(rest, threshold, settings);
}

/** A burst of so many times the minimum excess is no moment's mishap. */
const burstCounts = 10;

/** Whether a service that was anomalous still is. */
export const isStillAnomaly = ({ ratio, log10p }: WindowTest): boolean => log10p <= stayLog10p && ratio >= stayRatio;
