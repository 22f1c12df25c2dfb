/** Bad records in the topics of the incident job: each is set aside with a code, what is good beside it is judged. */

import { compress } from 'snappyjs';
import { describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { optionalInputs } from '../../signals/inputs/kinds.ts';
import { metricsRequest } from '../../signals/inputs/metrics/otlp.ts';
import { writeRequest } from '../../signals/inputs/metrics/remote-write.ts';
import { tracesRequest } from '../../signals/inputs/spans/otlp.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { hours, seconds, type Time } from '../../time/duration.ts';
import { encodeProtobuf } from '../support/inputs/protobuf-writer.ts';
import { memoryWorld, runUntilIdle, valuesOf } from '../support/run-to-end.ts';

const start = Date.UTC(2026, 2, 4, 7);
const job = incidentsOf({ settings: { ...incidentDefaults, inputs: optionalInputs } });

interface Sent {
  readonly topic: string;
  readonly time: Time;
  readonly body: Uint8Array | string;
}

const iso = (time: Time): string => new Date(time).toISOString();
const jsonOf = (topic: string, time: Time, value: unknown): Sent => ({ topic, time, body: JSON.stringify(value) });
const pointAt = (time: Time, changed: object = {}): object => {
  return { timestamp: iso(time), service: 'stock', name: 'cpu_usage_percent', value: 5, ...changed };
};

/** Points of half an hour, in the last minutes of which a processor is used up. */
const good: readonly Sent[] = Array.from({ length: 120 }, (_, n) => {
  const time = start + n * seconds(15);
  return jsonOf('metrics', time, pointAt(time, { value: n < 100 ? 5 + (n % 3) : 95 }));
});

/** What the job says of records, and what it sets aside. */
async function told(sent: readonly Sent[]) {
  const ports = memoryWorld(new VirtualClock(start + hours(1)));
  for (const name of ['logs', 'changes', 'incidents', ...optionalInputs]) {
    await ports.topics.create({ name, partitions: 1 });
  }
  for (const { topic, time, body } of sent) {
    await ports.topics.append([{ topic, partition: 0, key: null, value: Buffer.from(body), timestamp: time }]);
  }
  await runUntilIdle(job, ports);
  const events = ((await valuesOf(ports, 'incidents')) as readonly CloudEvent[]).map(({ data }) => data);
  const letters = await ports.tables.rows('dead_letters');
  return {
    opened: events.filter(({ event }) => event === 'opened').map(({ services }) => services),
    letters: letters.map(({ origin, detail, reason }) => `${origin} ${String(detail).split(':')[0] || reason}`),
  };
}

const nanos = (time: Time): string => `${time}000000`;
const otlpSpan = (changed: object) => ({
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'GET /', kind: 2 },
  ...{ startTimeUnixNano: nanos(start), endTimeUnixNano: nanos(start + 5), ...changed },
});
const otlpSpans = (...spans: readonly object[]) =>
  encodeProtobuf({ resourceSpans: [{ scopeSpans: [{ spans }] }] }, tracesRequest);
const otlpMetrics = encodeProtobuf(
  {
    resourceMetrics: [
      {
        scopeMetrics: [
          { metrics: [{ name: 'a', gauge: { dataPoints: [{ timeUnixNano: nanos(start), asDouble: 1 }] } }] },
        ],
      },
    ],
  },
  metricsRequest,
);
const written = (value: number, timestamp: Time) =>
  compress<Uint8Array>(
    encodeProtobuf(
      { timeseries: [{ labels: [{ name: '__name__', value: 'a' }], samples: [{ value, timestamp }] }] },
      writeRequest,
    ),
  );
/** A block of snappy that says to hold a gigabyte. */
const bomb = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00, 0x00]);
const alert = { id: 'a1', timestamp: iso(start), service: 'cart', name: 'Slow', state: 'firing' };
const change = { id: 'c1', timestamp: iso(start), kind: 'deployment', service: 'cart' };
const manyLabels = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x']));
const ago1970 = '1970-01-01T00:00:12Z';
const in2100 = '2100-01-01T00:00:00Z';

