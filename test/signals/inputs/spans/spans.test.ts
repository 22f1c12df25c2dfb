import { describe, expect, test } from 'vitest';
import { Intake } from '../../../../signals/inputs/intake.ts';
import { readSpans } from '../../../../signals/inputs/spans/canonical.ts';
import { readJaeger } from '../../../../signals/inputs/spans/jaeger.ts';
import { readOtlpSpans } from '../../../../signals/inputs/spans/otlp.ts';
import type { Span } from '../../../../signals/inputs/spans/span.ts';
import { readZipkin } from '../../../../signals/inputs/spans/zipkin.ts';
import { spansBytes } from '../../../support/inputs/foreign-bodies.ts';
import { now, spanReaders } from '../../../support/inputs/readers.ts';

function taken(read: (body: string, intake: Intake<Span>) => void, body: unknown): Intake<Span> {
  const intake = new Intake<Span>('spans', now);
  read(typeof body === 'string' ? body : JSON.stringify(body), intake);
  return intake;
}

const record = {
  ...{ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7', service: 'cart', name: 'GET /cart' },
  ...{ start: '2026-01-29T08:51:24.967123Z', end: '2026-01-29T08:51:25.067123Z', status: 'unset' },
};
const one = (changed: object) => taken(readSpans, { ...record, ...changed });
const [otlpReader, , zipkinReader, jaegerReader] = spanReaders as [
  (typeof spanReaders)[0],
  (typeof spanReaders)[0],
  (typeof spanReaders)[0],
  (typeof spanReaders)[0],
];
const otlp = (changed: object) =>
  taken(readOtlpSpans, otlpReader.wrap([{ ...(otlpReader.elements[0] as object), ...changed }]));
const zipkin = (changed: object) => taken(readZipkin, [{ ...(zipkinReader.elements[0] as object), ...changed }]);
const jaeger = (changed: object) =>
  taken(readJaeger, jaegerReader.wrap([{ ...(jaegerReader.elements[1] as object), ...changed }]));

test('what OpenTelemetry itself writes is read', () => {
  const intake = new Intake<Span>('spans', now);
  readOtlpSpans(spansBytes, intake);
  expect(intake.refused).toEqual([]);
  expect(intake.records).toEqual([
    {
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
      parent_span_id: 'b7ad6b7169203331',
      service: 'cart',
      instance: 'cart-75ff987878-kh56q',
      name: 'GET /cart',
      operation: 'GET /cart',
      kind: 'server',
      time: 1769676685067.123,
      start: 1769676684967.123,
      end: 1769676685067.123,
      status: 'error',
      peer: null,
      attributes: { 'http.response.status_code': 503, 'http.route': '/cart', list: 'a,b' },
    },
  ]);
});

describe('ids', () => {
  test('are in lower case and of full length', () => {
    expect(one({ trace_id: '4BF92F3577B34DA', span_id: 'ABC' }).records[0]).toMatchObject({
      trace_id: '04bf92f3577b34da',
      span_id: '0000000000000abc',
    });
    expect(one({ trace_id: '14bf92f3577b34da6' }).records[0]?.trace_id).toBe('00000000000000014bf92f3577b34da6');
  });

  test.each([
    ['trace id', { trace_id: undefined }],
    ['trace id', { trace_id: '0'.repeat(32) }],
    ['trace id', { trace_id: 'S/kvNXezTaajzpKdDg5HNg==' }],
    ['trace id', { trace_id: 'f'.repeat(33) }],
    ['span id', { span_id: 7 }],
    ['span id', { span_id: '' }],
    ['parent id', { parent_span_id: 'x' }],
  ])('a wrong %s is refused: %j', (field, changed) => {
    const { records, refused } = one(changed);
    expect(records).toEqual([]);
    expect(refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG', count: 1 }]);
    expect(refused[0]?.reason).toContain(field);
  });

  test('of OTLP in base64 are refused, by the name of the field', () => {
    expect(otlp({ traceId: 'S/kvNXezTaajzpKdDg5HNg==' }).refused[0]?.reason).toContain('trace id');
  });

  test('of a parent that is not there, or all zeros, make a root', () => {
    for (const parent of [undefined, null, '', '0000000000000000', '0']) {
      expect(one({ parent_span_id: parent }).records[0]?.parent_span_id).toBeNull();
    }
  });
});

test('a span that ends before it starts is refused, and so are impossible times', () => {
  expect(one({ end: '2026-01-29T08:51:24Z' }).refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG' }]);
  for (const start of ['1970-01-01T00:00:01Z', '2100-01-01T00:00:00Z', null, 'soon']) {
    expect(one({ start }).refused).toMatchObject([{ code: 'INPUT_TIME_WRONG', count: 1 }]);
  }
  expect(otlp({ endTimeUnixNano: '0' }).refused).toMatchObject([{ code: 'INPUT_TIME_WRONG' }]);
});

test('megabytes of attributes are bounded, and counted', () => {
  const attributes = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, 'x'.repeat(3_000)]));
  const { records, cut } = one({ attributes });
  expect(cut).toBe(1);
  expect(Object.keys(records[0]!.attributes)).toHaveLength(128);
  expect(records[0]!.attributes['k0']).toHaveLength(1_024);
});

