/**
 * Bursts that belong to a time of day: the batch job that logs its errors every night. Per five minutes of the day the
 * peak of each day's burst is remembered, and what is expected is the mean of those peaks over the days watched, the
 * recent ones weighing more. After a single day one burst counts in full; a burst seen on one of many days hardly
 * counts, so that yesterday's incident does not excuse today's. Bursts are remembered even while a baseline is frozen.
 */
import { days, minutes, type Time } from '../time/duration.ts';
import { type PerWindow, windowPanes } from './baseline.ts';
import type { Entries } from './entries.ts';
import { paneMs } from './panes.ts';

/** The bursts of one interval of the day. */
export interface Habit {
  /** The day of `today`, counted from 1970. */
  day: number;
  /** The highest count of the day so far, per window; 0 where there was no burst. */
  today: PerWindow;
  /** Decayed sum of the peaks of earlier days. */
  past: PerWindow;
}

/** Bursts by interval of the day. */
export type Habits = Entries<number, Habit>;

const intervalMs = minutes(5);
const intervals = days(1) / intervalMs;
/** Weight of a day relative to the one after it. */
const decay = 0.8;

/** Squared coefficient of variation of a burst around its usual peak. */
export const burstDispersion = 0.1;

/** Remembers a window that ended at `end` with a burst of `errors` errors. */
export function remember(habits: Habits, index: number, burst: { readonly end: Time; readonly errors: number }): void {
  const day = dayOf(burst.end);
  const interval = intervalOf(burst.end);
  const habit = habits.get(interval) ?? { day, today: [0, 0, 0], past: [0, 0, 0] };
  for (; habit.day < day; habit.day++) {
    for (let i = 0; i < windowPanes.length; i++) habit.past[i] = habit.past[i]! * decay + habit.today[i]!;
    habit.today = [0, 0, 0];
  }
  habit.today[index] = Math.max(habit.today[index]!, burst.errors);
  habits.set(interval, habit);
}

/** Errors that a burst usual at this time of day would bring, as the mean of the days since `since`. */
export function usualBurst(habits: Habits, index: number, at: { readonly end: Time; readonly since: Time }): number {
  const { end, since } = at;
  const watched = Math.floor((end - since) / days(1));
  if (watched < 1) return 0;
  const weight = (1 - decay ** watched) / (1 - decay);
  // The window reaches back over intervals in which the burst may have been, and today's may come a interval earlier.
  const back = Math.ceil((windowPanes[index]! * paneMs) / intervalMs);
  let most = 0;
  for (let near = -back; near <= 1; near++) {
    const when = end + near * intervalMs;
    const habit = habits.get(intervalOf(when));
    if (habit !== undefined) most = Math.max(most, earlier(habit, index, dayOf(when)) / weight);
  }
  return most;
}

/** The decayed sum of peaks before `day`. */
function earlier(habit: Habit, index: number, day: number): number {
  const passed = day - habit.day;
  if (passed <= 0) return habit.past[index]!;
  return (habit.past[index]! * decay + habit.today[index]!) * decay ** (passed - 1);
}

const dayOf = (end: Time): number => Math.floor((end - 1) / days(1));
const intervalOf = (end: Time): number => ((Math.floor((end - 1) / intervalMs) % intervals) + intervals) % intervals;
