/**
 * How many errors are usual. Errors per line is a gamma rate with decayed sufficient statistics (errors, lines): its
 * predictive count over the lines of a window is negative binomial, so that a surge of traffic raises what is expected
 * and a service of which little is known gets a wide prediction. Two things widen or move it further: the dispersion
 * that past windows showed beyond the prediction (method of moments, shrunk to a prior), and a multiplier per hour of
 * the day, shrunk to 1.
 */
import { hours, type Time } from '../time/duration.ts';
import type { NegativeBinomial } from './negative-binomial.ts';
import { type Counts, errorsOf, paneMs } from './panes.ts';
import type { DetectionSettings } from './settings.ts';

/** The lengths of the windows that are tested, in panes: 1, 5 and 15 minutes. */
export const windowPanes = [6, 30, 90] as const;
/** A number for each of the windows. */
export type PerWindow = [fast: number, middle: number, slow: number];

/** What has been learned of a service; decayed sums. */
export interface Baseline {
  errors: number;
  lines: number;
  /** Lines by severity. */
  counts: Counts;
  /** Panes learned, not decayed. */
  panes: number;
  /** Per hour of the day: errors, and errors that the rate alone would have expected. */
  hours: [errors: number, expected: number][];
  /** Per window: squared deviation beyond that of Poisson counts, and squared expectation. */
  excess: PerWindow;
  squares: PerWindow;
}

/** Nothing learned. */
export const emptyBaseline = (): Baseline => ({
  errors: 0,
  lines: 0,
  counts: [0, 0, 0, 0],
  panes: 0,
  hours: Array.from({ length: 24 }, () => [0, 0]),
  excess: [0, 0, 0],
  squares: [0, 0, 0],
});

/**
 * Errors that the prior of the rate is worth. So few make it wide: of a new service, errors up to some forty times the
 * prior's share of its lines are believed to be its nature.
 */
const priorErrors = 0.25;
/** Squared coefficient of variation of the rate before any is seen, and the squared errors that this is worth. */
const priorDispersion: Readonly<PerWindow> = [0.25, 0.15, 0.1];
const priorSquares = 20;
const leastDispersion = 0.01;
const mostDispersion = 4;
/** Errors that an hour's multiplier is shrunk by. */
const hourShrink = 12;

/** Errors per line, as far as is known. */
export function rateOf(baseline: Baseline, settings: DetectionSettings): number {
  const priorLines = Math.min(settings.priorLines, priorErrors / settings.priorErrorShare);
  return (baseline.errors + priorErrors) / (baseline.lines + priorLines);
}

/** Lines that a learned pane holds on average; 0 when none was learned. */
export function usualLinesOf({ lines, panes }: Baseline, { halfLife }: DetectionSettings): number {
  const keep = 0.5 ** (paneMs / halfLife);
  return panes === 0 ? 0 : (lines * (1 - keep)) / (1 - keep ** panes);
}

/** What a window of `lines` lines that ends at `end` should hold; `index` is its place in `windowPanes`. */
export function predict(
  baseline: Baseline,
  window: { readonly lines: number; readonly end: Time; readonly index: number },
  settings: DetectionSettings,
): NegativeBinomial {
  const mean = window.lines * rateOf(baseline, settings) * multiplier(baseline, window.end);
  return { mean, size: 1 / (1 / (baseline.errors + priorErrors) + dispersion(baseline, window.index)) };
}

/** Lines of each severity that a window of `lines` lines should hold. */
export function expectedCounts({ counts, lines }: Baseline, ofLines: number): Counts {
  const share = ofLines / Math.max(1, lines);
  return [counts[0] * share, counts[1] * share, counts[2] * share, counts[3] * share];
}

/**
 * Takes a pane in that is known to be ordinary. Lines far beyond the usual count as a few times the usual: a flood says
 * little of how many errors ordinary lines bring, and would outweigh the hours before it.
 */
