import { describe, expect, test } from 'vitest';
import { incidentDefaults } from '../../incidents/settings.ts';
import {
  type Baseline,
  emptyBaseline,
  forgetMost,
  learn,
  learnDispersion,
  predict,
  rateOf,
} from '../../signals/baseline.ts';
import { log10UpperTail } from '../../signals/negative-binomial.ts';
import { morning } from '../support/incidents/panes-of.ts';

const { detection } = incidentDefaults;
const learned = (panes: number, errors: number, lines = 100) => {
  const baseline = emptyBaseline();
  for (let i = 1; i <= panes; i++) {
    learn(baseline, { lines, counts: [0, errors, 0, 0], end: morning + i * 10_000 }, detection);
  }
  return baseline;
};
const at = { lines: 600, end: morning, index: 0 };

describe('a baseline', () => {
  test('expects errors in proportion to lines', () => {
    const baseline = learned(360, 1);
    expect(predict(baseline, at, detection).mean).toBeCloseTo(6, 1);
    expect(predict(baseline, { ...at, lines: 1_800 }, detection).mean).toBeCloseTo(18, 0);
  });

  test('that knows little predicts widely: the same errors are no surprise yet', () => {
    const log10p = (panes: number) => log10UpperTail(20, predict(learned(panes, 1), at, detection));
    expect(log10p(1)).toBeGreaterThan(-1.5);
    expect(log10p(360)).toBeLessThan(-2);
  });

  test('nothing known is the prior', () => {
    expect(rateOf(emptyBaseline(), detection)).toBeCloseTo(detection.priorErrorShare, 3);
  });

  test('forgets half within its half-life', () => {
    const baseline = learned(8_640, 1);
    const before = baseline.errors;
    for (let i = 0; i < 8_640; i++) learn(baseline, { lines: 100, counts: [0, 0, 0, 0], end: morning }, detection);
    expect(baseline.errors / before).toBeCloseTo(0.5, 2);
  });

  test('restless windows widen the prediction, steady ones narrow it', () => {
    const [restless, steady] = [learned(360, 1), learned(360, 1)];
    for (let i = 0; i < 200; i++) {
      learnDispersion(restless, { errors: i % 2 === 0 ? 0 : 12, mean: 6, index: 0 }, detection);
      learnDispersion(steady, { errors: i % 2 === 0 ? 4 : 8, mean: 6, index: 0 }, detection);
    }
    const size = (baseline: Baseline) => predict(baseline, at, detection).size;
    expect(size(restless)).toBeLessThan(size(learned(360, 1)));
    expect(size(steady)).toBeGreaterThan(size(learned(360, 1)));
  });

  test('an hour of the day with more errors is expected to have more, and others are not', () => {
    const baseline = learned(3 * 8_640, 0);
    for (let day = 0; day < 3; day++) {
      for (let i = 0; i < 360; i++) {
        const end = Date.UTC(2025, 2, 7 + day, 2, 0, 10) + i * 10_000;
        learn(baseline, { lines: 100, counts: [0, 3, 0, 0], end }, detection);
      }
    }
    const mean = (hour: number, minute = 30) =>
      predict(baseline, { ...at, end: Date.UTC(2025, 2, 10, hour, minute) }, detection).mean;
    expect(mean(2)).toBeGreaterThan(3.5 * mean(15));
    // It does not leap at full hours.
    expect(mean(3, 0)).toBeCloseTo((mean(2) + mean(3)) / 2, 5);
    expect(mean(2, 0)).toBeCloseTo((mean(1) + mean(2)) / 2, 5);
  });

  test('that forgets most of its past learns another normal within an hour', () => {
    const baseline = learned(8_640, 1);
    forgetMost(baseline);
    for (let i = 0; i < 360; i++) learn(baseline, { lines: 100, counts: [0, 9, 0, 0], end: morning }, detection);
    expect(rateOf(baseline, detection)).toBeGreaterThan(0.06);
  });
});
