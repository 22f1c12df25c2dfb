/** Every reader of inputs with elements that it reads, for the tests that hold what is true of all of them. */
import { compress } from 'snappyjs';
import type { Intake } from '../../../signals/inputs/intake.ts';
import { readMetrics } from '../../../signals/inputs/metrics/canonical.ts';
import type { Metric } from '../../../signals/inputs/metrics/metric.ts';
import { metricsRequest, readOtlpMetrics } from '../../../signals/inputs/metrics/otlp.ts';
import { readRemoteWrite, writeRequest } from '../../../signals/inputs/metrics/remote-write.ts';
import { readStatsd } from '../../../signals/inputs/metrics/statsd.ts';
import { readSpans } from '../../../signals/inputs/spans/canonical.ts';
import { readJaeger } from '../../../signals/inputs/spans/jaeger.ts';
import { readOtlpSpans, tracesRequest } from '../../../signals/inputs/spans/otlp.ts';
import type { Span } from '../../../signals/inputs/spans/span.ts';
import { readZipkin } from '../../../signals/inputs/spans/zipkin.ts';
import { encodeProtobuf } from './protobuf-writer.ts';

export type Element = Readonly<Record<string, unknown>>;
export type Body = Uint8Array | string;

/** A reader, what it reads, and a body made of such elements. */
export interface InputReader<T = never> {
  readonly name: string;
  readonly read: (body: Body, intake: Intake<T>) => void;
  readonly elements: readonly (Element | string)[];
  readonly wrap: (elements: readonly unknown[]) => Body;
  /** An element may hold none or several, as a series has samples. */
  readonly many?: true;
}

/** The time at which samples arrive. */
export const now = Date.UTC(2026, 0, 29, 9);
const nanos = '1769676684967123456';

const attribute = (key: string, value: unknown): Element => ({ key, value });
const text = (stringValue: string): Element => ({ stringValue });
/** Of a pod of the service cart. */
export const cartResource: Element = {
  attributes: [
    attribute('service.name', text('cart')),
    attribute('k8s.pod.name', text('cart-75ff987878-kh56q')),
    attribute('k8s.namespace.name', text('shop')),
  ],
};

const point: Element = { timeUnixNano: nanos, startTimeUnixNano: '1769676000000000000' };
const otlpPoints: readonly Element[] = [
  {
    ...point,
    asDouble: 42.5,
    attributes: [attribute('http.route', text('/cart')), attribute('code', { intValue: '200' })],
  },
  { ...point, asInt: '7', attributes: [attribute('ok', { boolValue: true })] },
  { ...point, asDouble: 0.25, flags: 0 },
];
const otlpMetrics = (dataPoints: readonly unknown[]): unknown => ({
  resourceMetrics: [
    {
      resource: cartResource,
      scopeMetrics: [
        {
          metrics: [{ name: 'requests', unit: '1', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }],
        },
      ],
    },
  ],
});

const label = (name: string, value: string): Element => ({ name, value });
const series: readonly Element[] = [1, 2, 3].map((i) => ({
  labels: [label('__name__', 'http_requests_total'), label('code', `50${i}`), label('job', 'cart')],
  samples: [{ value: i, timestamp: now - 1_000 * i }],
}));

