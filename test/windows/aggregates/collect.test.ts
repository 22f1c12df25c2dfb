import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Codec, int, string } from '../../../codecs/codec.ts';
import { collect } from '../../../windows/aggregates/collect.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

test('laws, below and above the limit', () => {
  obeysLaws(collect(25, string), fc.string());
  obeysLaws(collect(1, int), fc.integer());
});

test('it keeps the first values in order and counts the rest', () => {
  const firstTwo = collect<string>(2);
  expect(firstTwo.result(fold(firstTwo, ['c', 'a', 'b', 'a']))).toEqual({ items: ['c', 'a'], omitted: 2 });
});

test('items stored by an older codec are upgraded', () => {
  const newer: Codec<number> = { ...int, version: 2, upgrade: (bytes) => int.decode(bytes) * 1_000 };
  const old = collect(2, int);
  expect(collect(2, newer).codec.decode(old.codec.encode(fold(old, [3, 4, 5])))).toEqual({
    items: [3_000, 4_000],
    omitted: 1,
  });
});

test('an invalid limit is refused', () => {
  for (const limit of [0, -1, 1.5, Number.POSITIVE_INFINITY]) expect(() => collect(limit)).toThrow('OPTION_INVALID');
});
