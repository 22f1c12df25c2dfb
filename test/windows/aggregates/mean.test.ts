import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean } from '../../../windows/aggregates/mean.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

const ms = (request: { readonly ms: number }) => request.ms;
const requests = [{ ms: 3 }, { ms: -1 }, { ms: 4 }];

test('laws, for whole numbers', () => obeysLaws(mean(ms), fc.record({ ms: fc.integer({ min: -1e9, max: 1e9 }) })));

test('it is the sum divided by the number, and undefined for none', () => {
  expect(mean(ms).result(fold(mean(ms), requests))).toBe(2);
  expect(mean(ms).result(mean(ms).create())).toBeUndefined();
});

test('a number that is not finite is refused and leaves the accumulator as it was', () => {
  const acc = mean(ms).add(mean(ms).create(), { ms: 5 }, 0);
  expect(() => mean(ms).add(acc, { ms: Number.NaN }, 0)).toThrow("VALUE_NOT_FINITE: aggregate 'mean' got NaN");
  expect(acc).toEqual({ sum: 5, count: 1 });
});
