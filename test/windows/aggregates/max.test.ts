import fc from 'fast-check';
import { expect, test } from 'vitest';
import { max } from '../../../windows/aggregates/max.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

const ms = (request: { readonly ms: number }) => request.ms;
const requests = [{ ms: 3 }, { ms: -1 }, { ms: 4 }];

test('laws', () => obeysLaws(max(ms), fc.record({ ms: fc.double({ noNaN: true, noDefaultInfinity: true }) })));

test('it finds the largest value, and undefined for none', () => {
  expect(max(ms).result(fold(max(ms), requests))).toBe(4);
  expect(max(ms).result(max(ms).create())).toBeUndefined();
});

test('an infinity is refused, so that it can stand for no values', () => {
  expect(() => max(ms).add(0, { ms: Number.POSITIVE_INFINITY }, 0)).toThrow('VALUE_NOT_FINITE');
});
