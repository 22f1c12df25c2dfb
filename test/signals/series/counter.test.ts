import { describe, expect, test } from 'vitest';
import { increaseOf, newCounter } from '../../../signals/series/counter.ts';
import { minutes } from '../../../time/duration.ts';

/** Increases of values a minute apart, each with the start time that it says. */
function increases(values: readonly number[], starts: readonly (number | null)[] = []): (number | null)[] {
  const counter = newCounter();
  return values.map((value, i) => {
    const found = increaseOf(counter, { time: minutes(i + 1), value, start: starts[i] ?? null });
    return found === null ? null : found.by;
  });
}

describe('a counter', () => {
  test('that fell far began again at 0, also if its start time stays the same', () => {
    expect(increases([100, 160, 5, 65], [7, 7, 7, 7])).toEqual([null, 60, 5, 60]);
  });

  test('that slipped back by little adds nothing, and goes on from where it had been', () => {
    expect(increases([1_000_000, 999_999, 1_000_010])).toEqual([null, 0, 10]);
  });

  test('with a new start time began again, however high it is', () => {
    expect(increases([1, 1, 1, 1, 1, 9], [1, 2, 3, 4, 5, 6])).toEqual([null, 1, 1, 1, 1, 9]);
  });

  test('shows no increase when it is seen for the first time', () => {
    expect(increases([1_256, 1_276])).toEqual([null, 20]);
  });

  test('passes over what is late, negative or no number', () => {
    const counter = newCounter();
    increaseOf(counter, { time: 10, value: 50, start: null });
    for (const [time, value] of [
      [10, 60],
      [5, 60],
      [11, Number.NaN],
      [12, -3],
      [13, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(increaseOf(counter, { time, value, start: null })).toBeNull();
    }
    expect(increaseOf(counter, { time: 20, value: 51, start: null })).toEqual({ by: 1, over: 10, restarted: false });
  });

  test('read in turn from two replicas, one of which is behind, rises as one replica does', () => {
    const counter = newCounter();
    let [total, resets] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const isBehind = Math.floor(i / 100) % 2 === 1;
      const time = minutes(i) / 4;
      const found = increaseOf(counter, { time, value: 5_000 + 10 * (isBehind ? i - 3 : i), start: null });
      total += found?.by ?? 0;
      if (found !== null && found.by > 100) resets++;
    }
    expect(resets).toBe(0);
    expect(Math.abs(total - 3_990)).toBeLessThan(40);
  });
});
