/**
 * Points of metrics as records of JSON: `timestamp`, `service`, `name`, `value`, and `instance`, `kind`, `start`,
 * `labels`, `unit` as far as there are any. One record, a list of them, or one a line. Where `kind` says nothing, a name
 * that ends in `_total` is a counter's, as OpenMetrics demands. A point without a value, as null or the texts that
 * Prometheus writes for what is no finite number, is passed over; `ended` true ends its series.
 */
import { boundedName } from '../../../logs/lines/source-name.ts';
import type { Intake } from '../intake.ts';
import { type Labels, labelsFrom, noLabels, whyNoLabels } from '../labels.ts';
import { type Bag, forEachValue, isBag, textOf, timeOfAny } from '../values.ts';
import { isCounterName, isMetricName, type Metric, type MetricKind } from './metric.ts';

/** Reads records, one a line. */
export function readMetrics(body: Uint8Array | string, intake: Intake<Metric>): void {
  forEachValue(body, intake, (value) => readMetricValue(value, intake));
}

/** Reads a record, or a list of them. */
export function readMetricValue(value: unknown, intake: Intake<Metric>): void {
  if (!Array.isArray(value)) return readRecord(value, intake);
  for (const each of value) readRecord(each, intake);
}

function readRecord(value: unknown, intake: Intake<Metric>): void {
  const point = metricIn(value, intake);
  if (point === null) return;
  if (Number.isNaN(point.value) && !point.ended) intake.passed++;
  else intake.records.push(point);
}

/** The point that a record is, with NaN where it has no value; null, and refused, if it is none. */
export function metricIn(record: unknown, intake: Intake<Metric>): Metric | null {
  if (!isBag(record)) return refused(intake.wrong('record', record, 'an object'));
  const { timestamp, service, instance = null, name, kind, start = null, unit } = record;
  const time = timeOfAny(timestamp);
  if (!intake.timely(time, 'timestamp', timestamp) || !isMetricName(name, intake)) return null;
  const [owner, place] = [textOf(service), textOf(instance)];
  if (owner === undefined) return refused(intake.wrong('service', service, 'a text'));
  if (instance !== null && place === undefined) return refused(intake.wrong('instance', instance, 'a text'));
  const found = kind ?? (isCounterName(name) ? 'counter' : 'gauge');
  if (found !== 'gauge' && found !== 'counter' && found !== 'delta') {
    return refused(intake.wrong('kind', kind, 'gauge, counter or delta'));
  }
  const labels = labelsIn(record, intake);
  if (labels === null) return null;
  const began = start === null ? null : timeOfAny(start);
  if (began !== null && !intake.timely(began, 'start', start)) return null;
  const ended = record['ended'] === true;
  const value = ended ? Number.NaN : valueIn(record, found, intake);
  if (value === null) return null;
  return {
    time,
    service: boundedName(owner),
    instance: place === undefined ? null : boundedName(place),
    name,
    labels,
    kind: found,
    value,
    start: began,
    unit: textOf(unit) ?? '',
    histogram: null,
    member: null,
    ended,
  };
}

const refused = (_: void): null => null;

/** What stands for no finite number where JSON has none. */
const noNumbers = new Set<unknown>([null, 'NaN', 'Inf', '+Inf', '-Inf']);

function valueIn(record: Bag, kind: MetricKind, intake: Intake<Metric>): number | null {
  const got = record['value'];
  if (noNumbers.has(got)) return Number.NaN;
  if (typeof got !== 'number' || !Number.isFinite(got)) {
    return refused(intake.wrong('value', got, 'a finite number or null'));
  }
  return kind !== 'gauge' && got < 0 ? refused(intake.wrong('value', got, 'a count, not below 0')) : got;
}

function labelsIn(bag: Bag, intake: Intake<Metric>): Labels | null {
  const { labels } = bag;
  if (labels === undefined || labels === null) return noLabels;
  if (!isBag(labels)) {
    intake.wrong('labels', labels, 'an object');
    return null;
  }
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(labels)) {
    pairs.push(name, typeof value === 'string' ? value : JSON.stringify(typeof value === 'object' ? null : value));
  }
  const why = whyNoLabels(pairs);
  if (why === null) return labelsFrom(pairs);
  intake.wrong('labels', why, 'labels of a series');
  return null;
}
