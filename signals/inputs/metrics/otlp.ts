/**
 * Metrics of OpenTelemetry (opentelemetry-proto: metrics/v1, collector/metrics/v1) in JSON and Protocol Buffers. An
 * element is a data point. Sums that only rise are counters, or deltas by their temporality; other sums are gauges or
 * deltas. A summary is a histogram without buckets: over which time its quantiles are is not said.
 */
import { type Message, message } from '../../../codecs/protobuf-message.ts';
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import type { Labels } from '../labels.ts';
import { forEachRequest, keyValue, type Origin, originOf, pointLabels, resource } from '../otlp.ts';
import { type Bag, isBag, listIn, numberOf, textOf, timeOfNanos } from '../values.ts';
import { type Histogram, isMetricName, type Metric, type MetricKind } from './metric.ts';
import { explicitHistogram, exponentialHistogram } from './otlp-histograms.ts';

const attributes = ['attributes[]!', () => keyValue] as const;
const times = { 2: ['startTimeUnixNano', 'nanos'], 3: ['timeUnixNano', 'nanos'] } as const;
const numberPoint = message({
  ...times,
  4: ['asDouble', 'double'],
  6: ['asInt', 'sfixed64'],
  7: attributes,
  8: ['flags', 'int'],
});
const histogramPoint = message({
  ...times,
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['bucketCounts[]', 'fixed64'],
  7: ['explicitBounds[]', 'double'],
  9: attributes,
  10: ['flags', 'int'],
  11: ['min', 'double'],
  12: ['max', 'double'],
});
const buckets = message({ 1: ['offset', 'sint'], 2: ['bucketCounts[]', 'int'] });
const exponentialPoint = message({
  1: attributes,
  ...times,
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['scale', 'sint'],
  7: ['zeroCount', 'fixed64'],
  8: ['positive', () => buckets],
  9: ['negative', () => buckets],
  10: ['flags', 'int'],
  12: ['min', 'double'],
  13: ['max', 'double'],
});
const summaryPoint = message({
  ...times,
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  7: attributes,
  8: ['flags', 'int'],
});

const points = (of: Message): Message =>
  message({ 1: ['dataPoints[]', () => of], 2: ['aggregationTemporality', 'int'], 3: ['isMonotonic', 'bool'] });
const [gauge, histogram, exponential, summary] = [numberPoint, histogramPoint, exponentialPoint, summaryPoint].map(
  points,
) as [Message, Message, Message, Message];
const metric = message({
  1: ['name', 'text'],
  3: ['unit', 'text'],
  5: ['gauge', () => gauge],
  7: ['sum', () => gauge],
  9: ['histogram', () => histogram],
  10: ['exponentialHistogram', () => exponential],
  11: ['summary', () => summary],
});
const scopeMetrics = message({ 2: ['metrics[]', () => metric] });
const resourceMetrics = message({ 1: ['resource', () => resource], 2: ['scopeMetrics[]', () => scopeMetrics] });
/** What is sent to `/v1/metrics`. */
export const metricsRequest: Message = message({ 1: ['resourceMetrics[]', () => resourceMetrics] });

/** Reads a request of `/v1/metrics`, or a batch of the same shape in a file or a topic. */
export function readOtlpMetrics(body: Uint8Array | string, intake: Intake<Metric>): void {
  forEachRequest(body, { intake, described: metricsRequest }, (request) => readOtlpMetricsRequest(request, intake));
}

/** Reads a request that is decoded. */
export function readOtlpMetricsRequest(request: unknown, intake: Intake<Metric>): void {
  if (!isBag(request) || (request['resourceMetrics'] === undefined && Object.keys(request).length > 0)) {
    intake.refuse('INPUT_UNKNOWN', 'it has no resourceMetrics');
    return;
  }
  const before = intake.elements;
  const list = listIn(request, 'resourceMetrics', intake);
  for (const each of list) {
    if (!isBag(each)) intake.wrong('resourceMetrics', each, 'an object');
    else {
      const origin = originOf(each['resource'], intake);
      if (origin !== null) readScopes(each, origin, intake);
    }
  }
  if (list.length > 0 && intake.elements === before) intake.refuse('INPUT_UNKNOWN', 'it holds no data points');
}

function readScopes(from: Bag, origin: Origin, intake: Intake<Metric>): void {
  const scopes = from['scopeMetrics'] === undefined ? 'instrumentationLibraryMetrics' : 'scopeMetrics';
  for (const scope of listIn(from, scopes, intake)) {
    if (!isBag(scope)) intake.wrong(scopes, scope, 'an object');
    else for (const each of listIn(scope, 'metrics', intake)) readMetric(each, origin, intake);
  }
}

/** A metric, as its points are read. */
interface Family {
  readonly name: string;
  readonly unit: string;
  readonly kind: MetricKind;
  readonly delta: boolean;
  readonly monotonic: boolean;
  readonly origin: Origin;
}

