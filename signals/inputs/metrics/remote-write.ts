/**
 * Prometheus remote write 1.0: a message of Protocol Buffers (prompb, WriteRequest) in a block of snappy. An element is
 * a sample, or a native histogram. A series whose labels can't be read costs its samples.
 *
 * Samples do not say what they are. Metadata does, where it comes along; else the name: `_total`, and `_bucket` with a
 * label `le`, count, and so do `_sum` and `_count` behind a unit. A value that is no number but
 * has the bits of a stale marker ends its series; any other is refused.
 */
import { decodeProtobuf } from '../../../codecs/protobuf.ts';
import { type Message, message } from '../../../codecs/protobuf-message.ts';
import { unsnapBlock } from '../../../codecs/snappy.ts';
import { TooLarge } from '../../../codecs/too-large.ts';
import { reasonOf } from '../../../errors.ts';
import type { Intake } from '../intake.ts';
import { type Labels, labelsFrom, type Subject, subjectOf, whyNoLabels } from '../labels.ts';
import { type Bag, bagOf, isBag, listIn, numberOf, textOf } from '../values.ts';
import { isCounterName, isMetricName, type Metric, type MetricKind } from './metric.ts';
import { nativeHistogram, nativeHistogramMessage } from './native-histogram.ts';

const label = message({ 1: ['name', 'text'], 2: ['value', 'text'] });
const sample = message({ 1: ['value', 'sample'], 2: ['timestamp', 'int'] });
const timeSeries = message({
  1: ['labels[]!', () => label],
  2: ['samples[]', () => sample],
  4: ['histograms[]', () => nativeHistogramMessage],
});
const metadataMessage = message({ 1: ['type', 'int'], 2: ['metricFamilyName', 'text'], 5: ['unit', 'text'] });
/** What is sent to `/api/v1/write`, before it is compressed. */
export const writeRequest: Message = message({
  1: ['timeseries[]', () => timeSeries],
  3: ['metadata[]', () => metadataMessage],
  // Of 2.0 only, which has its texts here.
  4: ['symbols[]', 'hex'],
});

/** What a request may hold when decompressed; in bytes. */
const mostUnpacked = 32 << 20;

/** Reads the body of a request, as it was sent. */
export function readRemoteWrite(body: Uint8Array, intake: Intake<Metric>): void {
  let bytes: Uint8Array;
  try {
    bytes = unsnapBlock(body, mostUnpacked);
  } catch (error) {
    if (error instanceof TooLarge) {
      intake.refuse('INPUT_TOO_LARGE', 'the block', `the block says to hold more than ${mostUnpacked} bytes`);
    } else intake.refuse('INPUT_UNREADABLE', 'the block', `the block of snappy can't be read: ${reasonOf(error)}`);
    return;
  }
  const { value, wrong, tooMuch } = decodeProtobuf(bytes, writeRequest);
  const request = bagOf(value);
  if (request['symbols'] !== undefined)
    return intake.refuse('INPUT_UNKNOWN', 'it is remote write 2.0, and 1.0 is read');
  const before = intake.elements;
  const families = familiesIn(request, intake);
  for (const series of listIn(request, 'timeseries', intake)) readSeries(series, families, intake);
  if (wrong !== null) intake.refuse(tooMuch ? 'INPUT_TOO_LARGE' : 'INPUT_UNREADABLE', 'the message breaks off', wrong);
  else if (bytes.length > 0 && intake.elements === before && families.size === 0) {
    intake.refuse('INPUT_UNKNOWN', 'it holds no samples');
  }
}

/** What metadata say of a family of metrics. */
interface Metadata {
  readonly type: number;
  readonly unit: string;
}

const types = { counter: 1, gauge: 2 } as const;

function familiesIn(request: Bag, intake: Intake<Metric>): ReadonlyMap<string, Metadata> {
  const families = new Map<string, Metadata>();
  for (const each of listIn(request, 'metadata', intake)) {
    const { metricFamilyName, type, unit } = bagOf(each);
    if (typeof metricFamilyName !== 'string') continue;
    families.set(metricFamilyName, { type: numberOf(type), unit: textOf(unit) ?? '' });
  }
  return families;
}

/** A series, as its samples are read. */
interface Series extends Subject {
  readonly name: string;
  readonly labels: Labels;
  readonly kind: MetricKind;
  readonly unit: string;
}

