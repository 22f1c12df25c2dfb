/**
 * One metric series, judged point by point: what was expected, the band in which a point is usual, how far off it is on
 * a scale that is the same for all series, and whether a signal is raised. What is said of a point follows from it and
 * the points before it. The algorithm and the evidence for it: level and spread (`level.ts`), rhythm (`season.ts`),
 * what follows of them (`expectation.ts`); far off, nothing is learned until that is the new normal (`new-normal.ts`);
 * distances are measured by those of usual days (`usual-worst.ts`) and raised once (`episodes.ts`).
 *
 * All that is kept is plain JSON of bounded size, about 500 numbers.
 */
import { type Duration, days, type Time } from '../../time/duration.ts';
import { type Distances, type Episodes, newEpisodes, takeIn } from './episodes.ts';
import { type Band, bandOf, type Expectation, expectationOf, type Known } from './expectation.ts';
import { deviationOf, deviationOfSpread, follow, outlier } from './level.ts';
import { type Candidate, newCandidate, pointsNeeded, strangeness, stray } from './new-normal.ts';
import { collect, compareTrials, newSeason, turn } from './season.ts';
import { addDistance, newShift, type Shift } from './shift.ts';
import { arrives, newSpacing, type Spacing } from './spacing.ts';
import { endDay, isNewTo, newWorst, noteWorst, type UsualWorst } from './usual-worst.ts';
import { medianOf, toView, within } from './view.ts';

/** All that is kept of a series. */
export interface Series extends Known {
  spacing: Spacing;
  /** The first points, in the view, until there is a level. */
  first: number[];
  /** Points learned since the start or the last new normal, and those learned by the level beside the rhythm. */
  learned: number;
  seasonalLearned: number;
  candidate: Candidate;
  shift: Shift;
  /** The day that is going on, counted from 1970, and how bad days get: by rise, fall and shift. */
  day: number;
  worst: [rise: UsualWorst, fall: UsualWorst, shift: UsualWorst];
  episodes: Episodes;
  /** The largest distance that was raised before it was known what is usual. */
  raisedEarly: number;
  score: number;
}

/** What is said of a point. */
export interface Verdict {
  /** Null while there are too few points. */
  readonly band: Band | null;
  /** 0 or more; 5 is what an ordinary day of the series does not bring. */
  readonly score: number;
  /** How far off the point is, in deviations, negative below. */
  readonly deviations: number;
  /** Whether a signal is raised here. */
  readonly anomalous: boolean;
  /** Too little history yet; nothing is raised. */
  readonly learning: boolean;
  /** It was not taken in: not a number, or not newer than the one before. */
  readonly ignored: boolean;
}

/** A series of which nothing is known. */
export const newSeries = (): Series => ({
  spacing: newSpacing(),
  first: [],
  plain: { at: 0, spread: 0 },
  seasonal: { at: 0, spread: 0 },
  season: newSeason(),
  settledAt: 0,
  isWhole: true,
  isPositive: true,
  learned: 0,
  seasonalLearned: 0,
  candidate: newCandidate(),
  shift: newShift(),
  day: 0,
  worst: [newWorst(), newWorst(), newWorst()],
  episodes: newEpisodes(),
  raisedEarly: 0,
  score: 0,
});

/** Points of which the first level is made, and points before which nothing is raised. */
const firstPoints = 6;
export const learningPoints = 12;
/** Beyond so many deviations nothing is learned. */
const far = 5;
/** Farther than this is the same. */
const farthest = 100;
/** What a score of an ordinary day stays below, and the largest score. */
const ordinary = 5;
const mostScore = 15;
/** A usual day's worst times this is out of the ordinary. */
const beyondUsual = 1.5;
/** What is raised is at least so far off. What is so far off does not become usual for being frequent. */
const leastThreshold = 4;
const mostThreshold = 20;
/** The part of a score that the next point has at least: an episode is one thing also where it crosses its band. */
const afterglow = 0.6;
/** How long levels remember: two days, within these numbers of points. */
const memory: Duration = days(2);
const leastMemory = 700;
const mostMemory = 5_000;
/** Errors of the rhythm that are not cut, because it is not known yet how large they are. */
const uncutErrors = 20;
/** A series that strays by less than this part of what is never believed has been constant. */
const constantPart = 0.1;

const ignored = { score: 0, deviations: 0, anomalous: false, ignored: true } as const;

/** No measurement is larger, and powers of a larger one have no number. */
const largestValue = 1e60;

/** Takes in a point and judges it. A value that is not finite or out of all bounds is none: it is not learned. */
export function observe(series: Series, time: Time, value: number): Verdict {
  const { spacing, season } = series;
  if (!(Math.abs(value) <= largestValue) || !arrives(spacing, time)) {
    const isKnown = spacing.points >= firstPoints;
    const band = isKnown ? bandOf(expectationOf(series, spacing.watched), series.isPositive) : null;
    return { ...ignored, band, learning: spacing.points <= learningPoints };
  }
  const view = toView(value);
  series.isWhole &&= Number.isInteger(value);
  series.isPositive &&= value >= 0;
  turnDay(series, time);
  const level = turn(season, time, { level: series.seasonal.at, watched: spacing.watched });
  if (level !== null) series.seasonal = { at: level, spread: series.plain.spread };
  collect(season, view);
  if (spacing.points > firstPoints) return judge(series, time, view);
  begin(series, view);
  return { band: null, score: 0, deviations: 0, anomalous: false, learning: true, ignored: false };
}

