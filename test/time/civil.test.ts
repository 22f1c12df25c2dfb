import { expect, test } from 'vitest';
import { dayMs, dayStart, yearOf } from '../../time/civil.ts';

test('every day of four centuries begins where Date says', () => {
  for (let at = Date.UTC(1799, 11, 31); at < Date.UTC(2200, 0, 2); at += dayMs) {
    const date = new Date(at);
    expect(dayStart(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(at);
    expect(yearOf(at)).toBe(date.getUTCFullYear());
  }
});

test.each([
  [2026, 2, 29],
  [1900, 2, 29],
  [2026, 13, 1],
  [2026, 0, 1],
  [2026, 4, 31],
  [Number.NaN, 1, 1],
])('%s-%s-%s is no day', (year, month, day) => {
  expect(dayStart(year, month, day)).toBeNaN();
});