type ReadPoint = (point: Bag, family: Family, intake: Intake<Metric>) => void;

const readers: readonly (readonly [field: string, read: ReadPoint])[] = [
  ['gauge', readNumber],
  ['sum', readNumber],
  ['histogram', readHistogram],
  ['exponentialHistogram', readHistogram],
  ['summary', readSummary],
];

function readMetric(value: unknown, origin: Origin, intake: Intake<Metric>): void {
  if (!isBag(value)) return intake.wrong('metrics', value, 'an object');
  let isRead = false;
  for (const [field, read] of readers) {
    const data = value[field];
    if (data === undefined) continue;
    isRead = true;
    if (!isBag(data)) {
      intake.wrong(field, data, 'an object');
      continue;
    }
    const list = listIn(data, 'dataPoints', intake);
    const name = value['name'];
    if (!isMetricName(name, intake, list.length)) continue;
    const delta = isDelta(data['aggregationTemporality']);
    const monotonic = data['isMonotonic'] === true;
    const kind = field === 'sum' ? (delta ? 'delta' : monotonic ? 'counter' : 'gauge') : 'gauge';
    const family: Family = { name, unit: textOf(value['unit']) ?? '', kind, delta, monotonic, origin };
    for (const point of list) {
      if (isBag(point)) read(point, family, intake);
      else intake.wrong('dataPoints', point, 'an object');
    }
  }
  if (!isRead) intake.wrong('metrics', value['name'], 'a metric with data of a kind that is known');
}

const isDelta = (temporality: unknown): boolean =>
  temporality === 1 || temporality === 'AGGREGATION_TEMPORALITY_DELTA' || temporality === '1';

/** What points of all kinds have; null, and refused, where something is wrong with it. */
function frameOf(point: Bag, family: Family, intake: Intake<Metric>): Frame | null {
  const time = timeOfNanos(point['timeUnixNano']);
  if (!intake.timely(time, 'timeUnixNano', point['timeUnixNano'])) return null;
  const labels = pointLabels(point, family.origin, intake);
  if (labels === null) return null;
  const began = timeOfNanos(point['startTimeUnixNano']);
  const { service, instance } = family.origin;
  // Zero says that the start is not known.
  const start = began > 0 && began <= time ? began : null;
  const ended = (numberOf(point['flags']) & 1) === 1;
  return { time, service, instance, name: family.name, labels, start, unit: family.unit, ended };
}

interface Frame extends Omit<Metric, 'kind' | 'value' | 'histogram' | 'member'> {
  readonly labels: Labels;
  readonly start: Time | null;
}

function metricOf(frame: Frame, kind: MetricKind, value: number): Metric {
  const { time, service, instance, name, labels, start, unit, ended } = frame;
  return { time, service, instance, name, labels, kind, value, start, unit, histogram: null, member: null, ended };
}

function readNumber(point: Bag, family: Family, intake: Intake<Metric>): void {
  const frame = frameOf(point, family, intake);
  if (frame === null) return;
  const { kind } = family;
  if (frame.ended) {
    intake.records.push(metricOf(frame, kind, Number.NaN));
    return;
  }
  const got = point['asDouble'] ?? point['asInt'];
  const value = numberOf(got);
  if (Number.isNaN(value)) return intake.wrong('value', got, 'a finite number');
  if (family.monotonic && value < 0) return intake.wrong('value', got, 'a count, which is not below 0');
  intake.records.push(metricOf(frame, kind, value));
}

function readHistogram(point: Bag, family: Family, intake: Intake<Metric>): void {
  const frame = frameOf(point, family, intake);
  if (frame === null) return;
  let found: Histogram | null = null;
  if (!frame.ended) {
    found =
      'scale' in point || 'positive' in point || 'zeroCount' in point
        ? exponentialHistogram(point, family.delta, intake)
        : explicitHistogram(point, family.delta, intake);
    if (found === null) return;
  }
  intake.records.push({ ...metricOf(frame, 'histogram', Number.NaN), histogram: found });
}

function readSummary(point: Bag, family: Family, intake: Intake<Metric>): void {
  const frame = frameOf(point, family, intake);
  if (frame === null) return;
  const [count, sum] = [numberOf(point['count'] ?? 0), numberOf(point['sum'] ?? 0)];
  if (!frame.ended && !(count >= 0)) return intake.wrong('count', point['count'], 'a count, which is not below 0');
  if (!frame.ended && Number.isNaN(sum)) return intake.wrong('sum', point['sum'], 'a finite number');
  const found: Histogram = { ...noBuckets, delta: false, count, sum };
  const histogram = frame.ended ? null : found;
  intake.records.push({ ...metricOf(frame, 'histogram', Number.NaN), histogram });
}

const noBuckets = { min: null, max: null, bounds: [], counts: [], exponential: null } as const;
