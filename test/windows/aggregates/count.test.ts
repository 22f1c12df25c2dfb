import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../../windows/aggregates/count.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

test('laws', () => obeysLaws(count(), fc.anything()));

test('it counts values of any kind', () => {
  expect(count().result(fold(count(), [undefined, Number.NaN, 'a']))).toBe(3);
});

test('a small count is stored in one byte', () => {
  expect(count().codec.encode(63).length).toBe(1);
});
