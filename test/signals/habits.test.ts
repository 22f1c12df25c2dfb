import { describe, expect, test } from 'vitest';
import { type Habit, remember, usualBurst } from '../../signals/habits.ts';
import { days, minutes } from '../../time/duration.ts';

const first = Date.UTC(2025, 2, 4);
const night = (day: number, minute = 30) => first + days(day) + minutes(2 * 60 + minute);

/** A week-long watch with bursts of 60 errors a minute on the given days. */
function burstsOn(...on: number[]) {
  const habits = new Map<number, Habit>();
  for (const day of on) remember(habits, 0, { end: night(day), errors: 60 });
  return (day: number, minute?: number) => usualBurst(habits, 0, { end: night(day, minute), since: first });
}

describe('a burst at a time of day', () => {
  test('is expected in full after a single day', () => {
    expect(burstsOn(0)(1)).toBe(60);
  });

  test('is not expected on the day on which it is first seen', () => {
    expect(burstsOn(0)(0)).toBe(0);
  });

  test('is expected a few minutes earlier or later too, and not at other times', () => {
    const usual = burstsOn(0);
    expect(usual(1, 26)).toBe(60);
    expect(usual(1, 34)).toBe(60);
    expect(usual(1, 50)).toBe(0);
  });

  test('of a single one among many days hardly counts', () => {
    expect(burstsOn(6)(7)).toBeLessThan(20);
  });

  test('of every day counts in full however long it is watched', () => {
    expect(burstsOn(0, 1, 2, 3, 4, 5, 6)(7)).toBeCloseTo(60);
  });

  test('that has stopped is forgotten within days', () => {
    expect(burstsOn(0, 1, 2)(3)).toBeCloseTo(60);
    expect(burstsOn(0, 1, 2)(12)).toBeLessThan(10);
  });

  test('is expected of a long window as long as the window holds it', () => {
    const habits = new Map<number, Habit>();
    remember(habits, 2, { end: night(0), errors: 150 });
    expect(usualBurst(habits, 2, { end: night(1, 44), since: first })).toBe(150);
  });
});
