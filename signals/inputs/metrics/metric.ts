/**
 * A point of a metric, whatever it was sent as. A series is a service, an instance, a name and labels. What a value
 * means is its kind: a gauge is a level; a counter rises until its process restarts; a delta is what was counted since
 * the point before; a histogram holds many values; a set has one more member.
 */
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import type { Labels } from '../labels.ts';

export type MetricKind = 'gauge' | 'counter' | 'delta' | 'histogram' | 'set';

/** A point of a metric. */
export interface Metric {
  /** Milliseconds since 1970, with microseconds behind the point. */
  readonly time: Time;
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  /** What tells the series apart besides. */
  readonly labels: Labels;
  readonly kind: MetricKind;
  /** NaN for a histogram, a set, and a series that ended. */
  readonly value: number;
  /** Of what counts: since when. */
  readonly start: Time | null;
  /** As it was sent; empty if it was not. */
  readonly unit: string;
  readonly histogram: Histogram | null;
  /** What was added to a set. */
  readonly member: string | null;
  /** The series ends with this point, which has no value. */
  readonly ended: boolean;
}

/** Many values in one point. */
export interface Histogram {
  /** Whether it holds the values since the point before, or all since `start`. */
  readonly delta: boolean;
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Upper bounds of buckets; `counts` has one more, for what is above. Both are empty where buckets are not sent. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  /** Buckets whose bounds grow by a factor. */
  readonly exponential: Exponential | null;
}

/** The bucket at index i holds values in (base^i, base^(i+1)], base being 2^(2^-scale). */
export interface Exponential {
  readonly scale: number;
  /** How many values were 0, or nearly. */
  readonly zeroCount: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
}

/** Counts of buckets from the index `offset` on. */
export interface Buckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

/** A histogram may have so many buckets. */
export const mostBuckets = 2_000;

/** A name may be so long. */
const longestName = 400;

/** Whether a name can be a metric's; if not, `elements` are refused. */
export function isMetricName(name: unknown, intake: Intake<unknown>, elements = 1): name is string {
  if (typeof name === 'string' && name !== '' && name.length <= longestName) return true;
  for (let i = 0; i < elements; i++) intake.wrong('name', name, `a text of 1 to ${longestName} characters`);
  return false;
}

/**
 * Whether the name alone says that it counts, as OpenMetrics demands of a counter's.
 *
 * @example
 * isCounterName('http_requests_total') // => true
 */
export const isCounterName = (name: string): boolean => name.endsWith('_total');