function begin(series: Series, view: number): void {
  const { first } = series;
  first.push(view);
  if (first.length < firstPoints) return;
  const at = medianOf(first);
  series.plain = { at, spread: first.reduce((sum, one) => sum + Math.abs(one - at), 0) / first.length };
  series.first = [];
  series.learned = firstPoints;
}

function turnDay(series: Series, time: Time): void {
  const day = Math.floor(time / days(1));
  if (day === series.day) return;
  if (series.spacing.points > 1) for (const worst of series.worst) endDay(worst);
  series.day = day;
}

function judge(series: Series, time: Time, view: number): Verdict {
  const { spacing, worst } = series;
  const expectation = expectationOf(series, spacing.watched);
  const error = view - expectation.at;
  const deviations = distanceOf(error, expectation.deviation);
  const share = shareOf(series);
  const counts = learn(series, view, { expectation, deviations, share });
  const shift = addDistance(series.shift, deviations, share);
  const isEarly = isNewTo(worst[0]);
  const distance = Math.abs(deviations) * counts;
  const distances: Distances = [deviations > 0 ? distance : 0, deviations < 0 ? distance : 0, isEarly ? 0 : shift];
  const learning = spacing.points <= learningPoints;
  const thresholds = thresholdsOf(series, isEarly);
  const anomalous = takeIn(series.episodes, { time, distances, thresholds, learning });
  if (anomalous && isEarly) series.raisedEarly = Math.max(series.raisedEarly, Math.min(distance, mostThreshold));
  for (let i = 0; i < worst.length; i++) noteWorst(worst[i]!, distances[i]!);
  const usual = Math.max(ordinary, beyondUsual * worst[deviations > 0 ? 0 : 1].calm);
  const own = Math.min(mostScore, (distance * ordinary) / usual);
  series.score = Math.max(anomalous ? Math.max(own, ordinary) : own, afterglow * series.score);
  const band = bandOf(expectation, series.isPositive);
  return { band, score: series.score, deviations, anomalous, learning, ignored: false };
}

/** Where no two points ever differed, any difference is as far off as can be. */
function distanceOf(error: number, deviation: number): number {
  if (deviation > 0) return within(error / deviation, farthest);
  return error === 0 ? 0 : Math.sign(error) * farthest;
}

/** What a new point counts in the levels. */
function shareOf({ learned, spacing: { step } }: Series): number {
  const points = Math.min(mostMemory, Math.max(leastMemory, memory / Math.max(1, step)));
  return Math.max(1 / (learned + 1), 1 / points);
}

function thresholdsOf({ worst, raisedEarly }: Series, isEarly: boolean): Distances {
  const early = Math.max(ordinary, beyondUsual * raisedEarly);
  if (isEarly) return [early, early, early];
  return [thresholdOf(worst[0]), thresholdOf(worst[1]), thresholdOf(worst[2])];
}

const thresholdOf = ({ middle }: UsualWorst): number =>
  Math.min(mostThreshold, Math.max(leastThreshold, beyondUsual * middle));

/** How a point was judged. */
interface Measured {
  readonly expectation: Expectation;
  readonly deviations: number;
  readonly share: number;
}

/** Learns of a point, unless it is far off; the part of its distance that counts. */
function learn(series: Series, view: number, judged: Measured): number {
  const { plain, seasonal, least } = judged.expectation;
  const { season, spacing } = series;
  const ofDay = view - series.seasonal.at - season.ofDay;
  compareTrials(
    season,
    { without: view - plain, ofDay, ofWeek: ofDay - season.ofWeek, used: view - seasonal },
    spacing.step,
  );
  if (Math.abs(judged.deviations) > far) return freeze(series, view, judged);
  if (series.candidate.points > 0) series.candidate = newCandidate();
  series.learned++;
  const { share } = judged;
  follow(series.plain, view - plain, { share, most: outlier * deviationOf(series.plain.spread, least, 0) });
  if (!season.isKnown) return 1;
  const nth = ++series.seasonalLearned;
  const most = nth <= uncutErrors ? Number.POSITIVE_INFINITY : outlier * deviationOf(series.seasonal.spread, least, 0);
  follow(series.seasonal, view - seasonal, { share: Math.max(share, 1 / nth), most });
  return 1;
}

/** Follows where the series has gone, and makes it the new normal once it has stayed there. */
function freeze(series: Series, view: number, { expectation }: Measured): number {
  const { candidate, plain, seasonal, spacing } = series;
  const wasConstant = deviationOfSpread * plain.spread <= constantPart * expectation.least;
  const needed = pointsNeeded(spacing.step, wasConstant);
  stray(candidate, view - expectation.at);
  const counts = strangeness(candidate, expectation.deviation, needed);
  if (candidate.points < needed) return counts;
  plain.at += candidate.at;
  if (expectation.trust >= 0.5) seasonal.at += candidate.at;
  plain.spread = Math.max(plain.spread, candidate.spread);
  seasonal.spread = Math.max(seasonal.spread, candidate.spread);
  series.learned = needed;
  series.settledAt = spacing.watched;
  series.candidate = newCandidate();
  return counts;
}