export function learn(
  baseline: Baseline,
  pane: { readonly lines: number; readonly counts: Readonly<Counts>; readonly end: Time },
  settings: DetectionSettings,
): void {
  const keep = 0.5 ** (paneMs / settings.halfLife);
  const hour = baseline.hours[hourOf(pane.end)]!;
  const share = shareLearned(baseline, pane.lines, settings);
  const [errors, lines] = [errorsOf(pane.counts) * share, pane.lines * share];
  hour[0] = hour[0] * keep + errors;
  hour[1] = hour[1] * keep + lines * rateOf(baseline, settings);
  baseline.errors = baseline.errors * keep + errors;
  baseline.lines = baseline.lines * keep + lines;
  for (let i = 0; i < baseline.counts.length; i++) {
    baseline.counts[i] = baseline.counts[i]! * keep + pane.counts[i]! * share;
  }
  baseline.panes++;
}

/** The share of a pane that counts: all of it, unless it holds many times the lines that are usual. */
function shareLearned(baseline: Baseline, lines: number, settings: DetectionSettings): number {
  const most = mostTimesUsual * Math.max(fewLines, usualLinesOf(baseline, settings));
  return baseline.panes < fewPanes || lines <= most ? 1 : most / lines;
}

/** Takes in how far a finished, ordinary window was from what had been predicted. */
export function learnDispersion(
  baseline: Baseline,
  window: { readonly errors: number; readonly mean: number; readonly index: number },
  settings: DetectionSettings,
): void {
  const { errors, mean, index } = window;
  const keep = 0.5 ** ((windowPanes[index]! * paneMs) / settings.halfLife);
  baseline.excess[index] = baseline.excess[index]! * keep + (errors - mean) ** 2 - mean;
  baseline.squares[index] = baseline.squares[index]! * keep + mean ** 2;
}

/** A pane counts as at most so many usual ones, once five minutes are known, and as no less than a few lines. */
const mostTimesUsual = 4;
const fewPanes = 30;
const fewLines = 10;
/** Panes that the past is still worth when it was forgotten. */
const keptPanes = 12;

/** Forgets most of the past, so that the new normal is learned within minutes. */
export function forgetMost(baseline: Baseline): void {
  const share = Math.min(1, keptPanes / Math.max(1, baseline.panes));
  baseline.errors *= share;
  baseline.lines *= share;
  for (let i = 0; i < baseline.counts.length; i++) baseline.counts[i]! *= share;
  for (const hour of baseline.hours) hour[0] = hour[1] = 0;
}

function dispersion({ excess, squares }: Baseline, index: number): number {
  return shrunkDispersion(excess[index]!, squares[index]!, priorDispersion[index]!);
}

/** Squared coefficient of variation by the method of moments, shrunk to `prior` while few windows are known. */
export function shrunkDispersion(excess: number, squares: number, prior: number): number {
  const shrunk = (excess + priorSquares * prior) / (squares + priorSquares);
  return Math.min(mostDispersion, Math.max(leastDispersion, shrunk));
}

/** What is usual at a time of day: between the middles of two hours, what lies between them. */
function multiplier(baseline: Baseline, end: Time): number {
  const position = end / hours(1) - 0.5;
  const before = Math.floor(position);
  const share = position - before;
  return (1 - share) * multiplierOf(baseline, before) + share * multiplierOf(baseline, before + 1);
}

/** What is usual in an hour since 1970. */
function multiplierOf(baseline: Baseline, hour: number): number {
  const [errors, expected] = baseline.hours[((hour % 24) + 24) % 24]!;
  return Math.min(4, Math.max(0.5, (errors + hourShrink) / (expected + hourShrink)));
}

/** The hour of the day to which a pane ending at `end` belongs. */
const hourOf = (end: Time): number => Math.floor(((((end - 1) % hours(24)) + hours(24)) % hours(24)) / hours(1));
