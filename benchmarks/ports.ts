/**
 * The cost of the embedded ports and those in memory on this machine: `node --import tsx benchmarks/ports.ts`.
 * Medians of several rounds; commits and appends are on the disk when they are counted.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedState } from '../state/embedded.ts';
import { memoryState } from '../state/memory.ts';
import type { Delta, Space, StateStore } from '../state/store.ts';
import { embeddedTopics } from '../topics/embedded.ts';
import { memoryTopics } from '../topics/memory.ts';
import type { TopicRecord, Topics } from '../topics/topics.ts';

const rows: Record<string, string>[] = [];
const space: Space = { name: 'count/value', kind: 'value' };
const map: Space = { name: 'join/map', kind: 'map' };

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function note(port: string, what: string, count: number, times: readonly number[]): void {
  const ms = median(times);
  rows.push({
    port,
    what,
    'median ms': ms.toFixed(2),
    'max ms': Math.max(...times).toFixed(2),
    'per second': Math.round((count / ms) * 1000).toLocaleString('en'),
  });
}

function deltas(count: number, round: number, of: Space): readonly Delta[] {
  const value = Buffer.alloc(100, round);
  return Array.from({ length: count }, (_, i) => {
    const key = `key-${(i * 7919 + round * 31) % 1_000_003}`;
    return of.kind === 'value'
      ? { space: of.name, key, sub: '', value }
      : { space: of.name, key: `k${i % 1000}`, sub: key, value };
  });
}

async function benchState(port: string, store: StateStore): Promise<void> {
  let epoch = 0;
  for (const count of [1_000, 10_000, 100_000]) {
    const task = await store.open('job', `task-${count}`);
    const times: number[] = [];
    epoch = 0;
    for (let round = 0; round < 7; round++) {
      const meta = { generation: 1, epoch: epoch++, commitId: `${round}`, positions: {}, runtime: null };
      const commit = { meta, deltas: deltas(count, round, space), outbox: [] };
      times.push(await timed(() => task.commit(commit)));
    }
    note(port, `commit ${count.toLocaleString('en')} deltas of 100 B`, count, times);
    const keys = deltas(10_000, 0, space).map(({ key }) => key);
    if (count === 100_000)
      note(port, 'load 10,000 of 100,000 values', 10_000, await rounds(7, () => task.load(space, keys)));
  }
  const task = await store.open('job', 'maps');
  const meta = { generation: 1, epoch: 0, commitId: 'maps', positions: {}, runtime: null };
  await task.commit({ meta, deltas: deltas(100_000, 0, map), outbox: [] });
  const keys = Array.from({ length: 1_000 }, (_, i) => `k${i}`);
  note(port, 'load 1,000 maps of 100 entries', 100_000, await rounds(7, () => task.load(map, keys)));
  note(
    port,
    'scan 100,000 entries',
    100_000,
    await rounds(7, async () => {
      for await (const page of task.scan(map)) if (page.length === 0) throw new Error('an empty page');
    }),
  );
}

async function rounds(count: number, action: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) times.push(await timed(action));
  return times;
}

async function benchTopics(port: string, topics: Topics): Promise<void> {
  for (const name of ['small', 'large', 'transacted']) await topics.create({ name, partitions: 4 });
  const value = Buffer.alloc(200, 'x');
  const records = (topic: string, count: number) =>
    Array.from({ length: count }, (_, i): TopicRecord => ({ topic, partition: i % 4, key: null, value, timestamp: i }));
  const [small, large, transacted] = [records('small', 100), records('large', 10_000), records('transacted', 10_000)];
  note(port, 'append 100 records of 200 B', 100, await rounds(200, () => topics.append(small)));
  note(port, 'append 10,000 records of 200 B', 10_000, await rounds(50, () => topics.append(large)));
  const producer = await topics.producer('bench');
  const rest = {
    group: 'g',
    offsets: [{ topic: 'small', partition: 0, offset: 1 }],
    task: 't',
    mark: { generation: 1, epoch: 1 },
  };
  note(
    port,
    'transact 10,000 records, offsets, mark',
    10_000,
    await rounds(20, () => producer.transact({ records: transacted, ...rest })),
  );
  note(port, 'transact no records', 1, await rounds(200, () => producer.transact({ records: [], ...rest })));
  for (const [topic, what] of [
    ['large', '1 MB at a time'],
    ['small', 'from appends of 25'],
  ] as const) {
    const { end } = await topics.range(topic, 0);
    note(
      port,
      `fetch ${end.toLocaleString('en')} records, ${what}`,
      end,
      await rounds(5, () => readAll(topics, topic)),
    );
  }
}

async function readAll(topics: Topics, topic: string): Promise<void> {
  for (let at = 0; ; ) {
    const batch = await topics.fetch({ topic, partition: 0 }, at, { maxRecords: 100_000, maxBytes: 1_000_000 });
    if (batch === undefined) return;
    at = batch.nextOffset;
  }
}

const path = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
try {
  const state = await embeddedState(join(path, 'state'));
  await benchState('state in a file', state);
  await benchState('state in memory', memoryState());
  const topics = await embeddedTopics(join(path, 'topics'));
  await benchTopics('topics in a file', topics);
  await benchTopics('topics in memory', memoryTopics());
  await state.close();
  await topics.close();
  note('state in a file', 'open again, checked', 1, [
    await timed(async () => (await embeddedState(join(path, 'state'))).close()),
  ]);
  note('topics in a file', 'open again, checked', 1, [
    await timed(async () => (await embeddedTopics(join(path, 'topics'))).close()),
  ]);
  console.table(rows);
} finally {
  rmSync(path, { recursive: true });
}
