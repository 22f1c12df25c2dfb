import { describe, expect, test } from 'vitest';
import { Intake } from '../../../../signals/inputs/intake.ts';
import type { Metric } from '../../../../signals/inputs/metrics/metric.ts';
import { metricsRequest, readOtlpMetrics } from '../../../../signals/inputs/metrics/otlp.ts';
import { metricsBytes } from '../../../support/inputs/foreign-bodies.ts';
import { encodeProtobuf } from '../../../support/inputs/protobuf-writer.ts';
import { cartResource, now } from '../../../support/inputs/readers.ts';

const nanos = '1769676684967123456';

function taken(body: Uint8Array | string): Intake<Metric> {
  const intake = new Intake<Metric>('OTLP metrics', now);
  readOtlpMetrics(body, intake);
  return intake;
}

const request = (metric: object, resource: unknown = cartResource) => ({
  resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'm', ...metric }] }] }],
});
const points = (field: string, data: object, ...list: readonly object[]) =>
  taken(
    JSON.stringify(request({ [field]: { ...data, dataPoints: list.map((p) => ({ timeUnixNano: nanos, ...p })) } })),
  );
const reasons = (intake: Intake<Metric>) => intake.refused.map(({ code, count }) => [code, count]);

test('what OpenTelemetry itself writes is read', () => {
  const { records, refused } = taken(metricsBytes);
  expect(refused).toEqual([]);
  const common = { time: 1769676684967.123, service: 'cart', instance: 'cart-75ff987878-kh56q', start: 1769676000000 };
  expect(records).toMatchObject([
    {
      ...common,
      name: 'requests',
      kind: 'counter',
      value: 42.5,
      unit: '1',
      labels: { code: '200', ok: 'true', path: '/a' },
    },
    { ...common, name: 'queue', kind: 'gauge', value: -7 },
    {
      name: 'latency',
      kind: 'histogram',
      histogram: { delta: true, count: 4, sum: 90, bounds: [10, 50], counts: [2, 1, 1] },
    },
    {
      name: 'size',
      histogram: {
        ...{ delta: false, count: 5, min: -2, max: 8 },
        exponential: {
          scale: 3,
          zeroCount: 1,
          positive: { offset: -2, counts: [1, 2] },
          negative: { offset: 1, counts: [1] },
        },
      },
    },
  ]);
});

test('JSON and Protocol Buffers of one request are the same records', () => {
  const sent = request({
    sum: { isMonotonic: true, aggregationTemporality: 1, dataPoints: [{ timeUnixNano: nanos, asInt: '3' }] },
  });
  expect(taken(encodeProtobuf(sent, metricsRequest)).records).toEqual(taken(JSON.stringify(sent)).records);
});

