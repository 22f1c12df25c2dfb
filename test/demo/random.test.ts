import { describe, expect, test } from 'vitest';
import { Random } from '../../demo/random.ts';

const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
const variance = (list: readonly number[]) => mean(list.map((x) => x * x)) - mean(list) ** 2;
const draws = (n: number, draw: () => number) => Array.from({ length: n }, draw);

describe('Random', () => {
  test('equal seeds and purposes give equal streams, others do not', () => {
    const first = (seed: number, purpose: string) => draws(4, () => 0).map(() => new Random(seed, purpose).hex(32))[0];
    expect(first(1, 'a')).toBe(first(1, 'a'));
    expect(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b'), first(2 ** 40 + 1, 'a')]).size).toBe(4);
  });

  test('the stream is pinned, so that a seed means the same in every version', () => {
    const random = new Random(42, 'pinned');
    expect([random.next(), random.next(), random.next()]).toEqual([697_080_432, 1_969_972_124, 3_017_726_474]);
  });

  test('floats are uniform on [0, 1)', () => {
    const random = new Random(1, 'floats');
    const list = draws(20_000, () => random.float());
    expect(Math.min(...list)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...list)).toBeLessThan(1);
    expect(mean(list)).toBeCloseTo(0.5, 1);
    expect(variance(list)).toBeCloseTo(1 / 12, 2);
  });

  test('an even logarithm is as often between 1 and 10 as between 10 and 100', () => {
    const random = new Random(2, 'logarithms');
    const list = draws(20_000, () => random.logBetween(1, 100));
    expect(Math.min(...list)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...list)).toBeLessThan(100);
    expect(Math.abs(list.filter((x) => x < 10).length / list.length - 0.5)).toBeLessThan(0.02);
  });

  test('Poisson has mean equal to variance, for small means and large', () => {
    const random = new Random(3, 'poisson');
    for (const expected of [0.3, 8, 400]) {
      const list = draws(20_000, () => random.poisson(expected));
      expect(Math.abs(mean(list) / expected - 1)).toBeLessThan(0.05);
      expect(Math.abs(variance(list) / expected - 1)).toBeLessThan(0.08);
    }
    expect(random.poisson(0)).toBe(0);
  });

  test('a shuffle keeps every element and leaves the list alone', () => {
    const list = [1, 2, 3, 4, 5];
    expect(new Random(4, 'shuffle').shuffled(list).sort()).toEqual(list);
    expect(list).toEqual([1, 2, 3, 4, 5]);
  });

  test('hexadecimal ids have the length asked for', () => {
    expect(new Random(5, 'hex').hex(32)).toMatch(/^[0-9a-f]{32}$/);
  });
});
