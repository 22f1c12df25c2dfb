import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../../testing/random.ts';
import { type QuantileAcc, quantile } from '../../../windows/aggregates/quantile.ts';
import { fold, obeysLaws, stored } from '../../support/aggregate-laws.ts';

const all = quantile([0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1]);
const asked = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1];

function take(n: number, shape: (u: number) => number, seed = 1): number[] {
  const random = mulberry32(seed);
  return Array.from({ length: n }, () => shape(random()));
}

/** The share of numbers below, as an interval where numbers are equal. */
function rankError(sorted: readonly number[], estimate: number, q: number): number {
  let below = 0;
  let upTo = 0;
  for (const number of sorted) {
    if (number < estimate) below++;
    if (number <= estimate) upTo++;
  }
  return Math.max(0, below / sorted.length - q, q - upTo / sorted.length);
}

function worstRankErrors(acc: QuantileAcc, numbers: readonly number[]): readonly number[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  return all.result(acc)!.map((estimate, i) => rankError(sorted, estimate, asked[i]!));
}

describe('a few numbers', () => {
  test('laws', () => obeysLaws(all, fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })));

  test('the median of few is exact, interpolated between neighbours', () => {
    const median = quantile([0.5]);
    expect(median.result(fold(median, [5, 1, 3]))).toEqual([3]);
    expect(median.result(fold(median, [4, 1, 3, 2]))).toEqual([2.5]);
  });

  test('0 and 1 are the smallest and the largest', () => {
    const ends = quantile([1, 0]);
    expect(ends.result(fold(ends, [5, -1, 3]))).toEqual([5, -1]);
  });

  test('for no numbers they are undefined', () => {
    expect(all.result(all.create())).toBeUndefined();
  });
});

describe('many numbers', () => {
  const shapes: Readonly<Record<string, (u: number) => number>> = {
    uniform: (u) => u,
    'long tail': (u) => (-Math.log(1 - u)) ** 3,
    'few distinct': (u) => Math.floor(u * 7),
    'far outliers': (u) => (u > 0.999 ? 1e9 * u : u),
  };

  test.each(Object.keys(shapes))('%s: ranks are right within 1 % in the middle, 0.2 % near the ends', (name) => {
    const numbers = take(50_000, shapes[name]!);
    const errors = worstRankErrors(fold(all, numbers), numbers);
    for (const [i, error] of errors.entries())
      expect(error).toBeLessThan(asked[i]! > 0.05 && asked[i]! < 0.95 ? 0.01 : 0.002);
  });

  test('ascending and descending input, the hardest orders, stay as right and as small', () => {
    const up = take(50_000, (u) => u).sort((a, b) => a - b);
    for (const numbers of [up, up.toReversed()]) {
      const acc = fold(all, numbers);
      expect(Math.max(...worstRankErrors(acc, numbers))).toBeLessThan(0.01);
      expect(all.codec.encode(acc).length).toBeLessThan(20_000);
    }
  });

  test('panes merged are about as right as one fold', () => {
    const parts = [1, 2, 3, 4, 5, 6].map((seed) => take(5_000, (u) => u * seed, seed));
    const merged = parts.map((part) => fold(all, part)).reduce((a, b) => all.merge!(a, b), all.create());
    expect(Math.max(...worstRankErrors(merged, parts.flat()))).toBeLessThan(0.01);
  });

  test('merging leaves the second digest as it was', () => {
    const pane = fold(
      all,
      take(3_000, (u) => u),
    );
    const before = [...all.codec.encode(pane)];
    const merged = all.merge!(
      fold(
        all,
        take(700, (u) => u, 2),
      ),
      pane,
    );
    fold(
      all,
      take(3_000, (u) => -u, 3),
      merged,
    );
    fold(
      all,
      take(3_000, (u) => -u, 3),
      all.merge!(all.create(), pane),
    );
    expect([...all.codec.encode(pane)]).toEqual(before);
  });

  test('a restart anywhere changes no bit of what follows', () => {
    const numbers = take(12_000, (u) => u ** 4 - u);
    const straight = all.codec.encode(fold(all, numbers));
    for (const at of [1, 256, 257, 258, 3_000, 7_777]) {
      const restarted = fold(all, numbers.slice(at), stored(all, fold(all, numbers.slice(0, at))));
      expect(Buffer.compare(all.codec.encode(restarted), straight)).toBe(0);
    }
  });

  test('asking for a result changes nothing', () => {
    const acc = fold(
      all,
      take(1_000, (u) => u),
    );
    const before = [...all.codec.encode(acc)];
    all.result(acc);
    expect([...all.codec.encode(acc)]).toEqual(before);
  });
});

test('NaN, and quantiles outside 0 to 1, are refused', () => {
  expect(() => all.add(all.create(), Number.NaN, 0)).toThrow('VALUE_NOT_FINITE');
  for (const q of [-0.1, 1.1, Number.NaN]) expect(() => quantile([q])).toThrow('OPTION_INVALID');
});
