import { expect, test } from 'vitest';
import { log10NormalTail } from '../../../signals/units/normal.ts';

// Values of tables of the normal distribution.
test.each([
  [1, 1.586552539e-1],
  [2, 2.275013195e-2],
  [3, 1.349898032e-3],
  [3.5, 2.32629079e-4],
  [5, 2.866515719e-7],
  [8, 6.220960574e-16],
  [12, 1.776482112e-33],
])('the tail from %d on is %d', (z, p) => {
  expect(log10NormalTail(z)).toBeCloseTo(Math.log10(p), 5);
});

test('far out it is finite where the probability itself is no double', () => {
  expect(log10NormalTail(100)).toBeCloseTo(-2_173.87, 2);
});

test('below one it is that of one', () => {
  expect(log10NormalTail(-4)).toBe(log10NormalTail(1));
});
