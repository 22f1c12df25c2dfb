/** Panes are kept at the places of a ring: what was left at a place by a former life of the service counts nowhere. */
import { expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import { windowPanes } from '../../signals/baseline.ts';
import {
  type ErrorRateMemory,
  lastMinuteOf,
  learnErrors,
  measureErrors,
  newErrorRate,
  refineOnset,
} from '../../signals/error-rate.ts';
import { paneMs } from '../../signals/panes.ts';
import type { RecentPane } from '../../signals/recent-panes.ts';
import { days } from '../../time/duration.ts';
import { morning, pane } from '../support/incidents/panes-of.ts';

const settings = incidentDefaults.detection;

/** A service seen for the first time, in a memory whose places are all taken by panes of the day before. */
function reborn() {
  const recent = new Map<number, RecentPane>();
  const places = windowPanes[2];
  for (let n = 1; n <= places; n++) {
    const end = morning + n * paneMs - days(1);
    recent.set((end / paneMs) % places, { end, lines: 100, counts: [0, 50, 0, 0] });
  }
  const memory: ErrorRateMemory = { recent, habits: new Map() };
  return { rate: newErrorRate(morning), how: { memory, settings } };
}

test('the places of the day before are those of today', () => {
  expect((days(1) / paneMs) % windowPanes[2]).toBe(0);
});

test('windows, last minute and baseline hold the panes of this life only', () => {
  const { rate, how } = reborn();
  for (let n = 1; n <= 100; n++) {
    const tests = measureErrors(rate, pane(10, 1), how);
    expect(tests.map(({ observed }) => observed)).toEqual(windowPanes.map((panes) => Math.min(n, panes)));
    expect(lastMinuteOf(rate, how).observed).toBe(Math.min(n, windowPanes[0]));
    learnErrors(rate, tests, how);
    expect(rate.baseline.panes).toBe(Math.max(0, n - 12));
  }
});

test('an anomaly began no earlier than this life', () => {
  const { rate, how } = reborn();
  // Even if its windows were said to reach further back than what is kept of it.
  rate.from = morning - paneMs * 50;
  let tests = measureErrors(rate, pane(10, 9), how);
  for (let n = 0; n < 5; n++) tests = measureErrors(rate, pane(10, 9), how);
  refineOnset(rate, tests, how);
  expect(rate.onset.since).toBeGreaterThanOrEqual(morning);
});