describe('a record of', () => {
  test.each<readonly [string, string, Uint8Array | string, string | null]>([
    ['metrics that breaks off', 'metrics', otlpMetrics.subarray(0, -3), 'INPUT_UNREADABLE'],
    ['metrics with bytes of anything', 'metrics', Buffer.from([0xff, 0x00, 0x81, 0x02]), 'INPUT_UNREADABLE'],
    ['metrics that grows beyond all bounds', 'metrics', bomb, 'INPUT_TOO_LARGE'],
    ['metrics that are spans', 'metrics', otlpSpans(otlpSpan({})), 'INPUT_'],
    ['metrics of 1970', 'metrics', JSON.stringify(pointAt(start, { timestamp: ago1970 })), 'INPUT_TIME_WRONG'],
    ['metrics of 2100', 'metrics', JSON.stringify(pointAt(start, { timestamp: in2100 })), 'INPUT_TIME_WRONG'],
    ['metrics of 2100, written remotely', 'metrics', written(1, Date.parse(in2100)), 'INPUT_TIME_WRONG'],
    ['metrics with what is no number', 'metrics', written(Number.NaN, start), 'INPUT_FIELD_WRONG'],
    [
      'metrics with more than numbers hold',
      'metrics',
      '{"timestamp":"2026-03-04T07:00:00Z","service":"a","name":"b","value":1e999}',
      'INPUT_FIELD_WRONG',
    ],
    ['metrics with 65 labels', 'metrics', JSON.stringify(pointAt(start, { labels: manyLabels })), 'INPUT_FIELD_WRONG'],
    ['metrics without a value', 'metrics', JSON.stringify(pointAt(start, { value: null })), null],
    ['spans that breaks off', 'spans', otlpSpans(otlpSpan({})).subarray(0, -4), 'INPUT_UNREADABLE'],
    [
      'spans of 1970',
      'spans',
      otlpSpans(otlpSpan({ startTimeUnixNano: '7000000', endTimeUnixNano: '9000000' })),
      'INPUT_TIME_WRONG',
    ],
    ['spans of 2100', 'spans', otlpSpans(otlpSpan({ endTimeUnixNano: nanos(Date.parse(in2100)) })), 'INPUT_TIME_WRONG'],
    ['spans without ids', 'spans', otlpSpans(otlpSpan({ spanId: '' })), 'INPUT_FIELD_WRONG'],
    [
      'spans that end before they start',
      'spans',
      otlpSpans(otlpSpan({ endTimeUnixNano: nanos(start - 9) })),
      'INPUT_FIELD_WRONG',
    ],
    [
      'alerts without labels',
      'alerts',
      '{"version":"4","alerts":[{"status":"firing","startsAt":"2026-03-04T07:00:00Z"}]}',
      'INPUT_UNKNOWN',
    ],
    ['alerts without a service', 'alerts', JSON.stringify({ ...alert, service: null }), 'INPUT_FIELD_WRONG'],
    ['alerts of 2100', 'alerts', JSON.stringify({ ...alert, timestamp: in2100 }), 'INPUT_TIME_WRONG'],
    ['alerts that are none', 'alerts', '[[[null]]]', 'INPUT_'],
    ['changes that is null', 'changes', 'null', 'INPUT_FIELD_WRONG'],
    ['changes to null', 'changes', JSON.stringify({ ...change, service: null }), 'INPUT_FIELD_WRONG'],
    ['changes of 1970', 'changes', JSON.stringify({ ...change, timestamp: ago1970 }), 'INPUT_TIME_WRONG'],
    ['changes of 2100', 'changes', JSON.stringify({ ...change, timestamp: in2100 }), 'INPUT_TIME_WRONG'],
  ])('%s costs itself alone', async (_, topic, body, code) => {
    const bad = { topic, time: start, body };
    const { opened, letters } = await told([...good.slice(0, 40), bad, bad, ...good.slice(40)]);
    expect(opened).toEqual([['stock']]);
    expect(letters).toHaveLength(code === null ? 0 : 2);
    for (const letter of letters) expect(letter).toMatch(new RegExp(`^${topic} ${code}`));
  });
});

