/**
 * Inputs beside logs from the records of a topic to signals: `npm run bench -- signals [--only metrics,spans]
 * [--elements 2000000]`. The incident job over memory parts reads a topic that was filled before: metric points of
 * `--series` series, one each in ten seconds, in batches as senders make them; spans of traces of four services;
 * lines. CPU seconds of the whole process are counted, with collection of garbage and commits. One process a row.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { SourceSpec } from '../graph/connector.ts';
import { incidentDefaults } from '../incidents/settings.ts';
import { incidentJob } from '../jobs/incidents.ts';
import { inputTopic } from '../jobs/read-input.ts';
import { logTopic, shippedLines } from '../jobs/shipped-lines.ts';
import { changeInput, metricInput, spanInput } from '../signals/inputs/kinds.ts';
import { metricsRequest } from '../signals/inputs/metrics/otlp.ts';
import { tracesRequest } from '../signals/inputs/spans/otlp.ts';
import { encodeProtobuf } from '../test/support/inputs/protobuf-writer.ts';
import { mulberry32 } from '../testing/random.ts';
import { seconds, type Time } from '../time/duration.ts';
import { memoryTopics } from '../topics/memory.ts';
import { costOf, printTable } from './measure.ts';

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: 'metrics,spans,lines' },
    series: { type: 'string', default: '10000' },
    elements: { type: 'string', default: '2000000' },
    one: { type: 'string' },
  },
});
const start = Date.UTC(2026, 2, 4, 9);
const elements = Number(given.elements);
const services = 50;

/** A record of a topic, and how many elements it holds. */
interface Body {
  readonly bytes: Uint8Array;
  readonly time: Time;
}

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const resource = (service: number) => ({
  attributes: [attribute('service.name', `s${service}`), attribute('k8s.pod.name', `s${service}-75ff987878-kh56q`)],
});
const each = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const nanos = (time: Time): string => `${Math.round(time * 1e3)}000`;

/** A record of all series of a service, round by round. */
function* metricBodies(): Iterable<Body> {
  const perService = Number(given.series) / services;
  const random = mulberry32(5);
  const number = () => Math.round(100 + 20 * random());
  for (let round = 0; round < elements / Number(given.series); round++) {
    for (let service = 0; service < services; service++) {
      const time = start + seconds(10) * round + 20 * service;
      const point = (i: number) => ({
        ...{ timeUnixNano: nanos(time), asDouble: number() },
        attributes: [attribute('route', `/r/${i}`)],
      });
      const metrics = each(10, (m) => ({ name: `queue.${m}`, gauge: { dataPoints: each(perService / 10, point) } }));
      const resourceMetrics = [{ resource: resource(service), scopeMetrics: [{ metrics }] }];
      yield { bytes: encodeProtobuf({ resourceMetrics }, metricsRequest), time };
    }
  }
}

/** A record of the spans of so many traces; a trace calls through four services. */
function* spanBodies(): Iterable<Body> {
  const [perTrace, traces] = [8, 25];
  const random = mulberry32(6);
  const hex = (length: number) =>
    each(length / 4, () =>
      Math.floor(random() * 65_536)
        .toString(16)
        .padStart(4, '0'),
    ).join('');
  for (let n = 0; n < elements / (perTrace * traces); n++) {
    // Two thousand spans a second of event time.
    const time = start + (n * perTrace * traces) / 2;
    const spans = each(traces, () => {
      const trace = hex(32);
      const ids = each(perTrace, () => hex(16));
      const first = Math.floor(random() * (services - 4));
      return each(perTrace, (i) => ({
        service: first + (i >> 1),
        span: {
          ...{ traceId: trace, spanId: ids[i]!, ...(i === 0 ? {} : { parentSpanId: ids[i - 1]! }) },
          ...{ name: `GET /r${i >> 1}`, kind: i % 2 === 0 ? 2 : 3, status: { code: 0 } },
          ...{ startTimeUnixNano: nanos(time + i), endTimeUnixNano: nanos(time + 40 - i) },
          attributes: [
            attribute('http.request.method', 'GET'),
            attribute('http.route', `/r${i >> 1}`),
            attribute('user.id', ids[i]!),
          ],
        },
      }));
    }).flat();
    const resourceSpans = each(services, (of) => ({
      resource: resource(of),
      scopeSpans: [{ spans: spans.filter(({ service }) => service === of).map(({ span }) => span) }],
    })).filter(({ scopeSpans: [scope] }) => scope!.spans.length > 0);
    yield { bytes: encodeProtobuf({ resourceSpans }, tracesRequest), time: time + 50 };
  }
}

function* lineBodies(): Iterable<Body> {
  for (let i = 0; i < elements; i++) {
    const time = start + i / 2;
    const line = `${new Date(time).toISOString()} ${i % 100 === 0 ? 'ERROR' : 'INFO'} request ${i} served`;
    yield { bytes: Buffer.from(JSON.stringify({ line, source: `s${i % services}/pod-1` })), time };
  }
}

const rows = {
  metrics: { what: 'metric points, OTLP', topic: 'metrics', bodies: metricBodies },
  spans: { what: 'spans, OTLP', topic: 'spans', bodies: spanBodies },
  lines: { what: 'lines', topic: 'logs', bodies: lineBodies },
} as const;

/** The source, which ends with what its topic holds now. */
function ending<T>(source: SourceSpec<T>, ends: number): SourceSpec<T> {
  return {
    ...source,
    async open(ports) {
      const reader = await source.open(ports);
      return {
        ...reader,
        poll: async (split, position, limit) =>
          (position as number) >= ends ? 'ended' : reader.poll(split, position, limit),
      };
    },
  };
}

async function measured(name: keyof typeof rows) {
  const { topic, bodies, what } = rows[name];
  const topics = memoryTopics();
  for (const each of ['logs', 'changes', 'spans', 'metrics']) await topics.create({ name: each, partitions: 1 });
  let count = 0;
  for (const { bytes, time } of bodies()) {
    await topics.append([{ topic, partition: 0, key: null, value: bytes, timestamp: time }]);
    count++;
  }
  const ends = (of: string) => (of === topic ? count : 0);
  const job = incidentJob({
    logs: ending(shippedLines(logTopic.name), ends('logs')),
    changes: ending(inputTopic(changeInput), 0),
    ...(topic === 'spans' ? { spans: ending(inputTopic(spanInput), count) } : {}),
    ...(topic === 'metrics' ? { metrics: ending(inputTopic(metricInput), count) } : {}),
    settings: incidentDefaults,
  });
  const { cpuSeconds } = await costOf(job, { topics });
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const rate = Math.round(elements / cpuSeconds).toLocaleString('en');
  return { what, 'a CPU-second': rate, 'µs each': ((cpuSeconds * 1e6) / elements).toFixed(2), 'MB at the peak': peak };
}

if (given.one !== undefined) console.log(JSON.stringify(await measured(given.one as keyof typeof rows)));
else {
  const own = process.argv.slice(2).filter((arg) => arg !== 'signals');
  printTable(
    given.only.split(',').map((name) => {
      const args = [...process.execArgv, process.argv[1]!, 'signals', ...own, '--one', name];
      const { stdout, status } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (status !== 0) throw new Error(`${name} died`);
      return JSON.parse(stdout) as Record<string, string | number>;
    }),
  );
}