function readSeries(value: unknown, families: ReadonlyMap<string, Metadata>, intake: Intake<Metric>): void {
  if (!isBag(value)) return intake.wrong('timeseries', value, 'an object');
  const samples = listIn(value, 'samples', intake);
  const histograms = listIn(value, 'histograms', intake);
  const series = seriesOf(value, { families, elements: samples.length + histograms.length }, intake);
  if (series === null) return;
  for (const each of samples) readSample(each, series, intake);
  for (const each of histograms) {
    const found = isBag(each) ? nativeHistogram(each, intake) : intake.wrong('histograms', each, 'an object');
    if (found === undefined || found === null) continue;
    intake.records.push({
      ...metricOf(series, found.time, Number.NaN),
      kind: 'histogram',
      histogram: found.histogram,
      ended: found.histogram === null,
    });
  }
}

function readSample(value: unknown, series: Series, intake: Intake<Metric>): void {
  if (!isBag(value)) return intake.wrong('samples', value, 'an object');
  // What is 0 is not written.
  const { value: got = 0, timestamp = 0 } = value;
  const time = numberOf(timestamp);
  if (!intake.timely(time, 'timestamp', timestamp)) return;
  if (got === null) {
    intake.records.push({ ...metricOf(series, time, Number.NaN), ended: true });
    return;
  }
  const number = numberOf(got);
  if (Number.isNaN(number)) return intake.wrong('value', got, 'a finite number');
  if (series.kind === 'counter' && number < 0) return intake.wrong('value', got, 'a count, which is not below 0');
  intake.records.push(metricOf(series, time, number));
}

function metricOf(series: Series, time: number, value: number): Metric {
  const { service, instance, name, labels, kind, unit } = series;
  const [start, histogram, member, ended] = [null, null, null, false];
  return { time, service, instance, name, labels, kind, value, start, unit, histogram, member, ended };
}

/** The series of some labels; null, and its elements refused, if they are none of a series. */
function seriesOf(
  bag: Bag,
  { families, elements }: { readonly families: ReadonlyMap<string, Metadata>; readonly elements: number },
  intake: Intake<Metric>,
): Series | null {
  const list = bag['labels'] ?? noLabelList;
  const known = families.size === 0 ? seriesKept.get(list as object) : undefined;
  if (known !== undefined) return known;
  const pairs: string[] = [];
  let name: unknown;
  let why: unknown;
  for (const each of list as readonly unknown[]) {
    if (!isBag(each)) why = each;
    else {
      const [key, text] = [textOf(each['name']) ?? '', textOf(each['value']) ?? ''];
      if (key === nameLabel) name = text;
      // An empty label is as good as none.
      else if (text !== '') pairs.push(key, text);
    }
  }
  why ??= whyNoLabels(pairs) ?? undefined;
  if (why !== undefined) {
    for (let i = 0; i < elements; i++) intake.wrong('labels', why, 'labels of a series');
    return null;
  }
  if (!isMetricName(name, intake, elements)) return null;
  const labels = labelsFrom(pairs);
  const { service, instance } = subjectOf(labels);
  const { kind, unit } = meaningOf(name, labels, families);
  const series: Series = { name, labels, kind, unit, service, instance };
  if (families.size === 0) seriesKept.set(list as object, series);
  return series;
}

/** Series by their lists of labels, which are the same for the same bytes. */
const seriesKept = new WeakMap<object, Series>();
const noLabelList: readonly unknown[] = [];
const nameLabel = '__name__';

/** What a sample of that name is, and its unit. */
function meaningOf(
  name: string,
  labels: Labels,
  families: ReadonlyMap<string, Metadata>,
): { readonly kind: MetricKind; readonly unit: string } {
  const own = families.get(name);
  if (own !== undefined) return { kind: own.type === types.counter ? 'counter' : 'gauge', unit: own.unit };
  const cut = name.lastIndexOf('_');
  const [stem, part] = [name.slice(0, cut), name.slice(cut)];
  const family = families.get(stem);
  if (family !== undefined && parts.has(part)) {
    return { kind: family.type === types.gauge ? 'gauge' : 'counter', unit: family.unit };
  }
  const isBucket = part === '_bucket' && labels['le'] !== undefined;
  const isSum = (part === '_sum' || part === '_count') && measured.test(stem);
  return { kind: isBucket || isSum || isCounterName(name) ? 'counter' : 'gauge', unit: '' };
}

const parts = new Set(['_bucket', '_sum', '_count', '_total']);
/** What is observed, and not counted, has a unit at its end. */
const measured = /_(?:seconds|milliseconds|microseconds|ms|us|bytes|size|duration|latency|time|ratio)$/;
