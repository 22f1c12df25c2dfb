/**
 * Inputs beside logs: points and spans a second that come out of bodies of a few thousand, as senders batch them.
 * Labels repeat from body to body, as series do. Run with `npm run bench -- inputs [--seconds 1]`.
 */
import { parseArgs } from 'node:util';
import { compress } from 'snappyjs';
import { Intake } from '../signals/inputs/intake.ts';
import { readMetrics } from '../signals/inputs/metrics/canonical.ts';
import { metricsRequest, readOtlpMetrics } from '../signals/inputs/metrics/otlp.ts';
import { readRemoteWrite, writeRequest } from '../signals/inputs/metrics/remote-write.ts';
import { readStatsd } from '../signals/inputs/metrics/statsd.ts';
import { readSpans } from '../signals/inputs/spans/canonical.ts';
import { readOtlpSpans, tracesRequest } from '../signals/inputs/spans/otlp.ts';
import { readZipkin } from '../signals/inputs/spans/zipkin.ts';
import { encodeProtobuf } from '../test/support/inputs/protobuf-writer.ts';
import { printTable } from './measure.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '1' } } });
const seconds = Number(values.seconds);
const now = Date.UTC(2026, 0, 29, 9);
const nanos = `${now}123456`;
const text = new Date(now).toISOString();
const services = 50;
const perService = 100;
const elements = services * perService;

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const podOf = (i: number) => `service-${i}-75ff987878-kh56q`;
const resource = (i: number) => ({
  attributes: [
    attribute('service.name', `service-${i}`),
    attribute('k8s.pod.name', podOf(i)),
    attribute('k8s.namespace.name', 'shop'),
  ],
});
const each = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const point = (i: number) => ({
  ...{ timeUnixNano: nanos, startTimeUnixNano: nanos, asDouble: 1.5 * i },
  attributes: [attribute('http.route', `/orders/${i}`), attribute('http.request.method', 'GET')],
});
const metrics = {
  resourceMetrics: each(services, (i) => ({
    resource: resource(i),
    scopeMetrics: [
      {
        metrics: each(10, (j) => ({
          name: `requests.${j}`,
          sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: each(perService / 10, point) },
        })),
      },
    ],
  })),
};
const written = {
  timeseries: each(elements, (i) => ({
    labels: Object.entries({
      ...{ __name__: 'http_requests_total', code: '200', container: 'server', endpoint: 'http', method: 'GET' },
      ...{ instance: `10.0.0.${i % services}:9090`, job: `service-${i % services}`, namespace: 'shop' },
      ...{ pod: podOf(i % services), route: `/orders/${i}` },
    }).map(([name, value]) => ({ name, value })),
    samples: [{ value: i, timestamp: now }],
  })),
};
const span = (i: number) => ({
  ...{ traceId: `${i}`.padStart(32, 'a'), spanId: `${i}`.padStart(16, 'b'), parentSpanId: `${i}`.padStart(16, 'c') },
  ...{ name: 'GET /orders', kind: 2, startTimeUnixNano: nanos, endTimeUnixNano: nanos, status: { code: 0 } },
  attributes: [
    ...['http.request.method', 'url.scheme', 'server.address', 'network.protocol.version'].map((key) =>
      attribute(key, key),
    ),
    ...[attribute('http.route', '/orders'), { key: 'http.response.status_code', value: { intValue: 200 } }],
    attribute('user.id', `user-${i}`),
  ],
});
const traces = {
  resourceSpans: each(services, (i) => ({
    resource: resource(i),
    scopeSpans: [{ spans: each(perService, (j) => span(i * perService + j)) }],
  })),
};
const lines = (make: (i: number) => object): string => each(elements, (i) => JSON.stringify(make(i))).join('\n');
const record = (i: number) => ({
  ...{ trace_id: `${i}`.padStart(32, 'a'), span_id: `${i}`.padStart(16, 'b'), parent_span_id: null },
  ...{ service: `service-${i % services}`, name: 'GET /orders', start: text, end: text, status: 'unset' },
});

type Read = (intake: Intake<never>) => void;
const bytes = { metrics: encodeProtobuf(metrics, metricsRequest), traces: encodeProtobuf(traces, tracesRequest) };
const block = Buffer.from(compress<Uint8Array>(encodeProtobuf(written, writeRequest)));
const json = { metrics: Buffer.from(JSON.stringify(metrics)), traces: Buffer.from(JSON.stringify(traces)) };
const statsd = each(
  elements,
  (i) => `orders:${i}|c|@0.5|#service:service-${i % services},route:/orders/${i % 100}`,
).join('\n');
const points = lines((i) => ({
  timestamp: text,
  service: `service-${i % services}`,
  name: 'cpu',
  value: i / 7,
  instance: 'a',
}));
const spans = lines(record);
const zipkin = JSON.stringify(
  each(elements, (i) => ({
    ...{ traceId: `${i}`.padStart(32, 'a'), id: `${i}`.padStart(16, 'b'), name: 'get', kind: 'SERVER' },
    ...{ timestamp: now * 1e3, duration: 500, localEndpoint: { serviceName: `service-${i % services}` } },
    tags: { 'http.route': '/orders', 'http.method': 'GET' },
  })),
);

const rows: readonly (readonly [what: string, read: Read])[] = [
  ['metric points, OTLP in Protocol Buffers', (intake) => readOtlpMetrics(bytes.metrics, intake)],
  ['metric points, OTLP in JSON', (intake) => readOtlpMetrics(json.metrics, intake)],
  ['metric points, remote write', (intake) => readRemoteWrite(block, intake)],
  ['metric points, StatsD', (intake) => readStatsd(statsd, intake)],
  ['metric points, records', (intake) => readMetrics(points, intake)],
  ['spans, OTLP in Protocol Buffers', (intake) => readOtlpSpans(bytes.traces, intake)],
  ['spans, OTLP in JSON', (intake) => readOtlpSpans(json.traces, intake)],
  ['spans, Zipkin', (intake) => readZipkin(zipkin, intake)],
  ['spans, records', (intake) => readSpans(spans, intake)],
];

function measured(read: Read): number {
  const once = (): void => {
    const intake = new Intake<never>('benchmark', now);
    read(intake);
    if (intake.records.length !== elements) throw new Error(`${intake.records.length}: ${intake.refused[0]?.reason}`);
  };
  for (let i = 0; i < 5; i++) once();
  const begin = process.cpuUsage();
  for (let rounds = 1; ; rounds++) {
    once();
    const { user, system } = process.cpuUsage(begin);
    if (user + system >= seconds * 1e6) return (rounds * elements * 1e6) / (user + system);
  }
}

printTable(
  rows.map(([what, read]) => {
    const rate = measured(read);
    return { what, 'a CPU-second': Math.round(rate).toLocaleString('en'), 'µs each': (1e6 / rate).toFixed(2) };
  }),
);
