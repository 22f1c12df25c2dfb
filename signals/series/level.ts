/**
 * Where a series is and how far it usually strays from there: a running mean, and a running mean of distances. Errors
 * are cut at three deviations, so that an outlier moves both as little as an ordinary point.
 */
import { within } from './view.ts';

/** Level and mean distance from what was expected, in the view. */
export interface Level {
  at: number;
  spread: number;
}

/** Deviations at which errors are cut, and at which the band ends. */
export const outlier = 3;
/** The deviation of a normal distribution, by its mean distance. */
export const deviationOfSpread = 1.25;

/**
 * What is never believed to be far off: 2 % of the level, which is 1 % of its root, and in whole numbers what chance
 * alone makes of counts.
 *
 * @example
 * leastDeviation(10, false) // => 0.1
 * leastDeviation(0, true) // => 0.5
 */
export const leastDeviation = (expected: number, isWhole: boolean): number =>
  0.01 * Math.abs(expected) + (isWhole ? 0.5 : 0);

/**
 * The deviation by which a distance is judged: what was seen, what is never believed, and what is not known yet.
 *
 * @example
 * deviationOf(4, 0, 0) // => 5
 * deviationOf(0, 3, 4) // => 5
 */
export function deviationOf(spread: number, least: number, unknown: number): number {
  const seen = deviationOfSpread * spread;
  return Math.sqrt(seen * seen + least * least + unknown * unknown);
}

/** Takes in a point's error. `share` is what a new point counts; errors are cut at `most`. */
export function follow(
  level: Level,
  error: number,
  { share, most }: { readonly share: number; readonly most: number },
): void {
  level.at += share * within(error, most);
  level.spread += share * (Math.min(Math.abs(error), most) - level.spread);
}
