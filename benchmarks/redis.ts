/**
 * The cost of state in Redis on this machine: `node --import tsx benchmarks/redis.ts`. Starts a server of its own (AOF,
 * `appendfsync everysec`) unless REDIS_URL names one. Values have 100 bytes, keys about 11; medians of several rounds.
 * CPU is that of this process and of the server while the calls ran, per entry.
 */

import { Redis } from 'ioredis';
import { redisState } from '../state/redis/redis.ts';
import type { Delta, Space, TaskState } from '../state/store.ts';
import { startRedis } from '../test/support/servers/redis.ts';
import { median, printTable } from './measure.ts';
import { restartRow, shapes } from './restart.ts';

const space: Space = { name: 'count/value', kind: 'value' };
const map: Space = { name: 'join/map', kind: 'map' };
const rows: Record<string, string>[] = [];

const server = process.env['REDIS_URL'] === undefined ? await startRedis({ appendfsync: 'everysec' }) : undefined;
const url = process.env['REDIS_URL'] ?? server!.url;
const store = await redisState(url);
const admin = new Redis(url);
const job = `bench-${process.pid}`;
try {
  if (process.argv[2] === 'restart') {
    for (const shape of shapes) rows.push(await restartRow(shape, url));
  } else {
    for (const count of [1_000, 10_000, 50_000, 100_000]) await benchCommits(count);
    await benchMaps();
    await benchReads();
  }
  printTable(rows);
} finally {
  await store.reset(job);
  await admin.del(`millrace:tasks:{${job}}`);
  admin.disconnect();
  await store.close();
  await server?.stop();
}

async function benchCommits(count: number): Promise<void> {
  const task = await store.open(job, `commits-${count}`);
  let n = 0;
  const commit = () => task.commit(epoch(n++, values(count, n)));
  await note(`commit ${count.toLocaleString('en')} values`, count, { rounds: count > 10_000 ? 9 : 21, action: commit });
}

async function benchMaps(): Promise<void> {
  const task = await store.open(job, 'maps');
  let n = 0;
  const commit = () => task.commit(epoch(n++, entries(10_000, n)));
  await note('commit 10,000 map entries, 10 a key', 10_000, { rounds: 11, action: commit });
  const keys = Array.from({ length: 1_000 }, (_, i) => `k${i}`);
  await note('load 1,000 maps of 10 entries', 10_000, { rounds: 11, action: () => task.load(map, keys) });
}

async function benchReads(): Promise<void> {
  const task = await store.open(job, 'reads');
  const keys = values(10_000, 0).map(({ key }) => key);
  await task.commit(epoch(0, values(100_000, 0)));
  await note('load 10,000 of 100,000 values', 10_000, { rounds: 21, action: () => task.load(space, keys) });
  const before = await memory();
  for (let n = 1; n < 10; n++) await task.commit(epoch(n, values(100_000, 0, n * 100_000)));
  rows.push(
    row('memory of the server per value', {
      ms: '',
      most: '',
      node: '',
      redis: `${Math.round(((await memory()) - before) / 900_000)} B`,
    }),
  );
  await note('scan 1,000,000 values', 1_000_000, { rounds: 3, action: () => drain(task, space) });
  const maps = await store.open(job, 'many-maps');
  for (let n = 0; n < 10; n++) {
    const deltas = values(100_000, 0, n * 100_000).map((delta) => ({ ...delta, space: map.name, sub: 'left' }));
    await maps.commit(epoch(n, deltas));
  }
  await note('scan 1,000,000 maps of one entry', 1_000_000, { rounds: 3, action: () => drain(maps, map) });
}

function epoch(n: number, deltas: readonly Delta[]) {
  const meta = { generation: 1, epoch: n, commitId: `${process.pid}-${n}`, positions: {}, runtime: null };
  return { meta, deltas, outbox: [] };
}

function values(count: number, round: number, from = 0): readonly Delta[] {
  const value = Buffer.alloc(100, round);
  return Array.from({ length: count }, (_, i) => ({ space: space.name, key: `skey-${from + i}`, sub: '', value }));
}

function entries(count: number, round: number): readonly Delta[] {
  const value = Buffer.alloc(100, round);
  return Array.from({ length: count }, (_, i) => ({ space: map.name, key: `k${i % 1_000}`, sub: `sub-${i}`, value }));
}

async function drain(task: TaskState, of: Space): Promise<void> {
  let count = 0;
  for await (const page of task.scan(of)) count += page.length;
  if (count !== 1_000_000) throw new Error(`scanned ${count} entries`);
}

async function note(
  what: string,
  count: number,
  how: { rounds: number; action: () => Promise<unknown> },
): Promise<void> {
  await how.action();
  const times: number[] = [];
  let node = 0;
  let redis = 0;
  for (let round = 0; round < how.rounds; round++) {
    const cpu = process.cpuUsage();
    const theirs = await serverCpu();
    const start = performance.now();
    await how.action();
    times.push(performance.now() - start);
    redis += (await serverCpu()) - theirs;
    const mine = process.cpuUsage(cpu);
    node += mine.user + mine.system;
  }
  const per = (micros: number) => `${(micros / count / how.rounds).toFixed(2)} µs`;
  rows.push(
    row(what, {
      ms: median(times).toFixed(1),
      most: Math.max(...times).toFixed(1),
      node: per(node),
      redis: per(redis),
    }),
  );
}

function row(what: string, { ms, most, node, redis }: { ms: string; most: string; node: string; redis: string }) {
  return { what, 'p50 ms': ms, 'max ms': most, 'Node CPU per entry': node, 'Redis per entry': redis };
}

/** Microseconds of the server's main thread. */
async function serverCpu(): Promise<number> {
  const info = await admin.info('cpu');
  const seconds = (name: string) => Number(new RegExp(`${name}:([0-9.]+)`).exec(info)?.[1] ?? 0);
  return (seconds('used_cpu_sys_main_thread') + seconds('used_cpu_user_main_thread')) * 1e6;
}

async function memory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
}
