/**
 * Points of metrics as records of JSON: `timestamp`, `service`, `name`, `value`, and `instance`, `kind`, `start`,
 * `labels`, `unit` as far as there are any. One record, a list of them, or one a line. Where `kind` says nothing, a name
 * that ends in `_total` is a counter's. A point without a value, as null or NaN written out, is passed over; `ended` true
 * ends its series.
 */

import { boundedName } from '../../../logs/lines/source-name.ts';
import type { Intake } from '../intake.ts';
import { type Labels, labelsFrom, noLabels, whyNoLabels } from '../labels.ts';
import { type Bag, forEachValue, isBag, textOf, timeOfAny } from '../values.ts';
import { isCounterName, isMetricName, type Metric } from './metric.ts';

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
  if (!isBag(value)) return intake.wrong('record', value, 'an object');
  const { timestamp, service, instance = null, name, kind, start = null, unit } = value;
  const time = timeOfAny(timestamp);
  if (!intake.timely(time, 'timestamp', timestamp) || !isMetricName(name, intake)) return;
  const [owner, place] = [textOf(service), textOf(instance)];
  if (owner === undefined) return intake.wrong('service', service, 'a text');
  if (instance !== null && place === undefined) return intake.wrong('instance', instance, 'a text');
  const found = kind ?? (isCounterName(name) ? 'counter' : 'gauge');
  if (found !== 'gauge' && found !== 'counter' && found !== 'delta') {
    return intake.wrong('kind', kind, 'gauge, counter or delta');
  }
  const labels = labelsIn(value, intake);
  if (labels === null) return;
  const began = start === null ? null : timeOfAny(start);
  if (began !== null && !intake.timely(began, 'start', start)) return;
  const got = value['value'];
  const ended = value['ended'] === true;
  if (!ended && (got === null || got === 'NaN')) {
    intake.passed++;
    return;
  }
  if (!ended && !Number.isFinite(got)) return intake.wrong('value', got, 'a finite number or null');
  if (!ended && found !== 'gauge' && (got as number) < 0) return intake.wrong('value', got, 'a count, not below 0');
  intake.records.push({
    time,
    service: boundedName(owner),
    instance: place === undefined ? null : boundedName(place),
    name,
    labels,
    kind: found,
    value: ended ? Number.NaN : (got as number),
    start: began,
    unit: textOf(unit) ?? '',
    histogram: null,
    member: null,
    ended,
  });
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
