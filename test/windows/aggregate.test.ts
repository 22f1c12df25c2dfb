import { expect, test } from 'vitest';
import { finite } from '../../windows/aggregate.ts';

test('finite numbers pass, others are refused with the name of the aggregate and what was got', () => {
  expect([0, -1.5, Number.MAX_VALUE].map((n) => finite('sum', n))).toEqual([0, -1.5, Number.MAX_VALUE]);
  expect(() => finite('sum', Number.NEGATIVE_INFINITY)).toThrow("aggregate 'sum' got -Infinity");
  expect(() => finite('sum', Number.NaN)).toThrow('VALUE_NOT_FINITE');
});
