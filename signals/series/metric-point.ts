/**
 * A point of a metric as it is sent: a record of JSON with `timestamp`, `service`, `name` and `value`, of one
 * `instance` where there are several. `kind` says whether it is a counter, which rises until its process restarts
 * (`start`). Where it says nothing, a name that ends in `_total` is a counter's, as OpenMetrics demands.
 */
import { cutText } from '../../codecs/utf8.ts';
import type { Time } from '../../time/duration.ts';
import { instantOf } from '../../time/instant.ts';

/** A point of a metric. */
export interface MetricPoint {
  /** As it was written. */
  readonly timestamp: string;
  readonly time: Time;
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  /** NaN where there is no value. */
  readonly value: number;
  readonly kind: 'gauge' | 'counter';
  readonly start: Time | null;
}

/**
 * The point in a record of JSON. Throws TypeError, with what is wrong, for a record that is none. A value of null, and
 * the texts that Prometheus writes for what is no finite number, are points without a value.
 *
 * @example
 * readMetricPoint('{"timestamp":"1970-01-01T00:00:01Z","service":"cart","name":"cpu","value":0.4}').time // => 1000
 */
export function readMetricPoint(text: string): MetricPoint {
  const found = objectIn(text);
  const { timestamp, instance, start } = found;
  const time = timeOf(timestamp, 'timestamp');
  const name = nameOf(found['name'], 'name');
  return {
    timestamp: timestamp as string,
    time,
    service: nameOf(found['service'], 'service'),
    instance: instance === undefined || instance === null ? null : nameOf(instance, 'instance'),
    name,
    value: numberOf(found['value']),
    kind: kindOf(found['kind'], name),
    start: start === undefined || start === null ? null : timeOf(start, 'start'),
  };
}

interface Fields {
  readonly [name: string]: unknown;
  readonly timestamp?: unknown;
  readonly instance?: unknown;
  readonly start?: unknown;
}

function objectIn(text: string): Fields {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new TypeError(`it is no JSON: ${cutText(text, 80)}`);
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Fields;
  throw new TypeError(`a point is an object, not ${shown(found)}`);
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : cutText(JSON.stringify(value), 80));

function timeOf(value: unknown, field: string): Time {
  const time = typeof value === 'string' ? instantOf(value) : Number.NaN;
  if (Number.isNaN(time)) throw new TypeError(`${field} is ${shown(value)}, not a time as 2026-01-29T08:00:00Z`);
  return time;
}

function nameOf(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new TypeError(`${field} is ${shown(value)}, not a text`);
  return value;
}

/** What stands for no finite number where JSON has none. */
const noNumbers = new Set<unknown>([null, 'NaN', 'Inf', '+Inf', '-Inf']);

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (!noNumbers.has(value)) throw new TypeError(`value is ${shown(value)}, not a number or null`);
  return Number.NaN;
}

function kindOf(kind: unknown, name: string): MetricPoint['kind'] {
  if (kind === 'counter' || kind === 'gauge') return kind;
  if (kind !== undefined && kind !== null) throw new TypeError(`kind is ${shown(kind)}, not gauge or counter`);
  return name.endsWith('_total') ? 'counter' : 'gauge';
}
