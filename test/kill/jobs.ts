/**
 * The jobs that are killed and what they read: orders of shops, and everything that the incident job takes: lines with
 * events of Kubernetes among them, spans, metrics, changes and alerts, with faults that open incidents, and records
 * that are none. What a record holds follows from its number.
 */
import type { Job } from '../../graph/job.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import incidentsOf from '../../jobs/incidents.ts';
import { tables } from '../../jobs/registry.ts';
import { logTopic } from '../../jobs/shipped-lines.ts';
import { alertInput, changeInput, metricInput, optionalInputs, spanInput } from '../../signals/inputs/kinds.ts';
import { minutes, type Time } from '../../time/duration.ts';
import type { TopicRecord } from '../../topics/topics.ts';
import { order, shops } from '../simulation/jobs.ts';

/** A job, the record of a number, and what it leaves. */
export interface KilledJob {
  readonly job: Job;
  readonly reads: readonly string[];
  readonly record: (n: number) => TopicRecord;
  readonly tables: readonly string[];
  /** Whether later rows replace earlier ones: which of these are stored still depends on when the table merged. */
  readonly replaces: boolean;
  readonly writes: readonly string[];
}

const partitions = 2;
const begin = Date.UTC(2026, 2, 4, 7);
/** Four records a second. */
const timeOf = (n: number): Time => begin + n * 250;

/** In every twenty minutes of an hour another service is ill in another way. */
type Fault = 'errors' | 'slow' | 'busy';
function faultAt(time: Time): Fault | undefined {
  const minute = Math.floor((time - begin) / minutes(1));
  return minute % 20 < 12 || minute % 20 > 14
    ? undefined
    : (['errors', 'slow', 'busy'] as const)[((minute / 20) % 3) | 0];
}

const services = ['web', 'cart', 'stock'] as const;

function lineOf(n: number): string {
  const time = timeOf(n);
  const fails = faultAt(time) === 'errors' && n % 3 > 0;
  const [level, msg] = fails ? ['error', `order ${n} failed: no stock`] : ['info', `order ${n} done`];
  return JSON.stringify({
    level,
    time,
    service: fails ? 'stock' : services[n % 3],
    msg,
    trace_id: idOf(n - (n % 8), 32),
  });
}

const idOf = (n: number, length: number): string => (n + 1).toString(16).padStart(length, '0');

/** A trace through all three services; each span begins in the one before. */
function spansOf(n: number): string {
  const wait = faultAt(timeOf(n)) === 'slow' ? 900 : 2;
  const spans = services.map((service, i) => {
    const [start, end] = [timeOf(n) - 2_000 + i * wait, timeOf(n) - i * wait];
    const ids = { span_id: idOf(3 * n + i, 16), parent_span_id: i === 0 ? null : idOf(3 * n + i - 1, 16) };
    return { trace_id: idOf(n - (n % 8), 32), ...ids, service, name: `GET /${service}`, start, end, status: 'ok' };
  });
  return JSON.stringify(spans);
}

function metricsOf(n: number): string {
  const timestamp = new Date(timeOf(n)).toISOString();
  const isBusy = faultAt(timeOf(n)) === 'busy';
  const points = services.map((service, i) => {
    const value = isBusy && service === 'cart' ? 95 : 5 + ((n >> 3) % 5) + i;
    return { timestamp, service, name: 'cpu_usage_percent', value };
  });
  return points.map((point) => JSON.stringify(point)).join('\n');
}

function alertOf(n: number): string {
  const timestamp = new Date(timeOf(n)).toISOString();
  const state = faultAt(timeOf(n)) === undefined ? 'resolved' : 'firing';
  return JSON.stringify({
    id: `a${n}`,
    timestamp,
    service: 'stock',
    name: 'Errors',
    state,
    fingerprint: 'stock-errors',
  });
}

function changeOf(n: number): string {
  const timestamp = new Date(timeOf(n)).toISOString();
  return JSON.stringify({ id: `c${n}`, timestamp, kind: 'deployment', service: services[n % 3], version: `v${n}` });
}

function podEventOf(n: number): string {
  const lastTimestamp = new Date(timeOf(n)).toISOString();
  const involvedObject = { kind: 'Pod', namespace: 'shop', name: 'web-75ff987878-kh56q' };
  const event = { kind: 'Event', apiVersion: 'v1', type: 'Warning', reason: 'BackOff', count: n, lastTimestamp };
  return JSON.stringify({ ...event, metadata: { uid: 'u-1' }, involvedObject, message: 'Back-off restarting' });
}

/** What a record holds, by its number. */
const bodies: readonly (readonly [topic: string, body: (n: number) => string])[] = [
  ...[lineOf, lineOf, lineOf, lineOf].map((body) => [logTopic.name, body] as const),
  [spanInput.name, spansOf],
  [metricInput.name, metricsOf],
  [spanInput.name, spansOf],
];
const rare: typeof bodies = [
  [alertInput.name, alertOf],
  [changeInput.name, changeOf],
  [logTopic.name, podEventOf],
  ...[spanInput, metricInput, alertInput, changeInput].map(({ name }) => [name, () => '{"time'] as const),
];

function told(n: number): TopicRecord {
  const [topic, body] = bodies[n % 8] ?? rare[(n >> 3) % rare.length]!;
  const [key, value] = [Buffer.from('shop/pod-1'), Buffer.from(body(n))];
  return { topic, partition: (n >> 3) % partitions, key, value, timestamp: timeOf(n) };
}

export const killedJobs = {
  shops: { job: shops, reads: ['orders'], record: order, tables: ['totals'], replaces: false, writes: ['alerts'] },
  incidents: {
    job: incidentsOf({ settings: { ...incidentDefaults, inputs: optionalInputs } }),
    reads: [logTopic.name, changeInput.name, ...optionalInputs],
    record: told,
    tables: tables.map(({ name }) => name).filter((name) => name !== 'logs'),
    replaces: true,
    writes: ['incidents'],
  },
} as const satisfies Record<string, KilledJob>;

export type KilledJobName = keyof typeof killedJobs;
