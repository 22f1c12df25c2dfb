/**
 * Histograms of OpenTelemetry's data points. One that contradicts itself is refused: a count that is not the sum of its
 * buckets, bounds that do not rise, buckets that do not match their bounds.
 */
import type { Intake } from '../intake.ts';
import { type Bag, bagOf, numberOf } from '../values.ts';
import { type Buckets, type Histogram, mostBuckets } from './metric.ts';

/** The histogram with bounds that stands in a data point; null, and refused, for one that is none. */
export function explicitHistogram(point: Bag, delta: boolean, intake: Intake<unknown>): Histogram | null {
  const base = baseOf(point, intake);
  const counts = base && numbersIn(point['bucketCounts'], 'bucketCounts', intake);
  const bounds = counts && numbersIn(point['explicitBounds'], 'explicitBounds', intake);
  if (base === null || counts === null || bounds === null) return null;
  for (let i = 0; i < bounds.length; i++) {
    if (Number.isNaN(bounds[i]!) || bounds[i]! <= (bounds[i - 1] ?? Number.NEGATIVE_INFINITY))
      return refused(intake, 'explicitBounds', bounds[i], 'a number above the bound before');
  }
  if (counts.length === 0 ? bounds.length > 0 : counts.length !== bounds.length + 1)
    return refused(intake, 'bucketCounts', counts.length, 'one more than bounds');
  if (counts.length > 0 && !addsUp(counts, base.count, intake)) return null;
  return { delta, ...base, bounds, counts, exponential: null };
}

/** The exponential histogram that stands in a data point; null, and refused, for one that is none. */
export function exponentialHistogram(point: Bag, delta: boolean, intake: Intake<unknown>): Histogram | null {
  const base = baseOf(point, intake);
  const positive = base && bucketsIn(bagOf(point['positive']), intake);
  const negative = positive && bucketsIn(bagOf(point['negative']), intake);
  if (base === null || positive === null || negative === null) return null;
  const [scale, zeroCount] = [numberOf(point['scale'] ?? 0), numberOf(point['zeroCount'] ?? 0)];
  if (!Number.isInteger(scale) || Math.abs(scale) > 20) return refused(intake, 'scale', point['scale'], '−20 to 20');
  if (!addsUp([...positive.counts, ...negative.counts, zeroCount], base.count, intake)) return null;
  return { delta, ...base, bounds: [], counts: [], exponential: { scale, zeroCount, positive, negative } };
}

type Base = Pick<Histogram, 'count' | 'sum' | 'min' | 'max'>;

/** Counts and sums that are 0 are not written. */
function baseOf(point: Bag, intake: Intake<unknown>): Base | null {
  const count = numberOf(point['count'] ?? 0);
  if (!(count >= 0)) return refused(intake, 'count', point['count'], 'a count, which is not below 0');
  const [sum, min, max] = [optional(point['sum']), optional(point['min']), optional(point['max'])];
  return { count, sum, min, max };
}

/** A number; null where there is none, or none that is finite. */
function optional(value: unknown): number | null {
  const number = numberOf(value);
  return Number.isNaN(number) ? null : number;
}

function numbersIn(value: unknown, field: string, intake: Intake<unknown>): readonly number[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return refused(intake, field, value, 'a list');
  if (value.length > mostBuckets) {
    intake.refuse('INPUT_TOO_LARGE', field, `${field} has ${value.length} numbers, more than ${mostBuckets}`);
    return null;
  }
  return value.map(numberOf);
}

function bucketsIn(bag: Bag, intake: Intake<unknown>): Buckets | null {
  const counts = numbersIn(bag['bucketCounts'], 'bucketCounts', intake);
  const offset = numberOf(bag['offset'] ?? 0);
  if (counts === null) return null;
  return Number.isInteger(offset) ? { offset, counts } : refused(intake, 'offset', bag['offset'], 'a whole number');
}

function addsUp(counts: readonly number[], count: number, intake: Intake<unknown>): boolean {
  let sum = 0;
  for (const each of counts) {
    if (!(each >= 0)) return refused(intake, 'bucketCounts', each, 'counts, which are not below 0') ?? false;
    sum += each;
  }
  return sum === count || (refused(intake, 'count', count, 'the sum of the buckets') ?? false);
}

// hot: called for what may be a million points.
function refused(intake: Intake<unknown>, field: string, got: unknown, expected: string): null {
  intake.wrong(field, got, expected);
  return null;
}
