/**
 * A small but lasting shift: the mean of the last ten distances, measured by what this mean usually is. A point two
 * deviations off is nothing, ten of them on one side are. Of a series whose neighbouring points are alike such runs are
 * usual, and so they count less.
 */
import { deviationOfSpread, outlier } from './level.ts';
import { within } from './view.ts';

/** The mean of the last distances, and its own mean distance from nothing. */
export interface Shift {
  mean: number;
  spread: number;
  points: number;
}

/** Nothing has shifted. */
export const newShift = (): Shift => ({ mean: 0, spread: 0, points: 0 });

const memory = 10;
/** A distance counts as at most this many deviations: one outlier is no shift. */
const most = 4;
/** What the mean of ten independent distances strays by at least, with room for what is not quite independent. */
const leastStray = 0.4;

/** Takes in a distance, and how much a new point counts; how far the series has shifted, in deviations of the mean. */
export function addDistance(shift: Shift, distance: number, share: number): number {
  shift.points++;
  shift.mean += Math.max(1 / memory, 1 / shift.points) * (within(distance, most) - shift.mean);
  const size = Math.abs(shift.mean);
  const deviation = Math.max(leastStray, deviationOfSpread * shift.spread);
  shift.spread += share * (Math.min(size, outlier * deviation) - shift.spread);
  return shift.points < memory ? 0 : size / deviation;
}