export const metricReaders: readonly InputReader<Metric>[] = [
  {
    name: 'OTLP metrics, JSON',
    read: readOtlpMetrics,
    elements: otlpPoints,
    wrap: (elements) => JSON.stringify(otlpMetrics(elements)),
  },
  {
    name: 'OTLP metrics, Protocol Buffers',
    read: readOtlpMetrics,
    elements: otlpPoints,
    wrap: (elements) => encodeProtobuf(otlpMetrics(elements), metricsRequest),
  },
  {
    name: 'Prometheus remote write',
    read: (body, intake) => readRemoteWrite(Buffer.from(body as Uint8Array), intake),
    elements: series,
    many: true,
    wrap: (timeseries) => Buffer.from(compress<Uint8Array>(encodeProtobuf({ timeseries }, writeRequest))),
  },
  {
    name: 'StatsD',
    read: readStatsd,
    elements: [
      'checkout.orders:3|c|@0.5|#service:checkout,region:eu',
      'checkout.latency:320|ms|#service:checkout',
      'checkout.queue:12|g|#service:checkout',
    ],
    wrap: (elements) => elements.join('\n'),
    many: true,
  },
  {
    name: 'metrics',
    read: readMetrics,
    elements: [
      { timestamp: '2026-01-29T08:51:24.967Z', service: 'cart', name: 'cpu_usage', value: 0.4 },
      { timestamp: '2026-01-29T08:51:25Z', service: 'cart', instance: 'cart-1', name: 'cpu_usage', value: 0.5 },
      { timestamp: '2026-01-29T08:51:26Z', service: 'cart', name: 'orders_total', value: 7, labels: { region: 'eu' } },
    ],
    wrap: (elements) => elements.map((element) => JSON.stringify(element)).join('\n'),
  },
];

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const otlpSpanElements: readonly Element[] = [
  {
    ...{ traceId, spanId: '00f067aa0ba902b7', name: 'GET', kind: 2 },
    ...{ startTimeUnixNano: nanos, endTimeUnixNano: '1769676685067123456', status: { code: 2 } },
    attributes: [attribute('http.route', text('/cart')), attribute('http.request.method', text('GET'))],
  },
  {
    ...{ traceId, spanId: '00f067aa0ba902b8', parentSpanId: '00f067aa0ba902b7', name: 'SELECT', kind: 3 },
    ...{ startTimeUnixNano: nanos, endTimeUnixNano: '1769676685067123456' },
    attributes: [attribute('db.system', text('postgresql')), attribute('db.name', text('carts'))],
  },
];
const otlpSpans = (spans: readonly unknown[]): unknown => ({
  resourceSpans: [{ resource: cartResource, scopeSpans: [{ scope: { name: 'shop' }, spans }] }],
});

export const spanReaders: readonly InputReader<Span>[] = [
  {
    name: 'OTLP spans, JSON',
    read: readOtlpSpans,
    elements: otlpSpanElements,
    wrap: (elements) => JSON.stringify(otlpSpans(elements)),
  },
  {
    name: 'OTLP spans, Protocol Buffers',
    read: readOtlpSpans,
    elements: otlpSpanElements,
    wrap: (elements) => encodeProtobuf(otlpSpans(elements), tracesRequest),
  },
  {
    name: 'Zipkin',
    read: readZipkin,
    elements: [
      {
        ...{ traceId, id: 'B7AD6B7169203331', name: 'get /cart', kind: 'SERVER', timestamp: 1769676684967123 },
        ...{ duration: 100000, localEndpoint: { serviceName: 'cart' }, tags: { 'http.route': '/cart', error: 'boom' } },
      },
      {
        ...{ traceId, parentId: 'b7ad6b7169203331', id: '1', name: 'get', kind: 'CLIENT', timestamp: 1769676684967200 },
        ...{ duration: 500, localEndpoint: { serviceName: 'cart' }, remoteEndpoint: { serviceName: 'stock' } },
      },
    ],
    wrap: (elements) => JSON.stringify(elements),
  },
  {
    name: 'Jaeger',
    read: readJaeger,
    elements: [
      {
        ...{ traceID: traceId, spanID: 'f067aa0ba902b7', operationName: 'GET /cart', references: [], processID: 'p1' },
        ...{ startTime: 1769676684967123, duration: 100000 },
        tags: [
          { key: 'span.kind', type: 'string', value: 'server' },
          { key: 'error', type: 'bool', value: true },
        ],
      },
      {
        ...{ traceID: traceId, spanID: 'f067aa0ba902b8', operationName: 'charge', processID: 'p1' },
        ...{ startTime: 1769676684967200, duration: 300 },
        references: [{ refType: 'CHILD_OF', traceID: traceId, spanID: 'f067aa0ba902b7' }],
        tags: [
          { key: 'span.kind', value: 'client' },
          { key: 'peer.service', value: 'billing' },
        ],
      },
    ],
    wrap: (spans) =>
      JSON.stringify({ data: [{ traceID: traceId, spans, processes: { p1: { serviceName: 'cart' } } }] }),
  },
  {
    name: 'spans',
    read: readSpans,
    elements: [
      {
        ...{ trace_id: traceId, span_id: '00f067aa0ba902b7', service: 'cart', name: 'GET /cart', status: 'error' },
        ...{ start: '2026-01-29T08:51:24.967123Z', end: '2026-01-29T08:51:25.067123Z', attributes: { retries: 2 } },
      },
      {
        ...{ trace_id: traceId, span_id: '00f067aa0ba902b8', parent_span_id: '00f067aa0ba902b7', service: 'stock' },
        ...{ name: 'take', start: '2026-01-29T08:51:24.967200Z', end: '2026-01-29T08:51:24.967300Z', status: 'unset' },
      },
    ],
    wrap: (elements) => elements.map((element) => JSON.stringify(element)).join('\n'),
  },
];
