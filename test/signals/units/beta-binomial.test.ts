import { describe, expect, test } from 'vitest';
import { type BetaBinomial, log10AtLeast, log10AtMost } from '../../../signals/units/beta-binomial.ts';

/** Its mass as a product of plain fractions, which no gamma function is needed for. */
function mass(x: number, { n, a, b }: BetaBinomial): number {
  let product = 1;
  for (let i = 0; i < x; i++) product *= ((n - i) * (a + i)) / ((i + 1) * (a + b + i));
  for (let i = 0; i < n - x; i++) product *= (b + i) / (a + b + x + i);
  return product;
}
const sumOf = (from: number, to: number, of: BetaBinomial): number => {
  let sum = 0;
  for (let x = from; x <= to; x++) sum += mass(x, of);
  return sum;
};

const evidence: readonly BetaBinomial[] = [
  { n: 1, a: 0.5, b: 0.5 },
  { n: 7, a: 100.5, b: 0.5 },
  { n: 12, a: 0.5, b: 100.5 },
  { n: 30, a: 4.25, b: 6.75 },
  { n: 200, a: 3.5, b: 40.5 },
];

describe('the tails of the beta-binomial', () => {
  test.each(evidence)('are the sums of its mass, n $n, a $a, b $b', (of) => {
    expect(sumOf(0, of.n, of)).toBeCloseTo(1, 9);
    for (let x = 0; x <= of.n; x++) {
      expect(log10AtLeast(x, of)).toBeCloseTo(Math.log10(sumOf(x, of.n, of)), 6);
      expect(log10AtMost(x, of)).toBeCloseTo(Math.log10(sumOf(0, x, of)), 6);
    }
  });

  test.each(evidence)('at x or more, and below x, make one, n $n, a $a, b $b', (of) => {
    for (let x = 1; x <= of.n; x++) expect(10 ** log10AtLeast(x, of) + 10 ** log10AtMost(x - 1, of)).toBeCloseTo(1, 7);
  });

  test('stay finite far below the smallest double, and are never above one', () => {
    const far = log10AtLeast(2_000, { n: 2_000, a: 0.5, b: 100_000 });
    expect(far).toBeLessThan(-1_000);
    expect(Number.isFinite(far)).toBe(true);
    expect(log10AtLeast(1, { n: 5_000, a: 4_000, b: 0.5 })).toBe(0);
    expect(log10AtMost(5_001, { n: 5_000, a: 1, b: 1 })).toBe(0);
  });

  test('say more with more evidence', () => {
    // Nine of nine lack what all of so many had.
    const [ten, hundred] = [10, 100].map((a) => log10AtMost(0, { n: 9, a: a + 0.5, b: 0.5 }));
    expect(hundred).toBeLessThan(ten! - 3);
  });
});
