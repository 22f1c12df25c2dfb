import fc from 'fast-check';
import { expect, test } from 'vitest';
import { min } from '../../../windows/aggregates/min.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

const ms = (request: { readonly ms: number }) => request.ms;
const requests = [{ ms: 3 }, { ms: -1 }, { ms: 4 }];

test('laws', () => obeysLaws(min(ms), fc.record({ ms: fc.double({ noNaN: true, noDefaultInfinity: true }) })));

test('it finds the smallest value, and undefined for none', () => {
  expect(min(ms).result(fold(min(ms), requests))).toBe(-1);
  expect(min(ms).result(min(ms).create())).toBeUndefined();
});

test('an infinity is refused, so that it can stand for no values', () => {
  expect(() => min(ms).add(0, { ms: Number.POSITIVE_INFINITY }, 0)).toThrow('VALUE_NOT_FINITE');
});
