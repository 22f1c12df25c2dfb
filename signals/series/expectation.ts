/**
 * What the next point of a series should be. There are two levels: one alone, and one beside which the rhythm stands.
 * What is expected lies between the two, as far as the rhythm is trusted; so does the deviation. Of a new series, and
 * of one with a new normal, little is known, and the deviation is wider by a part of the level that fades within a day.
 */
import { type Duration, days } from '../../time/duration.ts';
import { deviationOf, type Level, leastDeviation, outlier } from './level.ts';
import { type Season, seasonNow, seasonTrust } from './season.ts';
import { fromView } from './view.ts';

/** What expectations are made of. */
export interface Known {
  /** The level by itself, and the one beside which the rhythm stands. */
  plain: Level;
  seasonal: Level;
  season: Season;
  /** How long the series has been watched, and how long it had been at its start or its last new normal. */
  settledAt: Duration;
  /** Whether all values so far were whole, and whether none was negative. */
  isWhole: boolean;
  isPositive: boolean;
}

/** What is expected, in the view. */
export interface Expectation {
  readonly at: number;
  readonly deviation: number;
  /** By the level alone, and by the level with the rhythm. */
  readonly plain: number;
  readonly seasonal: number;
  /** How far the rhythm is trusted, from 0 to 1. */
  readonly trust: number;
  readonly least: number;
}

/** The band in which a point is usual, and what is expected, in the unit of the series. */
export interface Band {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Of a new series, the part of the level that is not known at its start, in the view, and how fast that fades. */
const unknownPart = 0.08;
const fading: Duration = days(1) / 4;

/** What is expected now of a series that has been watched for so long. */
export function expectationOf(known: Known, watched: Duration): Expectation {
  const { season } = known;
  const trust = seasonTrust(season);
  const plain = known.plain.at;
  const seasonal = season.isKnown ? known.seasonal.at + seasonNow(season, watched) : plain;
  const at = plain + trust * (seasonal - plain);
  const least = leastDeviation(at, known.isWhole);
  const unknown = unknownPart * Math.abs(at) * Math.exp((known.settledAt - watched) / fading);
  const spread = known.plain.spread + trust * (known.seasonal.spread - known.plain.spread);
  return { at, deviation: deviationOf(spread, least, unknown), plain, seasonal, trust, least };
}

/** The band around what is expected: three deviations to each side, not below 0 where nothing ever was. */
export function bandOf({ at, deviation }: Expectation, isPositive: boolean): Band {
  const low = fromView(at - outlier * deviation);
  return {
    expected: fromView(at),
    low: isPositive ? Math.max(0, low) : low,
    high: fromView(at + outlier * deviation),
  };
}
