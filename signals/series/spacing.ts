/**
 * When the points of a series come: the usual step between two, and how long the series has been watched. Gaps are
 * missing data and count as little: neither an hour without points nor a clock that was wrong makes a series older. A
 * point that is not newer than the one before is late, and nothing is learned of it. Where many late ones follow each
 * other in order, it was the newest time that was wrong, and they are the series.
 */
import { type Duration, hours, type Time } from '../../time/duration.ts';

/** What is known of the times of a series. */
export interface Spacing {
  /** Of the newest point. */
  last: Time;
  /** The usual time between two points; 0 before there were two. */
  step: Duration;
  /** Points that were on time. */
  points: number;
  /** Time that points have covered. */
  watched: Duration;
  /** Late points in a row, each newer than the one before, and the time of the last one. */
  lateRun: number;
  lateLast: Time;
}

/** Nothing is known. */
export const newSpacing = (): Spacing => ({
  last: Number.MIN_SAFE_INTEGER,
  step: 0,
  points: 0,
  watched: 0,
  lateRun: 0,
  lateLast: 0,
});

/** So many late points in order are the series. */
const believedRun = 12;
/** Steps that the mean is taken over. */
const memory = 20;
/** A longer time without a point is a gap. */
const longestStep = 3;

/** Takes in the time of a point. False for one that is late. */
export function arrives(spacing: Spacing, time: Time): boolean {
  const gap = time - spacing.last;
  if (gap <= 0) {
    spacing.lateRun = spacing.lateRun > 0 && time > spacing.lateLast ? spacing.lateRun + 1 : 1;
    spacing.lateLast = time;
    if (spacing.lateRun < believedRun) return false;
    spacing.last = time;
    spacing.lateRun = 0;
    return false;
  }
  spacing.lateRun = 0;
  if (spacing.points > 0) {
    const { step } = spacing;
    const shown = step === 0 ? Math.min(gap, hours(1)) : Math.min(gap, longestStep * step);
    spacing.step = step + (shown - step) / Math.min(spacing.points, memory);
    spacing.watched += shown;
  }
  spacing.last = time;
  spacing.points++;
  return true;
}
