/**
 * How fast the incident job catches up with a backlog: `npm run bench -- backlog [--lines 6000000] [--workers 2]`. A
 * hundred services have written for ten minutes; once evenly and packed, once with a Kafka record for every line, and
 * once with one service writing six of ten lines. Each source writes to one partition, like shippers that key by pod.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { murmur2 } from '../../topics/partition.ts';
import type { TopicRecord } from '../../topics/topics.ts';
import { printTable } from '../measure.ts';
import { type Cluster, type Command, pause, ready, start, startCluster } from './servers.ts';

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '6000000' }, workers: { type: 'string', default: '2' } },
});
const total = Number(values.lines);
const [services, pods, partitions, minutes] = [100, 7, 8, 10];
const words = ['order', 'basket', 'till', 'stock', 'parcel'];

interface Variant {
  readonly name: string;
  /** Lines in a Kafka record. */
  readonly packed: number;
  /** The share of the lines that the first service writes beside its even part. */
  readonly hot: number;
}

const variants: readonly Variant[] = [
  { name: 'even, 100 lines a record', packed: 100, hot: 0 },
  { name: 'even, a line a record', packed: 1, hot: 0 },
  { name: 'one service writes 60 %, 100 lines a record', packed: 100, hot: 0.6 },
];
const rows: Record<string, string | number>[] = [];
for (const variant of variants) rows.push(await measure(variant));
printTable(rows);

async function measure(variant: Variant): Promise<Record<string, string | number>> {
  const cluster = await startCluster({ tables: true });
  try {
    const ends = await fill(cluster, variant);
    const job = start(['run', 'jobs/incidents.ts', '--workers', values.workers, '--metrics', '0'], cluster.env);
    try {
      // From the first progress on, so that the start is not measured. It may finish before all workers are ready.
      const failed = ready(job).then(() => new Promise<never>(() => {}));
      const first = await Promise.race([progress(cluster, ends, 0.02), failed]);
      const [began, before] = [performance.now(), cpuOf(job)];
      const last = await progress(cluster, ends, 1);
      const seconds = (performance.now() - began) / 1_000;
      const lines = (last - first) * total;
      return {
        variant: variant.name,
        'lines/s': Math.round(lines / seconds),
        'CPU-s per million': (((cpuOf(job) - before) / lines) * 1e6).toFixed(1),
        'MB of all workers': job.workers().reduce((sum, pid) => sum + peakMegabytes(pid), 0),
      };
    } finally {
      await job.stop();
    }
  } finally {
    await cluster.stop();
  }
}

/** Writes the backlog; the offsets at which partitions end. */
async function fill({ topics }: Cluster, { packed, hot }: Variant): Promise<readonly number[]> {
  await topics.create({ name: 'logs', partitions });
  await topics.create({ name: 'changes', partitions: 1 });
  const from = Date.now() - minutes * 60_000;
  const waiting = Array.from({ length: partitions }, () => [] as string[]);
  const send = async (least: number) => {
    const records: TopicRecord[] = [];
    for (const [partition, lines] of waiting.entries()) {
      while (lines.length >= least && lines.length > 0) {
        const value = Buffer.from(lines.splice(0, packed).join('\n'));
        records.push({ topic: 'logs', partition, key: null, value, timestamp: Date.now() });
      }
    }
    await topics.append(records);
  };
  for (let i = 0; i < total; i++) {
    const service = i % 10 < hot * 10 ? 0 : (i * 7) % services;
    const pod = `svc-${service}-${(i >> 3) % pods}`;
    const partition = (murmur2(Buffer.from(pod)) & 0x7fffffff) % partitions;
    waiting[partition]!.push(lineOf(i, service, pod, from + (i / total) * minutes * 60_000));
    if (i % 20_000 === 19_999) await send(packed);
  }
  await send(1);
  return Promise.all(waiting.map(async (_, partition) => (await topics.range('logs', partition)).end));
}

function lineOf(i: number, service: number, pod: string, time: number): string {
  const isError = i % 331 === 0;
  const text = isError ? `${words[i % 5]} ${i} failed: connection reset` : `${words[i % 5]} ${i} took ${i % 90} ms`;
  const level = isError ? 'ERROR' : 'INFO';
  return `{"time":"${new Date(time).toISOString()}","level":"${level}","service":"svc-${service}","pod":"${pod}","msg":"${text}"}`;
}

/** Waits until the job has committed a share of the backlog; returns its share then. */
async function progress({ topics }: Cluster, ends: readonly number[], least: number): Promise<number> {
  const places = ends.map((_, partition) => ({ topic: 'logs', partition }));
  const all = ends.reduce((sum, end) => sum + end, 0);
  for (;;) {
    const committed = await topics.committed('incidents', places);
    const done = committed.reduce<number>((sum, offset) => sum + (offset ?? 0), 0) / all;
    if (done >= least) return done;
    await pause(50);
  }
}

function cpuOf(job: Command): number {
  return job.workers().reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

/** User and system time of a process; Linux counts them in hundredths. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user! + system!) / 100;
}

function peakMegabytes(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
