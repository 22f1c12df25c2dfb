/**
 * The steps of operations: which lines the units of an operation write is nearly settled by its code, so that a line
 * that is missing tells as much as one that is new. How often a step was taken before is known from the units that
 * have passed; how odd the window is, is the tail of a beta-binomial. Evidence is capped: a step that nearly all units
 * take, or none, is never known better than from a hundred units, one that follows the traffic than from ten.
 *
 * An operation has so many steps and no more: where it writes from ever new places, those least taken are forgotten.
 */
import type { Time } from '../../time/duration.ts';
import { log10AtLeast, log10AtMost } from './beta-binomial.ts';
import { type HeldUnit, leastUnits } from './held.ts';
import { levelOfStep } from './span.ts';
import type { OperationOfUnit, UnitOfWork } from './unit.ts';

/** What is known of an operation: units, and the sum of the shares of their calls that took each step. */
export interface OperationPast {
  units: number;
  readonly steps: Record<string, number>;
  /** Steps that were forgotten because it has too many. */
  forgotten: number;
  /** When the last unit of it that has left the last minute was closed. */
  last: Time;
  /** Units that have left the last minute and belong to its window still, in order. */
  readonly held: HeldUnit<Taken>[];
}

/** Of the calls of a unit, in how many each step was taken. */
export type Taken = Pick<OperationOfUnit, 'calls' | 'steps'>;

/** What the units of a window did in one operation. */
export interface OperationNow {
  readonly service: string;
  readonly name: string;
  readonly units: { readonly start: Time; readonly operation: Taken }[];
}

/** A step that the units of a window take more often or less often than before. */
export interface StepAnomaly {
  readonly service: string;
  readonly operation: string;
  readonly step: string;
  readonly isMore: boolean;
  /** Units of the window, and how many of them (shares summed) took the step; the same of the past. */
  readonly units: number;
  readonly observed: number;
  readonly pastUnits: number;
  readonly past: number;
  /** log10 of the probability of so many or more, or of so few. */
  readonly log10p: number;
  /** At 1 it decides. */
  readonly score: number;
  /** When the first unit that shows it began. */
  readonly onset: Time;
  /** When the last unit that shows it began. */
  readonly last: Time;
}

export const newPast = (): OperationPast => ({ units: 0, steps: {}, forgotten: 0, last: 0, held: [] });

/** Adds what a unit that was closed at `closed` did to what is known of the operation. */
export function learnSteps(past: OperationPast, { calls, steps }: Taken, closed: Time): void {
  past.units++;
  past.last = Math.max(past.last, closed);
  for (const step in steps) past.steps[step] = (past.steps[step] ?? 0) + steps[step]! / calls;
  forgetSteps(past);
  if (past.units < mostUnits) return;
  // What was long ago fades, and steps that are hardly ever taken are forgotten.
  past.units /= 2;
  for (const step in past.steps) if ((past.steps[step]! /= 2) < leastKept) delete past.steps[step];
}

/** Where there are too many steps, those least taken make room for a sixteenth. */
function forgetSteps(past: OperationPast): void {
  const known = Object.entries(past.steps);
  if (known.length <= mostStepsKnown) return;
  known.sort(([a, taken], [b, other]) => taken - other || (a < b ? -1 : 1));
  const passing = known.slice(0, known.length - Math.floor((mostStepsKnown * 15) / 16));
  for (const [step] of passing) delete past.steps[step];
  past.forgotten += passing.length;
}

/** The operations of units, by service and name. */
export function operationsNow(units: readonly UnitOfWork[]): Map<string, OperationNow> {
  const operations = new Map<string, OperationNow>();
  for (const { start, operations: done } of units) {
    for (const operation of done) {
      const { service, name } = operation;
      const key = operationKey(operation);
      let now = operations.get(key);
      if (now === undefined) operations.set(key, (now = { service, name, units: [] }));
      now.units.push({ start, operation });
    }
  }
  return operations;
}

/** The units that are held of an operation and those of the last minute. */
export const withHeldSteps = (now: OperationNow, { held }: OperationPast): OperationNow =>
  held.length === 0
    ? now
    : { ...now, units: [...held.map(({ start, did }) => ({ start, operation: did })), ...now.units] };

