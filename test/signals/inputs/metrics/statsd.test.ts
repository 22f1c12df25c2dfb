import { expect, test } from 'vitest';
import { Intake } from '../../../../signals/inputs/intake.ts';
import type { Metric } from '../../../../signals/inputs/metrics/metric.ts';
import { readStatsd } from '../../../../signals/inputs/metrics/statsd.ts';
import { now } from '../../../support/inputs/readers.ts';

function taken(body: string): Intake<Metric> {
  const intake = new Intake<Metric>('StatsD', now);
  readStatsd(body, intake);
  return intake;
}

test.each([
  ['orders:3|c', { kind: 'delta', value: 3, time: now, service: 'unknown', labels: {} }],
  [
    'orders:3|c|@0.1|#service:shop,eu',
    { kind: 'delta', value: 30, service: 'shop', labels: { eu: 'true', service: 'shop' } },
  ],
  ['queue:12.5|g', { kind: 'gauge', value: 12.5 }],
  ['queue:-2|g|#a:b', { kind: 'gauge', value: -2 }],
  [
    'paid:320|ms|@0.5',
    { kind: 'histogram', unit: 'ms', histogram: { delta: true, count: 2, sum: 640, min: 320, max: 320 } },
  ],
  ['size:7|h', { histogram: { count: 1, sum: 7 } }],
  ['size:7|d|T1769676684', { time: 1769676684000 }],
  ['users:ada|s', { kind: 'set', member: 'ada' }],
  ['orders,service=shop,code=5:1|c', { name: 'orders', service: 'shop', labels: { code: '5', service: 'shop' } }],
  ['orders;service=shop:1|c', { name: 'orders', service: 'shop' }],
  ['orders[service=shop,url=a:b]:1|c', { name: 'orders', value: 1, labels: { service: 'shop', url: 'a:b' } }],
  ['orders:1|c|c:ci-abc|#pod_name:cart-75ff987878-kh56q', { service: 'cart', instance: 'cart-75ff987878-kh56q' }],
])('%s', (line, record) => {
  expect(taken(line)).toMatchObject({ records: [record], refused: [] });
});

test('a line may hold several values, and a datagram several lines', () => {
  expect(taken('a:1:2:3|c\r\nb:4|g\n').records.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
});

test.each([
  ['a value that is none', 'a:x|c', 'INPUT_FIELD_WRONG', 1],
  ['no number', 'a:NaN|g', 'INPUT_FIELD_WRONG', 1],
  ['a count below zero', 'a:-1|c', 'INPUT_FIELD_WRONG', 1],
  ['what a gauge changes by', 'a:+3|g\na:-3|g', 'INPUT_FIELD_WRONG', 2],
  ['an unknown type', 'a:1|x', 'INPUT_FIELD_WRONG', 1],
  ['no type', 'a:1', 'INPUT_FIELD_WRONG', 1],
  ['no name', ':1|c', 'INPUT_FIELD_WRONG', 1],
  ['a rate that is none', 'a:1:2|c|@0', 'INPUT_FIELD_WRONG', 2],
  ['two tags of one name', 'a:1|c|#x:1,x:2', 'INPUT_FIELD_WRONG', 1],
  ['a time of 1970', 'a:1|c|T5', 'INPUT_TIME_WRONG', 1],
  ['an event', '_e{1,1}:a|b', 'INPUT_UNKNOWN', 1],
])('%s is refused', (_, line, code, count) => {
  expect(taken(line)).toMatchObject({ records: [], refused: [{ code, count }] });
});
