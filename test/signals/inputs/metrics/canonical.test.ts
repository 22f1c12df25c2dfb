import { expect, test } from 'vitest';
import { Intake } from '../../../../signals/inputs/intake.ts';
import { readMetrics } from '../../../../signals/inputs/metrics/canonical.ts';
import type { Metric } from '../../../../signals/inputs/metrics/metric.ts';
import { now } from '../../../support/inputs/readers.ts';

function taken(body: string): Intake<Metric> {
  const intake = new Intake<Metric>('metrics', now);
  readMetrics(body, intake);
  return intake;
}
const point = { timestamp: '2026-01-29T08:51:24.967125Z', service: 'cart', name: 'cpu', value: 0.4 };
const record = (changed: object) => taken(JSON.stringify({ ...point, ...changed }));

test('a record is a point, to the microsecond', () => {
  const { records } = record({});
  expect(records).toMatchObject([
    { time: 1769676684967.125, service: 'cart', instance: null, kind: 'gauge', value: 0.4 },
  ]);
  expect(record({ name: 'a_total' }).records[0]?.kind).toBe('counter');
  expect(record({ name: 'a_total', kind: 'gauge' }).records[0]?.kind).toBe('gauge');
  expect(record({ name: 'total' }).records[0]?.kind).toBe('gauge');
  expect(record({ labels: { b: 'x', a: 1 } }).records[0]?.labels).toEqual({ a: '1', b: 'x' });
  expect(record({ start: '2026-01-29T08:00:00Z' }).records[0]?.start).toBe(1769673600000);
});

test('a point without a value is passed over, and one that ends its series is not', () => {
  for (const value of [null, 'NaN', '+Inf', '-Inf']) {
    expect(record({ value })).toMatchObject({ records: [], passed: 1, refused: [] });
  }
  expect(record({ value: null, ended: true }).records).toMatchObject([{ ended: true }]);
});

test.each([
  ['timestamp', { timestamp: '2026-01-29' }, 'INPUT_TIME_WRONG'],
  ['timestamp', { timestamp: '2100-01-29T00:00:00Z' }, 'INPUT_TIME_WRONG'],
  ['timestamp', { timestamp: '2026-01-29T08:00:00' }, 'INPUT_TIME_WRONG'],
  ['service', { service: 7 }, 'INPUT_FIELD_WRONG'],
  ['service', { service: undefined }, 'INPUT_FIELD_WRONG'],
  ['name', { name: '' }, 'INPUT_FIELD_WRONG'],
  ['name', { name: 'x'.repeat(500) }, 'INPUT_FIELD_WRONG'],
  ['value', { value: '1' }, 'INPUT_FIELD_WRONG'],
  ['value', { value: undefined }, 'INPUT_FIELD_WRONG'],
  ['kind', { kind: 'rate' }, 'INPUT_FIELD_WRONG'],
  ['instance', { instance: 5 }, 'INPUT_FIELD_WRONG'],
  ['labels', { labels: 'a' }, 'INPUT_FIELD_WRONG'],
  ['start', { start: 'x' }, 'INPUT_TIME_WRONG'],
  ['value', { value: -1, kind: 'counter' }, 'INPUT_FIELD_WRONG'],
])('a wrong %s is refused: %j', (field, changed, code) => {
  const { records, refused } = record(changed);
  expect(records).toEqual([]);
  expect(refused).toMatchObject([{ code, count: 1 }]);
  expect(refused[0]?.reason).toContain(`${field} is`);
});

test('a line that is no record costs itself alone', () => {
  const line = JSON.stringify(point);
  const { records, refused } = taken(`${line}\n{"a":\n\n[1]\n${line}`);
  expect(records).toHaveLength(2);
  expect(refused.map(({ code, count }) => [code, count])).toEqual([
    ['INPUT_FIELD_WRONG', 1],
    ['INPUT_UNREADABLE', 1],
  ]);
});

test('text is refused once, however many lines it has', () => {
  expect(taken('{\n"a": 1,\n"b"').refused).toMatchObject([{ code: 'INPUT_UNREADABLE', count: 1 }]);
});
