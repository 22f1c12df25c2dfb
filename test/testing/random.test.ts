import { expect, test } from 'vitest';
import { mulberry32 } from '../../testing/random.ts';

test('a seed gives the same numbers each time, spread over [0, 1)', () => {
  const [one, same, other] = [mulberry32(1), mulberry32(1), mulberry32(2)];
  const numbers = Array.from({ length: 10_000 }, one);
  expect(Array.from({ length: 10_000 }, same)).toEqual(numbers);
  expect(Array.from({ length: 10_000 }, other)).not.toEqual(numbers);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(numbers.reduce((sum, n) => sum + n) / 10_000).toBeCloseTo(0.5, 1);
});
