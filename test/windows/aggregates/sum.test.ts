import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sum } from '../../../windows/aggregates/sum.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

const ms = (request: { readonly ms: number }) => request.ms;
const requests = [{ ms: 3 }, { ms: -1 }, { ms: 4 }];

test('laws, for whole numbers', () => obeysLaws(sum(ms), fc.record({ ms: fc.integer({ min: -1e9, max: 1e9 }) })));

test('it adds values, and is 0 for none', () => {
  expect(sum(ms).result(fold(sum(ms), requests))).toBe(6);
  expect(sum(ms).result(sum(ms).create())).toBe(0);
});

test('a number that is not finite is refused by name', () => {
  expect(() => sum(ms).add(0, { ms: Number.NaN }, 0)).toThrow("VALUE_NOT_FINITE: aggregate 'sum' got NaN");
});