/** The key under which an operation is kept. */
export const operationKey = ({ service, name }: Pick<OperationOfUnit, 'service' | 'name'>): string =>
  `${service}\n${name}`;

/** The anomalies of an operation in a window, in no order. */
export function stepAnomalies(now: OperationNow, past: OperationPast): StepAnomaly[] {
  if (past.units < leastPast) return [];
  const sums = new Map<string, number>(Object.keys(past.steps).map((step) => [step, 0]));
  for (const { operation } of now.units)
    for (const step in operation.steps)
      sums.set(step, (sums.get(step) ?? 0) + operation.steps[step]! / operation.calls);
  const found: StepAnomaly[] = [];
  const isRecovery = recovers(sums, now.units.length, past);
  for (const [step, observed] of sums) {
    if (isRecovery && !isError(step)) continue;
    const anomaly = stepAnomaly(step, observed, { now, past });
    if (anomaly !== undefined) found.push(anomaly);
  }
  return found;
}

/** Whether errors that most units had are gone: what is new or missing then is what works again. */
function recovers(sums: ReadonlyMap<string, number>, units: number, past: OperationPast): boolean {
  for (const step in past.steps) {
    const rate = past.steps[step]! / past.units;
    if (rate >= mostly && isError(step) && (sums.get(step) ?? 0) / units < rate / 2) return true;
  }
  return false;
}

/** Whether a step is a line of level ERROR or above. */
export const isError = (step: string): boolean => /^(?:ERROR|CRITICAL|FATAL) /.test(step);

function stepAnomaly(
  step: string,
  observed: number,
  { now, past }: { readonly now: OperationNow; readonly past: OperationPast },
): StepAnomaly | undefined {
  const units = now.units.length;
  const { units: pastUnits } = past;
  const known = past.steps[step] ?? 0;
  if (Math.abs(observed / units - known / pastUnits) < leastDifference) return undefined;
  const rate = (known + 0.5) / (pastUnits + 1);
  const isMore = observed / units > rate;
  const weight = (isMore ? more : fewer)[levelOfStep(step)] ?? (isMore ? usualMore : 1);
  if (weight === 0) return undefined;
  const share = Math.min(1, (rate > seldom && rate < 1 - seldom ? capOfMix : capOfStep) / pastUnits);
  const tail = { n: units, a: known * share + 0.5, b: (pastUnits - known) * share + 0.5 };
  const log10p = isMore
    ? log10AtLeast(Math.floor(observed + rounding), tail)
    : log10AtMost(Math.ceil(observed - rounding), tail);
  const shows = (isMore ? observed : units - observed) + rounding;
  const decades = shows < leastUnits ? Math.min(-log10p * weight, weakDecades) : -log10p * weight;
  if (decades < leastTold) return undefined;
  const showing = now.units.filter(({ operation }) => step in operation.steps === isMore);
  const { start: onset } = showing[0] ?? now.units[0]!;
  const { start: last } = showing.at(-1) ?? now.units.at(-1)!;
  const { service, name: operation } = now;
  const score = decades / decidingDecades;
  return {
    service,
    operation,
    step,
    isMore,
    units,
    observed,
    pastUnits,
    past: known,
    log10p,
    score,
    onset,
    last,
  };
}

/** A new step weighs by its level, and that errors are missing is recovery. */
const more: Readonly<Record<string, number>> = { ERROR: 4 / 3, CRITICAL: 4 / 3, FATAL: 4 / 3, WARN: 1 / 2 };
const usualMore = 1 / 4;
const fewer: Readonly<Record<string, number>> = { ERROR: 0, CRITICAL: 0, FATAL: 0, WARN: 0 };
/** Steps that fewer units take, or leave out, are settled by the code; the others follow the traffic. */
const seldom = 0.04;
const [capOfStep, capOfMix] = [100, 10];
const leastPast = 3;
/** An error that so many units had is what the operation did. */
const mostly = 0.5;
const leastDifference = 0.02;
/** So many decades of improbability decide; fewer than three units alone never do. */
const decidingDecades = 4;
const weakDecades = 2.4;
const leastTold = 1;
/** Shares that make up a whole sum to it only nearly. */
const rounding = 1e-9;
const mostUnits = 4_000;
export const mostStepsKnown = 320;
const leastKept = 0.01;