describe('what is odd and can be', () => {
  const traces = (spansOf: (n: number) => readonly object[]): readonly Sent[] =>
    Array.from({ length: 120 }, (_, n) => ({
      ...{ topic: 'spans', time: start + n * seconds(15) },
      body: otlpSpans(...spansOf(n)),
    }));
  const idOf = (n: number, length: number): string => (n + 1).toString(16).padStart(length, '0');
  const spanOf = (n: number, i: number, parent: number | null): object => {
    const time = start + n * seconds(15);
    return otlpSpan({
      ...{ traceId: idOf(n, 32), spanId: idOf(9 * n + i, 16), name: `step ${i}` },
      ...(parent === null ? {} : { parentSpanId: idOf(9 * n + parent, 16) }),
      ...{ startTimeUnixNano: nanos(time + i), endTimeUnixNano: nanos(time + 50 - i) },
    });
  };
  const whole = (n: number): readonly object[] => [spanOf(n, 0, null), spanOf(n, 1, 0), spanOf(n, 2, 1)];

  test.each([
    ['spans that come twice, in one record and in two', (n: number) => [...whole(n), ...whole(n)]],
    ['spans whose parents never come', (n: number) => [spanOf(n, 1, 0), spanOf(n, 2, 1)]],
    ['parents that are missing now and then', (n: number) => (n % 3 === 0 ? whole(n).slice(1) : whole(n))],
    ['spans that are each other’s parents', (n: number) => [spanOf(n, 0, 1), spanOf(n, 1, 0)]],
    ['a span that is its own parent', (n: number) => [spanOf(n, 0, 0), ...whole(n).slice(1)]],
  ])('%s: nothing is set aside, and nothing opens but what is ill', async (_, spansOf) => {
    const spans = traces(spansOf);
    const { opened, letters } = await told([...spans, ...spans.slice(0, 60), ...good]);
    expect(opened).toEqual([['stock']]);
    // The second delivery of what was over long ago is told, span by span.
    expect(new Set(letters).size).toBeLessThan(2);
    for (const letter of letters) expect(letter).toBe('units trace-over');
  });

  test('counters that begin again, and points without a value between others', async () => {
    const odd = Array.from({ length: 120 }, (_, n) => {
      const time = start + n * seconds(15);
      const counter = pointAt(time, { name: 'orders_total', service: 'web', value: (n % 10) * 60 });
      const gap = pointAt(time, { name: 'memory_percent', service: 'web', value: n % 4 === 0 ? 'NaN' : 40 });
      return jsonOf('metrics', time, [counter, gap]);
    });
    expect(await told([...odd, ...good])).toEqual({ opened: [['stock']], letters: [] });
  });

  test('ever new operations: the oldest make room, and are told', async () => {
    const spans = Array.from({ length: 60 }, (_, n) => {
      const time = start + n * seconds(15);
      const of = { trace_id: idOf(n, 32), start: time, end: time + 9, status: 'ok' };
      const root = { ...of, span_id: idOf(0, 16), service: 'web', name: 'GET /' };
      const others = Array.from({ length: 150 }, (_, i) => {
        return { ...of, span_id: idOf(i + 1, 16), parent_span_id: idOf(0, 16), service: 'db', name: `q ${n} ${i}` };
      });
      return jsonOf('spans', time, [root, ...others]);
    });
    const { opened, letters } = await told([...spans, ...good]);
    expect(opened).toEqual([['stock']]);
    expect(new Set(letters)).toEqual(new Set(['unit-watch evicted']));
  });
});
