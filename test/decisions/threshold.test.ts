import { describe, expect, test } from 'vitest';
import { isAnomaly, isStillAnomaly, thresholdOf } from '../../decisions/threshold.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { test as testWindow } from '../../signals/window-test.ts';

const { detection } = incidentDefaults;
const threshold = thresholdOf(detection);
const judge = (observed: number, mean: number) => testWindow(0, { observed, lasting: observed }, { mean, size: 50 });

describe('a window is an anomaly', () => {
  test('when it is improbable and big enough', () => {
    expect(isAnomaly(judge(30, 5), threshold, detection)).toBe(true);
  });

  test('not when it is improbable but a small rise', () => {
    const busy = testWindow(0, { observed: 1_500, lasting: 1_500 }, { mean: 1_000, size: 1e6 });
    expect(busy.log10p).toBeLessThan(-40);
    expect(isAnomaly(busy, threshold, detection)).toBe(false);
  });

  test('not when it is improbable but a handful', () => {
    const rare = testWindow(0, { observed: 3, lasting: 3 }, { mean: 0.001, size: 50 });
    expect(rare.log10p).toBeLessThan(threshold);
    expect(isAnomaly(rare, threshold, detection)).toBe(false);
  });

  test('not when chance can make it', () => {
    expect(isAnomaly(judge(12, 5), threshold, detection)).toBe(false);
  });

  test('for longer than it takes to become one', () => {
    const near = judge(16, 5);
    expect(isAnomaly(near, threshold, detection)).toBe(false);
    expect(isStillAnomaly(near)).toBe(true);
  });
});

test('a smaller budget of false incidents, or more services, asks for less probable windows', () => {
  expect(thresholdOf({ falseIncidentsPerDay: 1, services: 100 })).toBeLessThan(threshold);
  expect(thresholdOf({ falseIncidentsPerDay: 5, services: 1_000 })).toBeLessThan(threshold);
});

test('a ratio is taken to at least one expected error', () => {
  expect(judge(6, 0.01).ratio).toBe(6);
});
