/** The peers' log topic: line n as JSON under its service as key, in the partition Kafka's own partitioner gives it. */

import { partitionOf } from '../../topics/partition.ts';
import type { TopicRecord, Topics } from '../../topics/topics.ts';
import { logJson, logTime, service } from './generators.ts';
import type { Expected } from './oracle.ts';

export const partitions = 8;
export const rate = 10_000;
const chunk = 50_000;

/** Creates and fills the topic of the first `total` lines unless it is filled. Resolves with its name. */
export async function logTopic(topics: Topics, total: number, codec: string): Promise<string> {
  const name = `peers-logs-${total}-${codec}`;
  await topics.create({ name, partitions });
  await topics.create({ name: `${name}-out`, partitions });
  const held = await count(topics, name);
  if (held === total) return name;
  if (held !== 0) throw new Error(`topic ${name} holds ${held} records instead of ${total}; delete it`);
  process.stderr.write(`filling ${name}\n`);
  for (let from = 0; from < total; from += chunk) await topics.append(lines(name, from, Math.min(total, from + chunk)));
  return name;
}

function lines(topic: string, from: number, to: number): TopicRecord[] {
  return Array.from({ length: to - from }, (_, i) => {
    const n = from + i;
    const key = Buffer.from(service(n));
    const value = Buffer.from(logJson(n, rate));
    return { topic, partition: partitionOf(key, partitions), key, value, timestamp: logTime(n, rate) };
  });
}

async function count(topics: Topics, name: string): Promise<number> {
  let held = 0;
  for (let partition = 0; partition < partitions; partition++) held += (await topics.range(name, partition)).end;
  return held;
}

/** The present end of a partition. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

export async function positions(topics: Topics, name: string): Promise<readonly Position[]> {
  const found: Position[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    found.push({ partition, offset: (await topics.range(name, partition)).end });
  }
  return found;
}

/** The number of committed records since a position, and the sum of their counts. */
export async function outputOf(topics: Topics, name: string, since: readonly Position[]): Promise<Expected> {
  let [out, sum] = [0, 0];
  for (const { partition, offset } of since) {
    let next = offset;
    for (;;) {
      const batch = await topics.fetch({ topic: name, partition }, next, { maxRecords: 10_000, maxBytes: 1 << 20 });
      if (batch === undefined) break;
      next = batch.nextOffset;
      for (let i = 0; i < batch.length; i++) {
        const { count: its } = JSON.parse(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i]));
        out++;
        sum += its as number;
      }
    }
  }
  return { out, sum };
}
