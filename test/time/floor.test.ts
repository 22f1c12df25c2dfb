import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floorTo } from '../../time/floor.ts';

test('the millisecond before 1970 belongs to the minute before 1970', () => {
  expect(floorTo(-1, 60_000)).toBe(-60_000);
  expect(floorTo(0, 60_000)).toBe(0);
  expect(floorTo(-60_000, 60_000)).toBe(-60_000);
  expect(floorTo(-60_001, 60_000)).toBe(-120_000);
});

test('a time lies on its tick or less than a step above it, for all times dates can hold', () => {
  const time = fc.integer({ min: -8.64e15, max: 8.64e15 });
  const step = fc.integer({ min: 1, max: 86_400_000 });
  fc.assert(
    fc.property(time, step, fc.integer({ min: -1e9, max: 1e9 }), (t, size, offset) => {
      const tick = floorTo(t, size, offset);
      // −0 and 0 are the same tick.
      expect(Math.abs((tick - offset) % size)).toBe(0);
      expect(tick).toBeLessThanOrEqual(t);
      expect(tick + size).toBeGreaterThan(t);
    }),
  );
});
