/**
 * The rhythm of a series: half hours of the day, and two-hour parts of the week. The first day fills the table of the
 * day; from the second on there is an expectation with rhythm beside that of the level alone, and from the fifteenth on
 * it counts the week in: a rhythm is known after two of its cycles. The rhythm is trusted as far as its errors are
 * smaller.
 */
import { type Duration, days, minutes, type Time } from '../../time/duration.ts';
import { addedBy, type Cycle, dayCycle, learnBin, newCycle, weekCycle } from './cycle.ts';
import { medianOf } from './view.ts';

/** Two ways to expect a point, and how far each was off: running means of distances. */
export interface Trial {
  without: number;
  with: number;
  points: number;
}

/** The tables of a rhythm. Most of what is kept of a series is in them, and they change once in half an hour. */
export interface Cycles {
  readonly day: Cycle;
  readonly week: Cycle;
}

/** What is known of the rhythm. */
export interface Season {
  /** Null before the first half hour is over. */
  cycles: Cycles | null;
  /** Whether the first day is over, so that tables hold differences from the level. */
  isKnown: boolean;
  /** The half hour that is going on, counted from 1970; values of it; every so many are kept, and how many came. */
  open: number;
  values: number[];
  every: number;
  came: number;
  /** What the bins of the open half hour add. */
  ofDay: number;
  ofWeek: number;
  /** The rhythm against the level alone, and the week against the day alone. */
  dayTrial: Trial;
  weekTrial: Trial;
}

/** Nothing is known. */
export const newSeason = (): Season => ({
  cycles: null,
  isKnown: false,
  open: Number.MIN_SAFE_INTEGER,
  values: [],
  every: 1,
  came: 0,
  ofDay: 0,
  ofWeek: 0,
  dayTrial: { without: 0, with: 0, points: 0 },
  weekTrial: { without: 0, with: 0, points: 0 },
});

const half = minutes(30);
/** Values kept of an open half hour; where more come, every second, every fourth and so on. */
const mostValues = 16;
/** Gain of a rhythm below which it is not trusted, and above which it is trusted wholly. */
const leastGain = 0.05;
const fullGain = 0.2;
/** Errors before which a trial says nothing. */
const fewErrors = 8;
/** Points that a trial remembers at least; it remembers a cycle. */
const leastPoints = 72;
/** From then on the week counts. */
const weekFrom: Duration = days(14);

/**
 * Begins the half hour of `time`; ends the one before, of which it learns against `level`. The result is the level if
 * the first day is over now.
 */
export function turn(
  season: Season,
  time: Time,
  known: { readonly level: number; readonly watched: Duration },
): number | null {
  const now = Math.floor(time / half);
  if (now === season.open) return null;
  if (season.came > 0) learnHalf(season, known.level);
  season.open = now;
  season.values = [];
  season.every = 1;
  season.came = 0;
  const level = !season.isKnown && known.watched >= days(1) ? settle(season) : null;
  const { cycles } = season;
  season.ofDay = season.isKnown && cycles !== null ? addedBy(cycles.day, dayBin(now)) : 0;
  season.ofWeek = season.isKnown && cycles !== null ? addedBy(cycles.week, weekBin(now)) : 0;
  return level;
}

/** Takes a value into the open half hour. */
export function collect(season: Season, view: number): void {
  if (season.came++ % season.every !== 0) return;
  season.values.push(view);
  if (season.values.length < mostValues) return;
  season.values = season.values.filter((_, i) => i % 2 === 0);
  season.every *= 2;
}

/** The mean of the first day, which is the level beside which its table stands. */
function firstLevel(day: Cycle): number {
  let [sum, seen] = [0, 0];
  for (let i = 0; i < day.values.length; i++) {
    if (day.counts[i] === 0) continue;
    sum += day.values[i]!;
    seen++;
  }
  return sum / seen;
}

function settle(season: Season): number {
  const { day } = cyclesOf(season);
  const level = firstLevel(day);
  for (let i = 0; i < day.values.length; i++) if (day.counts[i]! > 0) day.values[i]! -= level;
  season.isKnown = true;
  return level;
}

function learnHalf(season: Season, level: number): void {
  const rest = medianOf(season.values) - (season.isKnown ? level : 0);
  const bin = dayBin(season.open);
  const { day, week } = cyclesOf(season);
  if (season.isKnown) learnBin(week, weekCycle, { bin: weekBin(season.open), rest: rest - season.ofDay });
  learnBin(day, dayCycle, { bin, rest });
}

function cyclesOf(season: Season): Cycles {
  season.cycles ??= { day: newCycle(dayCycle), week: newCycle(weekCycle) };
  return season.cycles;
}

/** What the rhythm adds to its level now. */
export const seasonNow = (season: Season, watched: Duration): number =>
  season.ofDay + (watched < weekFrom ? 0 : trustOf(season.weekTrial)) * season.ofWeek;

/** How far the rhythm is trusted against the level alone, from 0 to 1. */
export const seasonTrust = (season: Season): number => (season.isKnown ? trustOf(season.dayTrial) : 0);

/**
 * Takes in the errors of a point without the rhythm, with the day's, with the week's beside it, and with what is used.
 */
export function compareTrials(
  season: Season,
  errors: { readonly without: number; readonly ofDay: number; readonly ofWeek: number; readonly used: number },
  step: Duration,
): void {
  if (!season.isKnown) return;
  const { without, ofDay, ofWeek, used } = errors;
  compare(season.dayTrial, { without, with: used }, Math.max(leastPoints, days(1) / step));
  compare(season.weekTrial, { without: ofDay, with: ofWeek }, Math.max(leastPoints, days(7) / step));
}

function compare(trial: Trial, errors: { readonly without: number; readonly with: number }, memory: number): void {
  const share = 1 / Math.min(++trial.points, memory);
  trial.without += share * (Math.abs(errors.without) - trial.without);
  trial.with += share * (Math.abs(errors.with) - trial.with);
}

function trustOf({ without, with: with_, points }: Trial): number {
  if (points < fewErrors || without === 0) return 0;
  const gain = 1 - with_ / without;
  return gain <= leastGain ? 0 : gain >= fullGain ? 1 : (gain - leastGain) / (fullGain - leastGain);
}

const dayBin = (now: number): number => ((now % 48) + 48) % 48;
/** 1970 began on a Thursday; any day may begin the week. */
const weekBin = (now: number): number => Math.floor((((now % 336) + 336) % 336) / 4);