describe('a value', () => {
  test.each([
    ['gauge', {}, 'gauge'],
    ['sum', { isMonotonic: true, aggregationTemporality: 2 }, 'counter'],
    ['sum', { isMonotonic: true, aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA' }, 'delta'],
    ['sum', { isMonotonic: false, aggregationTemporality: 2 }, 'gauge'],
    ['sum', { aggregationTemporality: 1 }, 'delta'],
  ])('of a %s with %j is a %s', (field, data, kind) => {
    expect(points(field, data, { asDouble: 2 }).records).toMatchObject([{ kind, value: 2 }]);
  });

  test('that is no finite number, or a count below zero, is refused', () => {
    const counter = { isMonotonic: true, aggregationTemporality: 2 };
    const all = points('sum', counter, { asDouble: 'NaN' }, { asDouble: -1 }, { asInt: 'x' }, {}, { asDouble: 5 });
    expect(all.records).toMatchObject([{ value: 5 }]);
    expect(reasons(all)).toEqual([['INPUT_FIELD_WRONG', 4]]);
    expect(all.refused[0]?.reason).toContain('value is "NaN", not a finite number');
  });

  test('that was not recorded ends the series', () => {
    expect(points('gauge', {}, { flags: 1 }).records).toMatchObject([{ ended: true, value: Number.NaN }]);
  });
});

test('a time of 1970, of 2100, or none is refused, and the others are kept', () => {
  const all = points(
    'gauge',
    {},
    { timeUnixNano: '0' },
    { timeUnixNano: '5000000000' },
    { timeUnixNano: '4102444800000000000' },
  );
  expect(reasons(all)).toEqual([['INPUT_TIME_WRONG', 3]]);
});

describe('a histogram is refused', () => {
  test.each([
    ['whose buckets do not match its bounds', { count: '3', bucketCounts: ['3'], explicitBounds: [1] }],
    ['whose bounds do not rise', { count: '3', bucketCounts: ['1', '1', '1'], explicitBounds: [2, 1] }],
    ['whose count is not the sum of its buckets', { count: '4', bucketCounts: ['1', '2'], explicitBounds: [1] }],
    ['with a bucket below zero', { count: '1', bucketCounts: ['-1', '2'], explicitBounds: [1] }],
    ['with a count that is none', { count: 'many', bucketCounts: 'x', explicitBounds: {} }],
  ])('%s', (_, point) => {
    expect(reasons(points('histogram', {}, point))).toEqual([['INPUT_FIELD_WRONG', 1]]);
  });

  test('that has too many buckets', () => {
    const bucketCounts = Array.from({ length: 3_000 }, () => '0');
    expect(reasons(points('histogram', {}, { count: '0', bucketCounts }))).toEqual([['INPUT_TOO_LARGE', 1]]);
  });
});

describe('labels', () => {
  test('of one name twice are refused, and so are too many', () => {
    const twice = [1, 2].map((i) => ({ key: 'code', value: { intValue: i } }));
    const many = Array.from({ length: 80 }, (_, i) => ({ key: `k${i}`, value: { stringValue: 'x' } }));
    expect(reasons(points('gauge', {}, { asInt: 1, attributes: twice }, { asInt: 1, attributes: many }))).toEqual([
      ['INPUT_FIELD_WRONG', 2],
    ]);
  });

  test('are in the order of their names, and long values keep a hash of the whole', () => {
    const attributes = ['b', 'a'].map((key) => ({ key, value: { stringValue: key.repeat(2_000) } }));
    const labels = points('gauge', {}, { asInt: 1, attributes }).records[0]!.labels;
    expect(Object.keys(labels)).toEqual(['a', 'b', 'k8s.namespace.name']);
    expect(labels['a']).toHaveLength(400);
  });
});

describe('the service', () => {
  const serviceOf = (...attributes: readonly (readonly [string, string])[]) =>
    taken(
      JSON.stringify(
        request(
          { gauge: { dataPoints: [{ timeUnixNano: nanos, asInt: 1 }] } },
          { attributes: attributes.map(([key, stringValue]) => ({ key, value: { stringValue } })) },
        ),
      ),
    ).records[0]!.service;

  test('is that of the resource, else its workload', () => {
    expect(serviceOf(['service.name', 'cart'], ['k8s.deployment.name', 'x'])).toBe('cart');
    expect(serviceOf(['service.name', 'unknown_service:java'], ['k8s.deployment.name', 'shop'])).toBe('shop');
    expect(serviceOf(['service.name', 'unknown_service:node'], ['k8s.pod.name', 'cart-75ff987878-kh56q'])).toBe('cart');
    expect(serviceOf()).toBe('unknown');
  });
});

describe('a body', () => {
  test('that is no request is refused as one', () => {
    for (const body of [
      '{"resourceSpans": []}',
      '[1]',
      'no JSON',
      '',
      Buffer.from('hello'),
      Buffer.from('fa01026161', 'hex'),
    ]) {
      if (body.length > 0) expect(taken(body).elements, `${body}`).toBe(1);
    }
  });

  test('of none is a request for nothing', () => {
    expect(taken(Buffer.alloc(0)).elements).toBe(0);
    expect(taken('{"resourceMetrics": []}').elements).toBe(0);
  });

  test('that is cut off keeps what stands before', () => {
    const { records, refused } = taken(Buffer.concat([metricsBytes, Buffer.from('0aff', 'hex')]));
    expect(records).toHaveLength(4);
    expect(refused).toMatchObject([{ code: 'INPUT_UNREADABLE', count: 1 }]);
  });

  test('that is too large is refused before it is read', () => {
    expect(reasons(taken(Buffer.alloc(17 << 20, 0x0a)))).toEqual([['INPUT_TOO_LARGE', 1]]);
    expect(reasons(taken(' '.repeat(17 << 20)))).toEqual([['INPUT_TOO_LARGE', 1]]);
  });
});
