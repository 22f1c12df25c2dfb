import { describe, expect, test } from 'vitest';
import { log10UpperTail } from '../../signals/negative-binomial.ts';

describe('the tail of the negative binomial', () => {
  // Sums of the probability mass, computed exactly from its recurrence.
  const exact = (k: number, mean: number, size: number): number => {
    const p = mean / (mean + size);
    let mass = (1 - p) ** size;
    let below = 0;
    for (let i = 0; i < k; i++) {
      below += mass;
      mass *= ((size + i) / (i + 1)) * p;
    }
    let above = 0;
    for (let i = k; mass > 0 && i < k + 5_000; i++) {
      above += mass;
      mass *= ((size + i) / (i + 1)) * p;
    }
    return above < 0.5 ? above : 1 - below;
  };

  test.each([
    [1, 1, 1],
    [5, 0.1, 2],
    [12, 3, 0.5],
    [30, 10, 40],
    [200, 100, 7],
    [400, 50, 20],
  ])('P(X ≥ %i) at mean %d and size %d is the sum of its mass', (k, mean, size) => {
    expect(log10UpperTail(k, { mean, size })).toBeCloseTo(Math.log10(exact(k, mean, size)), 8);
  });

  test('a large size is the Poisson distribution: P(X ≥ 10 | 2) = 4.6498e-5', () => {
    expect(10 ** log10UpperTail(10, { mean: 2, size: 1e9 })).toBeCloseTo(4.6498e-5, 8);
  });

  test('tails far below the smallest double stay finite', () => {
    const log10p = log10UpperTail(5_000, { mean: 1, size: 1_000 });
    expect(log10p).toBeLessThan(-2_000);
    expect(Number.isFinite(log10p)).toBe(true);
  });

  test('it falls with the count and rises with mean and dispersion', () => {
    const at = (k: number, mean: number, size: number) => log10UpperTail(k, { mean, size });
    expect(at(11, 3, 2)).toBeLessThan(at(10, 3, 2));
    expect(at(10, 4, 2)).toBeGreaterThan(at(10, 3, 2));
    expect(at(10, 3, 1)).toBeGreaterThan(at(10, 3, 2));
  });

  test('nothing expected and nothing seen is certain, something seen is impossible', () => {
    expect(log10UpperTail(0, { mean: 0, size: 1 })).toBe(0);
    expect(log10UpperTail(1, { mean: 0, size: 1 })).toBe(Number.NEGATIVE_INFINITY);
  });
});
