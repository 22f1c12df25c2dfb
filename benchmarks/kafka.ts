/**
 * The cost of reading and writing Kafka for a process: `node --import tsx benchmarks/kafka.ts [records] [runs]`, with
 * KAFKA_URL or a broker of its own. The topic is the peers' log topic: a JSON record per line, 8 partitions, lz4.
 * Reading is measured bare (columns only) and with JSON.parse of every record; best of several runs.
 */

import { isAscii } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error a plain script without types
import { ensure, startBroker } from '../scripts/kafka.mjs';
import { kafkaTopics } from '../topics/kafka/kafka.ts';
import type { RecordBatch, TopicRecord, Topics } from '../topics/topics.ts';
import { logJson, logTime } from './peers/generators.ts';

const records = Number(process.argv[2] ?? 3_000_000);
const runs = Number(process.argv[3] ?? 3);
const rate = 10_000;
const partitions = 8;
const limit = { maxRecords: 8_192, maxBytes: 4 << 20 };
const chunk = 50_000;

interface Cost {
  readonly what: string;
  readonly records: number;
  readonly ms: number;
  readonly cpuMs: number;
}

async function measured(what: string, count: number, action: () => Promise<unknown>): Promise<Cost> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await action();
  const { user, system } = process.cpuUsage(cpu);
  return { what, records: count, ms: performance.now() - start, cpuMs: (user + system) / 1_000 };
}

function row({ what, records: count, ms, cpuMs }: Cost): Record<string, string> {
  return {
    what,
    'records/s': Math.round((count / ms) * 1_000).toLocaleString('en'),
    'CPU-s per million': ((cpuMs / count) * 1_000).toFixed(2),
  };
}

function batchOf(topic: string, from: number): TopicRecord[] {
  return Array.from({ length: Math.min(chunk, records - from) }, (_, i) => {
    const n = from + i;
    return {
      topic,
      partition: n % partitions,
      key: null,
      value: Buffer.from(logJson(n, rate)),
      timestamp: logTime(n, rate),
    };
  });
}

/** Fills the topic; only the appends are measured. */
async function fill(topics: Topics, topic: string): Promise<Cost> {
  let [ms, cpuMs] = [0, 0];
  for (let from = 0; from < records; from += chunk) {
    const batch = batchOf(topic, from);
    const cost = await measured('', batch.length, () => topics.append(batch));
    ms += cost.ms;
    cpuMs += cost.cpuMs;
  }
  return { what: 'append, lz4', records, ms, cpuMs };
}

async function transactions(topics: Topics, topic: string): Promise<Cost> {
  const producer = await topics.producer(`bench-${process.pid}`);
  const rest = { group: topic, offsets: [{ topic, partition: 0, offset: 0 }], task: 'bench' };
  const epochs = 20;
  const batch = batchOf(topic, 0).slice(0, 10_000);
  const cost = await measured('transactions of 10,000 records, lz4', epochs * batch.length, async () => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      await producer.transact({ ...rest, records: batch, mark: { generation: 1, epoch } });
    }
  });
  await producer.close();
  return cost;
}

/** Reads all partitions in turn, as a task does, until all have ended. */
async function readAll(topics: Topics, topic: string, onBatch: (batch: RecordBatch) => void): Promise<void> {
  const positions = new Float64Array(partitions);
  const open = new Set(positions.keys());
  let seen = 0;
  while (open.size > 0) {
    for (const partition of open) {
      const batch = await topics.fetch({ topic, partition }, positions[partition]!, limit);
      if (batch === undefined) open.delete(partition);
      else {
        positions[partition] = batch.nextOffset;
        seen += batch.length;
        onBatch(batch);
      }
    }
  }
  if (seen !== records) throw new Error(`read ${seen} of ${records} records`);
}

let errors = 0;
function parseAll({ bytes, starts, ends, length }: RecordBatch): void {
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  for (let i = 0; i < length; i++) {
    const { level } = JSON.parse(bytes.toString(encoding, starts[i], ends[i])) as { level: string };
    if (level === 'ERROR') errors++;
  }
}

async function best(what: string, action: () => Promise<unknown>): Promise<Cost> {
  let found: Cost | undefined;
  for (let run = 0; run < runs; run++) {
    const cost = await measured(what, records, action);
    if (found === undefined || cost.ms < found.ms) found = cost;
  }
  return found!;
}

const { KAFKA_URL } = process.env;
const dir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
if (KAFKA_URL === undefined) await ensure();
const broker = KAFKA_URL === undefined ? await startBroker({ dir }) : undefined;
try {
  const topics = await kafkaTopics({ brokers: [KAFKA_URL ?? broker.url] });
  const logs = `logs-${process.pid}`;
  await topics.create({ name: logs, partitions });
  await topics.create({ name: `${logs}-out`, partitions });
  const costs = [await fill(topics, logs), await transactions(topics, `${logs}-out`)];
  costs.push(await best('fetch', () => readAll(topics, logs, () => {})));
  costs.push(await best('fetch, JSON.parse', () => readAll(topics, logs, parseAll)));
  console.table(costs.map(row));
  console.log(`${Math.round(process.memoryUsage.rss() / 1e6)} MB, ${errors.toLocaleString('en')} errors seen`);
  await topics.close();
} finally {
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
}
