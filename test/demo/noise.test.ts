import { describe, expect, test } from 'vitest';
import { Drift, Pulses } from '../../demo/noise.ts';
import { Random } from '../../demo/random.ts';
import { minute } from '../support/demo-lines.ts';

const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;

/** The correlation of the logarithms of neighbours `lag` places apart. */
function correlation(list: readonly number[], lag: number): number {
  const logs = list.map(Math.log);
  const m = mean(logs);
  const products = logs.slice(lag).map((x, i) => (x - m) * (logs[i]! - m));
  return mean(products) / mean(logs.map((x) => (x - m) ** 2));
}

const drifts = (sigma: number, memory: number, { step, n = 60_000 }: { step: number; n?: number }) => {
  const drift = new Drift(new Random(1, `drift ${step}`), { sigma, memory });
  return Array.from({ length: n }, () => drift.advance(step));
};

describe('Drift', () => {
  test('has mean 1 and remembers: after its memory the correlation is 37 %', () => {
    const list = drifts(0.4, 60_000, { step: 10_000 });
    expect(Math.abs(mean(list) - 1)).toBeLessThan(0.03);
    expect(Math.abs(correlation(list, 1) - Math.exp(-1 / 6))).toBeLessThan(0.03);
    expect(Math.abs(correlation(list, 6) - Math.exp(-1))).toBeLessThan(0.06);
  });

  test('is the same process in steps of any length', () => {
    const [fine, coarse] = [drifts(0.4, 60_000, { step: 1_000 }), drifts(0.4, 60_000, { step: 10_000 })];
    const spread = (list: readonly number[]) => Math.sqrt(mean(list.map((x) => Math.log(x) ** 2)));
    expect(Math.abs(spread(fine) / spread(coarse) - 1)).toBeLessThan(0.08);
    expect(Math.abs(correlation(fine, 10) - correlation(coarse, 1))).toBeLessThan(0.05);
  });
});

describe('Pulses', () => {
  const law = { every: minute, height: [1, 1], decay: [5_000, 5_000] } as const;

  test('add height times decay for each, however it is cut', () => {
    const sum = (step: number, n: number) => {
      const pulses = new Pulses(new Random(2, 'pulses'), law);
      return mean(Array.from({ length: n }, () => pulses.advance(step)));
    };
    // 5 s of height 1 in every 60 s.
    expect(Math.abs(sum(1_000, 200_000) - 5 / 60)).toBeLessThan(0.006);
    expect(Math.abs(sum(1_000, 20_000) - sum(10_000, 2_000))).toBeLessThan(0.001);
  });

  test('begin at random moments and die away', () => {
    const pulses = new Pulses(new Random(3, 'phases'), law);
    const levels = Array.from({ length: 60_000 }, () => pulses.advance(100));
    const starts = levels.flatMap((level, i) => (level > (levels[i - 1] ?? 0) + 0.2 ? [i % 100] : []));
    expect(starts.length).toBeGreaterThan(60);
    expect(new Set(starts.map((phase) => Math.floor(phase / 10))).size).toBe(10);
  });
});
