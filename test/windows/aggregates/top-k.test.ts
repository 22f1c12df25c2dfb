import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TopEntry, topK } from '../../../windows/aggregates/top-k.ts';
import { fold, obeysLaws, stored } from '../../support/aggregate-laws.ts';

const self = (key: string) => key;

function tally(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Holds entries to the bound that is documented: never below the truth, above it by at most `error` ≤ N / limit. */
function expectWithinBound(entries: readonly TopEntry[], keys: readonly string[], limit: number): void {
  const truth = tally(keys);
  for (const { key, count, error } of entries) {
    const real = truth.get(key) ?? 0;
    expect(count).toBeGreaterThanOrEqual(real);
    expect(count - error).toBeLessThanOrEqual(real);
    expect(error).toBeLessThanOrEqual(keys.length / limit);
  }
  const kept = new Set(entries.map(({ key }) => key));
  for (const [key, real] of truth) if (real > keys.length / limit) expect(kept).toContain(key);
}

describe('while all keys fit', () => {
  test('laws', () => obeysLaws(topK(3, self), fc.string({ maxLength: 2 })));

  test('counts are exact, the most frequent first, equals by key', () => {
    const top = topK(3, self);
    expect(top.result(fold(top, ['b', 'c', 'a', 'c', 'd', 'a']))).toEqual([
      { key: 'a', count: 2, error: 0 },
      { key: 'c', count: 2, error: 0 },
      { key: 'b', count: 1, error: 0 },
    ]);
  });

  test('keys with names of object properties are ordinary keys', () => {
    const top = topK(1, self);
    expect(top.result(fold(top, ['__proto__', '__proto__', 'constructor']))[0]).toEqual({
      key: '__proto__',
      count: 2,
      error: 0,
    });
  });
});

describe('with more keys than the limit', () => {
  const keys = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.nat(40).map(String)), { maxLength: 300 });
  const limit = fc.integer({ min: 1, max: 12 });

  test('a new key takes the place and the count of the rarest', () => {
    const top = topK(2, self, { limit: 2 });
    expect(top.result(fold(top, ['a', 'a', 'b', 'c']))).toEqual([
      { key: 'a', count: 2, error: 0 },
      { key: 'c', count: 2, error: 1 },
    ]);
  });

  test('of equally rare keys the oldest leaves first', () => {
    const all = topK(3, self, { limit: 3 });
    expect([...fold(all, ['c', 'a', 'b', 'x', 'y']).counters.keys()]).toEqual(['b', 'x', 'y']);
  });

  test('counts stay within the stated bound', () => {
    fc.assert(
      fc.property(keys, limit, (values, n) => {
        const all = topK(n, self, { limit: n });
        expectWithinBound(all.result(fold(all, values)), values, n);
      }),
    );
  });

  test('merged counts stay within it, in either grouping', () => {
    fc.assert(
      fc.property(keys, keys, keys, limit, (x, y, z, n) => {
        const all = topK(n, self, { limit: n });
        const merge = all.merge!;
        const left = merge(merge(fold(all, x), fold(all, y)), fold(all, z));
        const right = merge(fold(all, x), merge(fold(all, y), fold(all, z)));
        for (const acc of [left, right]) {
          expectWithinBound(all.result(acc), [...x, ...y, ...z], n);
          expectWithinBound(all.result(fold(all, x, acc)), [...x, ...y, ...z, ...x], n);
        }
      }),
    );
  });

  test('a restart in the middle changes nothing, not even between equals', () => {
    fc.assert(
      fc.property(keys, keys, limit, (x, y, n) => {
        const all = topK(n, self, { limit: n });
        const straight = fold(all, [...x, ...y]);
        const restarted = fold(all, y, stored(all, fold(all, x)));
        expect([...all.codec.encode(restarted)]).toEqual([...all.codec.encode(straight)]);
      }),
    );
  });

  test('a smaller limit in newer code takes effect on stored counters', () => {
    const wide = topK(1, self, { limit: 10 });
    const narrow = topK(1, self, { limit: 2 });
    const acc = stored(narrow, fold(wide, ['a', 'b', 'c', 'd', 'a']));
    expect(narrow.add(acc, 'e', 0).counters.size).toBe(2);
  });
});

test('invalid options are refused', () => {
  expect(() => topK(0, self)).toThrow('OPTION_INVALID');
  expect(() => topK(10, self, { limit: 9 })).toThrow('limit of topK is 9; it must be a whole number from k, 10, on');
});
