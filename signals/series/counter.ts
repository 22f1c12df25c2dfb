/**
 * A counter rises until its process restarts. What is judged of it is the increase from point to point. A counter that
 * fell far began again at 0, and so did one with a new start time, however high it is. One that fell by little was read
 * from a replica that is behind, or corrected; that adds nothing. What was counted before the first point was not seen
 * to happen, unless the counter is new in a place that had been watched before.
 */
import type { Duration, Time } from '../../time/duration.ts';

/** What is kept of a counter. */
export interface Counter {
  /** The last point that was taken in; null before the first and after an end. */
  last: { time: Time; value: number; start: Time | null } | null;
}

/** A point of a counter. */
export interface CounterPoint {
  readonly time: Time;
  readonly value: number;
  /** When the process began to count, if that is said. */
  readonly start: Time | null;
}

/** How much a counter rose, and in which time. */
export interface Increase {
  readonly by: number;
  readonly over: Duration;
  /** It began again in this time; what it rose by before that is not known. */
  readonly restarted: boolean;
}

/** A counter of which nothing was seen. */
export const newCounter = (): Counter => ({ last: null });

/** A counter that fell to less than this part of what it was began again. */
const resetBelow = 0.5;

/**
 * How much a counter rose since the point before; null for the first point, and for one that is not newer, is negative
 * or not finite.
 *
 * @example
 * const counter = newCounter();
 * increaseOf(counter, { time: 0, value: 100, start: null }) // => null
 * increaseOf(counter, { time: 60, value: 160, start: null }) // => { by: 60, over: 60, restarted: false }
 * increaseOf(counter, { time: 120, value: 5, start: null }) // => { by: 5, over: 60, restarted: true }
 * increaseOf(counter, { time: 180, value: 4, start: null }) // => { by: 0, over: 60, restarted: false }
 */
export function increaseOf(counter: Counter, point: CounterPoint): Increase | null {
  const { last } = counter;
  const { time, value, start } = point;
  if (!Number.isFinite(value) || value < 0 || (last !== null && time <= last.time)) return null;
  if (last === null) {
    counter.last = { time, value, start };
    return null;
  }
  const over = time - last.time;
  const isNew = start !== null && last.start !== null && start > last.start;
  if (isNew || value < resetBelow * last.value) {
    counter.last = { time, value, start };
    return { by: value, over, restarted: true };
  }
  const by = Math.max(0, value - last.value);
  counter.last = { time, value: last.value + by, start: start ?? last.start };
  return { by, over, restarted: false };
}

/** Lets a counter rise from 0 at `time`: it is new in a place that had been watched, so all it counts is new. */
export function beginAtZero(counter: Counter, time: Time): void {
  counter.last = { time, value: 0, start: null };
}

/**
 * The increase in a usual step, so that a longer pause between two points is no surge. Steps that are nearly usual
 * count as usual: increases stay whole numbers.
 *
 * @example
 * perStep({ by: 30, over: 60_000, restarted: false }, 15_000) // => 7.5
 * perStep({ by: 30, over: 16_000, restarted: false }, 15_000) // => 30
 */
export function perStep({ by, over }: Increase, step: Duration): number {
  const isUsual = step === 0 || Math.abs(over - step) <= 0.2 * step;
  return isUsual ? by : (by * step) / over;
}
