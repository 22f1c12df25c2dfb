/**
 * The kinds of signals `steps` and `slow`: an operation takes a step that it did not take before, or no longer takes
 * one; callers wait for a service much longer than it works. Both are found in units of work.
 */
import type { ScoredCounts, SignalKind } from '../signal-kind.ts';
import type { EdgeAnomaly } from './edges.ts';
import { levelOfStep } from './span.ts';
import type { StepAnomaly } from './steps.ts';
import { unitWindow } from './unit-window.ts';
import { wholeService } from './watch.ts';

/** A step that is new or missing. */
export const steps: SignalKind<StepAnomaly> = {
  find({ isMore, units, observed, past, pastUnits, log10p, onset }) {
    const expected = (past / pastUnits) * units;
    const ratio = isMore ? observed / Math.max(1, expected) : expected / Math.max(1, observed);
    return { window: unitWindow, observed: Math.round(observed), expected, ratio, log10p, onset };
  },
  /** Each trace that lacks a step, or newly has an error, counts as an error; other new steps count as warnings. */
  scored({ isMore, step, units, observed, past, pastUnits }) {
    const other = Math.abs(observed - (past / pastUnits) * units);
    const isError = !isMore || /^(?:ERROR|CRITICAL|FATAL)$/.test(levelOfStep(step));
    return { observed: isError ? [0, other, 0, 0] : [other, 0, 0, 0], expected: none };
  },
  describe: ({ told }) => told?.[0] ?? 'its traces take other steps than before',
};

/** An edge that became slow. */
export const slow: SignalKind<EdgeAnomaly> = {
  find: ({ observed, expected, ratio, log10p, onset }) => ({
    ...{ window: unitWindow, observed: Math.round(observed), expected },
    ...{ ratio, log10p, onset },
  }),
  /** So many times as long counts as so many errors. */
  scored: ({ ratio }) => ({ observed: [0, ratio, 0, 0], expected: none }),
  describe: ({ told }) => told?.[0] ?? 'its callers wait longer than before',
};

const none: ScoredCounts['expected'] = [0, 0, 0, 0];

/**
 * A step as people read it.
 *
 * @example
 * const now = { service: 'cart', operation: 'POST /cart', step: 'INFO Cart#34', units: 12, observed: 0 };
 * stepText({ ...now, isMore: false, pastUnits: 120, past: 120 })
 * // => '12 of 12 traces lack Cart#34, which 120 of 120 had before (operation POST /cart)'
 */
export function stepText(
  found: Pick<StepAnomaly, 'operation' | 'step' | 'isMore' | 'units' | 'observed' | 'pastUnits' | 'past'>,
): string {
  const { operation, step, isMore, units, observed, pastUnits, past } = found;
  const place = step.slice(step.indexOf(' ') + 1);
  const shows = atLeastOne(isMore ? observed : units - observed);
  const before = `${whole(past)} of ${whole(pastUnits)}`;
  const where = operation === wholeService ? 'any operation' : `operation ${operation}`;
  if (!isMore) return `${shows} of ${units} traces lack ${place}, which ${before} had before (${where})`;
  const level = levelOfStep(step);
  return `${shows} of ${units} traces have ${level === '-' ? '' : `${level} at `}${place}, which ${before} had before (${where})`;
}

/**
 * A slow edge as people read it.
 *
 * @example
 * const waits = { ratio: 12, observed: 480, expected: 40 };
 * edgeText({ ...waits, incoming: 3, slowIncoming: 3, outgoing: 0, slowOutgoing: 0 })
 * // => '3 of 3 edges to it wait 12 times as long, 480 ms instead of 40'
 */
export function edgeText(
  found: Pick<
    EdgeAnomaly,
    'incoming' | 'slowIncoming' | 'outgoing' | 'slowOutgoing' | 'ratio' | 'observed' | 'expected'
  >,
): string {
  const { incoming, slowIncoming, outgoing, slowOutgoing, ratio, observed, expected } = found;
  const edges = [
    ...(slowIncoming > 0 ? [`${slowIncoming} of ${incoming} edges to it`] : []),
    ...(slowOutgoing > 0 ? [`${slowOutgoing} of ${outgoing} edges from it`] : []),
  ].join(' and ');
  return `${edges} wait ${whole(ratio)} times as long, ${whole(observed)} ms instead of ${whole(expected)}`;
}

const whole = (value: number): string => (value < 10 ? `${Math.round(value * 10) / 10}` : `${Math.round(value)}`);
const atLeastOne = (value: number): number => Math.max(1, Math.round(value));