describe('status', () => {
  test.each([
    ['an error that the sender names', {}, 'error'],
    ['left open', { status: {} }, 'unset'],
    ['a word', { status: { code: 'STATUS_CODE_OK' } }, 'ok'],
    [
      'left open by a server that failed',
      { status: {}, attributes: [{ key: 'http.status_code', value: { intValue: 502 } }] },
      'error',
    ],
    [
      'named by a server that failed',
      { status: { code: 1 }, attributes: [{ key: 'http.status_code', value: { intValue: 502 } }] },
      'ok',
    ],
  ])('is %s', (_, changed, status) => {
    expect(otlp(changed).records[0]?.status).toBe(status);
  });

  test('is an error by the tag of Zipkin and of Jaeger', () => {
    expect(zipkin({}).records[0]?.status).toBe('error');
    expect(zipkin({ tags: {} }).records[0]?.status).toBe('unset');
    expect(jaeger({ tags: [{ key: 'error', value: 'true' }] }).records[0]?.status).toBe('error');
    expect(jaeger({ tags: [{ key: 'otel.status_code', value: 'OK' }] }).records[0]?.status).toBe('ok');
  });
});

describe('the operation', () => {
  test('is the method and the route where the name has no route, else the name', () => {
    expect(otlp({}).records[0]).toMatchObject({ name: 'GET', operation: 'GET /cart' });
    expect(one({ attributes: { 'http.route': '/cart' } }).records[0]?.operation).toBe('GET /cart');
    expect(one({ name: 'charge' }).records[0]?.operation).toBe('charge');
  });
});

describe('the peer', () => {
  const peer = (attributes: object, kind = 'client') => one({ kind, attributes }).records[0]?.peer;
  test.each([
    [{ 'peer.service': 'billing', 'server.address': 'x' }, 'billing'],
    [{ 'db.system': 'postgresql', 'db.name': 'carts' }, 'postgresql/carts'],
    [{ 'db.system': 'redis' }, 'redis'],
    [{ 'messaging.destination.name': 'orders' }, 'orders'],
    [{ 'server.address': 'billing.svc:8080' }, 'billing.svc'],
    [{ 'server.address': '10.0.0.7' }, null],
    [{ 'net.peer.name': '[2a02:8108::7]:443' }, null],
    [{}, null],
  ])('of a client with %j is %s', (attributes, expected) => {
    expect(peer(attributes)).toBe(expected);
  });

  test('of a server is who calls, if that is named', () => {
    expect(peer({ 'server.address': 'self' }, 'server')).toBeNull();
    expect(peer({ 'peer.service': 'web' }, 'server')).toBe('web');
    expect(zipkin({ remoteEndpoint: { serviceName: 'web' } }).records[0]?.peer).toBe('web');
  });
});

describe('Jaeger', () => {
  test('names service, kind, parent and peer elsewhere', () => {
    expect(jaeger({}).records[0]).toMatchObject({
      ...{ service: 'cart', kind: 'client', parent_span_id: '00f067aa0ba902b7', peer: 'billing' },
      ...{ start: 1769676684967.2, end: 1769676684967.5 },
    });
    expect(jaeger({ references: [{ refType: 'FOLLOWS_FROM', spanID: 'a' }] }).records[0]?.parent_span_id).toBeNull();
    expect(jaeger({ processID: 'p9' }).records[0]?.service).toBe('unknown');
  });

  test('in the shape of its model has ids in base64 and times as text', () => {
    const span = {
      ...{ traceId: 'S/kvNXezTaajzpKdDg5HNg==', spanId: 'APBnqgupArc=', operationName: 'GET /cart' },
      ...{ startTime: '2026-01-29T08:51:24.967123Z', duration: '0.100s', process: { serviceName: 'cart' } },
      tags: [
        { key: 'span.kind', vStr: 'server' },
        { key: 'retries', vType: 'INT64', vInt64: '2' },
      ],
    };
    expect(taken(readJaeger, span).records).toMatchObject([
      {
        ...{
          trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
          span_id: '00f067aa0ba902b7',
          service: 'cart',
          kind: 'server',
        },
        ...{ start: 1769676684967.123, end: 1769676685067.123, attributes: { retries: 2 } },
      },
    ]);
  });
});

describe('Zipkin', () => {
  test('lets client and server share a span id', () => {
    const sides = ['CLIENT', 'SERVER'].map((kind) => ({ ...(zipkinReader.elements[0] as object), kind, shared: true }));
    expect(taken(readZipkin, sides).records.map(({ kind, span_id }) => [kind, span_id])).toEqual([
      ['client', 'b7ad6b7169203331'],
      ['server', 'b7ad6b7169203331'],
    ]);
  });

  test('without a duration, or with one below zero, is refused', () => {
    for (const duration of [undefined, -5, 'x']) {
      expect(zipkin({ duration }).refused).toMatchObject([{ code: 'INPUT_FIELD_WRONG', count: 1 }]);
    }
  });
});
