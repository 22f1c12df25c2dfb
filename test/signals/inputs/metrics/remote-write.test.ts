import { compress } from 'snappyjs';
import { describe, expect, test } from 'vitest';
import { Intake } from '../../../../signals/inputs/intake.ts';
import type { Metric } from '../../../../signals/inputs/metrics/metric.ts';
import { readRemoteWrite, writeRequest } from '../../../../signals/inputs/metrics/remote-write.ts';
import { writeRequestBytes } from '../../../support/inputs/foreign-bodies.ts';
import { encodeProtobuf } from '../../../support/inputs/protobuf-writer.ts';
import { now } from '../../../support/inputs/readers.ts';

const block = (bytes: Buffer) => Buffer.from(compress<Uint8Array>(bytes));

function taken(body: Uint8Array): Intake<Metric> {
  const intake = new Intake<Metric>('remote write', now);
  readRemoteWrite(body, intake);
  return intake;
}

const labelled = (labels: Readonly<Record<string, string>>, ...samples: readonly object[]) => ({
  labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
  samples: samples.length === 0 ? [{ value: 1, timestamp: now }] : samples,
});
const sent = (timeseries: readonly object[], more: object = {}) =>
  taken(block(encodeProtobuf({ timeseries, ...more }, writeRequest)));
const codes = (intake: Intake<Metric>) => intake.refused.map(({ code, count }) => [code, count]);

test('what another implementation writes is read, with a native histogram', () => {
  const { records, refused } = taken(block(writeRequestBytes));
  expect(refused).toEqual([]);
  expect(records).toMatchObject([
    {
      time: 1769676684967,
      service: 'cart',
      name: 'http_requests_total',
      kind: 'counter',
      value: 12,
      labels: { code: '500', job: 'cart' },
    },
    { time: 1769676699967, value: 0 },
    {
      name: 'latency_seconds',
      unit: 'seconds',
      // Upper ends 2^(0/2) to 2^(2/2) are lower ends from 2^(-1/2) on.
      histogram: {
        count: 6,
        sum: 3.5,
        exponential: { scale: 1, zeroCount: 1, positive: { offset: -2, counts: [1, 2, 0, 2] } },
      },
    },
  ]);
});

test('a stale marker ends the series, and another value that is no number is refused', () => {
  const { records, refused } = sent([
    labelled(
      { __name__: 'up', job: 'cart' },
      { value: null, timestamp: now },
      { value: Number.NaN, timestamp: now },
      { value: 1, timestamp: now },
    ),
  ]);
  expect(records).toMatchObject([
    { ended: true, value: Number.NaN },
    { ended: false, value: 1 },
  ]);
  expect(refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG', count: 1 }]);
});

test.each([
  ['http_requests_total', {}, 'counter'],
  ['latency_seconds_bucket', { le: '0.5' }, 'counter'],
  ['latency_seconds_sum', {}, 'counter'],
  ['latency_seconds_count', {}, 'counter'],
  ['queue_count', {}, 'gauge'],
  ['up', {}, 'gauge'],
])('without metadata %s with %j is a %s', (name, labels, kind) => {
  expect(sent([labelled({ __name__: name, ...labels })]).records[0]?.kind).toBe(kind);
});

test('metadata decide what a series is', () => {
  const series = [labelled({ __name__: 'queue_count' }), labelled({ __name__: 'a_total' })];
  const metadata = [
    { type: 3, metricFamilyName: 'queue', unit: 'jobs' },
    { type: 2, metricFamilyName: 'a_total' },
  ];
  expect(sent(series, { metadata }).records).toMatchObject([{ kind: 'counter', unit: 'jobs' }, { kind: 'gauge' }]);
  // And do not, for a request without them.
  expect(sent(series).records).toMatchObject([{ kind: 'gauge' }, { kind: 'counter' }]);
});

test.each([
  [
    'the pod of a target that reports about it',
    { job: 'kubelet', service: 'kubelet', pod: 'cart-75ff987878-kh56q', container: 'server' },
    'cart',
  ],
  [
    'the target, of which the pod is a version',
    { job: 'cart', service: 'cart', pod: 'cart-v2-75ff987878-kh56q' },
    'cart',
  ],
  ['what it was called before the scrape', { job: 'gateway', exported_service: 'billing' }, 'billing'],
  ['the deployment', { job: 'kube-state-metrics', deployment: 'shop' }, 'shop'],
  ['the app', { app: 'shop', job: 'pods', pod: 'x-75ff987878-kh56q' }, 'shop'],
  ['the job', { job: 'node', instance: '10.0.0.7:9100' }, 'node'],
  ['the host without its port', { instance: '10.0.0.7:9100' }, '10.0.0.7'],
])('a service is %s', (_, labels, service) => {
  expect(sent([labelled({ __name__: 'm', ...labels })]).records[0]?.service).toBe(service);
});

describe('refused are', () => {
  test('series with two labels of one name, or without a name, with all of their samples', () => {
    const twice = {
      ...labelled({ __name__: 'm' }),
      labels: ['__name__', 'a', 'a'].map((name) => ({ name, value: 'x' })),
    };
    const all = sent([
      { ...twice, samples: [{ timestamp: now }, { timestamp: now }] },
      labelled({ job: 'x' }),
      labelled({ __name__: 'm' }),
    ]);
    expect(all.records).toHaveLength(1);
    expect(codes(all)).toEqual([
      ['INPUT_FIELD_WRONG', 2],
      ['INPUT_FIELD_WRONG', 1],
    ]);
  });

  test('samples of impossible times, and counters below zero', () => {
    const samples = [{ value: 1 }, { value: 1, timestamp: 4102444800000 }, { value: -1, timestamp: now }];
    expect(codes(sent([labelled({ __name__: 'a_total' }, ...samples)]))).toEqual([
      ['INPUT_TIME_WRONG', 2],
      ['INPUT_FIELD_WRONG', 1],
    ]);
  });

  test('blocks that are cut short, or say to hold more than may be', () => {
    const whole = block(writeRequestBytes);
    expect(codes(taken(whole.subarray(0, whole.length - 3)))).toEqual([['INPUT_UNREADABLE', 1]]);
    expect(codes(taken(Buffer.from('ffffffff0f00', 'hex')))).toEqual([['INPUT_TOO_LARGE', 1]]);
    expect(codes(taken(Buffer.from('{"a": 1}')))).toEqual([['INPUT_UNREADABLE', 1]]);
  });

  test('remote write 2.0, and what holds no sample', () => {
    const second = sent([], { symbols: ['61'] });
    expect(codes(second)).toEqual([['INPUT_UNKNOWN', 1]]);
    expect(second.refused[0]?.reason).toContain('2.0');
    expect(codes(taken(block(Buffer.from('f80101', 'hex'))))).toEqual([['INPUT_UNKNOWN', 1]]);
  });
});

test('metadata alone are no fault', () => {
  expect(sent([], { metadata: [{ type: 1, metricFamilyName: 'a_total' }] }).elements).toBe(0);
});
