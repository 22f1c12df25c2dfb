/**
 * Native histograms of Prometheus (prompb, Histogram): spans of buckets that are there, and for each the difference to
 * the one before, or of floating counts the count itself. A bucket is named by its upper end, where OpenTelemetry names
 * it by its lower one.
 */
import { message } from '../../../codecs/protobuf-message.ts';
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { type Bag, bagOf, numberOf } from '../values.ts';
import { type Buckets, type Histogram, mostBuckets } from './metric.ts';

const span = message({ 1: ['offset', 'sint'], 2: ['length', 'int'] });

export const nativeHistogramMessage = message({
  1: ['countInt', 'int'],
  2: ['countFloat', 'double'],
  3: ['sum', 'sample'],
  4: ['schema', 'sint'],
  6: ['zeroCountInt', 'int'],
  7: ['zeroCountFloat', 'double'],
  8: ['negativeSpans[]', () => span],
  9: ['negativeDeltas[]', 'sint'],
  10: ['negativeCounts[]', 'double'],
  11: ['positiveSpans[]', () => span],
  12: ['positiveDeltas[]', 'sint'],
  13: ['positiveCounts[]', 'double'],
  15: ['timestamp', 'int'],
});

/** A native histogram and its time; without a histogram where the series ends. */
export interface TimedHistogram {
  readonly time: Time;
  readonly histogram: Histogram | null;
}

/** The histogram that was decoded; null, and refused, for what is none. */
export function nativeHistogram(bag: Bag, intake: Intake<unknown>): TimedHistogram | null {
  const time = numberOf(bag['timestamp'] ?? 0);
  if (!intake.timely(time, 'timestamp', bag['timestamp'] ?? 0)) return null;
  if (bag['sum'] === null) return { time, histogram: null };
  const count = numberOf(bag['countInt'] ?? bag['countFloat'] ?? 0);
  const zeroCount = numberOf(bag['zeroCountInt'] ?? bag['zeroCountFloat'] ?? 0);
  const scale = numberOf(bag['schema'] ?? 0);
  const positive = bucketsOf(bag, 'positive');
  const negative = bucketsOf(bag, 'negative');
  if (!(count >= 0) || !(zeroCount >= 0) || positive === null || negative === null || Math.abs(scale) > 20) {
    intake.wrong('histograms', bag['countInt'], 'a native histogram with exponential buckets');
    return null;
  }
  const sum = numberOf(bag['sum'] ?? 0);
  const exponential = { scale, zeroCount, positive, negative };
  const ends = { min: null, max: null, bounds: [], counts: [] };
  const histogram = { delta: false, count, sum: Number.isNaN(sum) ? null : sum, ...ends, exponential };
  return { time, histogram };
}

/** The buckets of one sign without gaps; null if they contradict themselves or are too many. */
function bucketsOf(bag: Bag, sign: 'positive' | 'negative'): Buckets | null {
  const spans = listOf(bag[`${sign}Spans`]);
  const deltas = listOf(bag[`${sign}Deltas`]).map(numberOf);
  const floats = listOf(bag[`${sign}Counts`]).map(numberOf);
  const counts: number[] = [];
  let [offset, at, count] = [0, 0, 0];
  for (const [i, each] of spans.entries()) {
    const gap = numberOf(bagOf(each)['offset'] ?? 0);
    const length = numberOf(bagOf(each)['length'] ?? 0);
    if (i === 0) offset = gap;
    else for (let empty = 0; empty < gap && counts.length <= mostBuckets; empty++) counts.push(0);
    if ((i > 0 && gap < 0) || !(counts.length + length <= mostBuckets)) return null;
    for (let next = at + length; at < next; at++) {
      count = floats.length > 0 ? (floats[at] ?? Number.NaN) : count + (deltas[at] ?? Number.NaN);
      if (!(count >= 0)) return null;
      counts.push(count);
    }
  }
  return at < deltas.length || at < floats.length ? null : { offset: offset - 1, counts };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
