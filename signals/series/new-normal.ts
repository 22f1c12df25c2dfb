/**
 * What a series does while it is far from its level. Nothing is learned of that, lest an outage become the level within
 * the hour. Instead a candidate is followed: where the series is now. If it stays long enough, that is the new normal.
 */
import { type Duration, hours } from '../../time/duration.ts';
import { deviationOfSpread } from './level.ts';

/** Where a series has gone: mean and mean distance beside its old level, over points in a row. */
export interface Candidate {
  at: number;
  spread: number;
  points: number;
}

/** The series is where it was. */
export const newCandidate = (): Candidate => ({ at: 0, spread: 0, points: 0 });

const leastPoints = 48;
const leastTime: Duration = hours(6);
/** Points after which a series that had been constant has a new level. */
const afterConstant = 30;
/** Points that the candidate's mean is taken over. */
const memory = 30;
/** A candidate is settled if it scatters by less than this part of the way that the series went. */
const settledPart = 0.2;

/** Points in a row that a candidate needs to become the level. */
export const pointsNeeded = (step: Duration, wasConstant: boolean): number =>
  wasConstant ? afterConstant : Math.max(leastPoints, Math.ceil(leastTime / Math.max(1, step)));

/** Takes in how far a distant point is from the old level. */
export function stray(candidate: Candidate, error: number): void {
  const share = Math.max(1 / ++candidate.points, 1 / memory);
  const rest = error - candidate.at;
  candidate.at += share * rest;
  candidate.spread += share * (Math.abs(rest) - candidate.spread);
}

/** What a distance counts, from 1 down to a half while the series settles where it is now. */
export function strangeness({ at, spread, points }: Candidate, deviation: number, needed: number): number {
  const isSettled = deviationOfSpread * spread < settledPart * Math.abs(at) + deviation;
  return isSettled ? 1 - (0.5 * Math.min(points, needed)) / needed : 1;
}
