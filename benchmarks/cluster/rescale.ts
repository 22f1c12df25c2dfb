/**
 * The cost of changing the number of workers: `npm run bench -- rescale [--rate 5000] [--hold 20]`. A job counts
 * ticks per key and second while its workers go from 1 to 3 to 2, and one is killed on the way. The output must
 * be that of a single worker, and the longest silence around each change is printed.
 */

import { parseArgs } from 'node:util';
import { type Cluster, type Command, pause, ready, start, startCluster } from './servers.ts';
import type { Tick } from './ticks.ts';

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '5000' }, hold: { type: 'string', default: '20' } },
});
const [rate, hold] = [Number(values.rate), Number(values.hold) * 1_000];
const [keys, partitions, step] = [40, 6, 50];

/** When each count could be read, with the second and the count. */
const outputs: { readonly at: number; readonly second: number; readonly count: number }[] = [];
const changes: { readonly what: string; readonly at: number; ready: number }[] = [];
const expected = new Map<number, number>();
let feeding = true;

const cluster = await startCluster({ tables: false });
const workers: Command[] = [];
try {
  await cluster.topics.create({ name: 'ticks', partitions });
  await cluster.topics.create({ name: 'tick-counts', partitions: 1 });
  const done = new AbortController();
  const work = Promise.all([feed(cluster), read(cluster, done.signal)]);
  // The first failure is reported.
  work.catch(() => undefined);
  await change('1 worker starts', () => add(1));
  await pause(hold);
  await change('1 → 3: two join', () => add(2));
  await pause(hold);
  await change('3 → 2: one stops', () => workers.shift()!.stop());
  await pause(hold);
  await change('2 → 1: one is killed', async () => void workers.shift()!.child.kill('SIGKILL'));
  await pause(hold);
  feeding = false;
  await pause(8_000);
  done.abort();
  await work;
  report();
} finally {
  for (const worker of workers) await worker.stop();
  await cluster.stop();
}

async function change(what: string, action: () => Promise<void>): Promise<void> {
  const now = { what, at: Date.now(), ready: 0 };
  changes.push(now);
  await action();
  now.ready = Date.now();
}

async function add(count: number): Promise<void> {
  const added = Array.from({ length: count }, () =>
    start(['run', 'benchmarks/cluster/ticks.ts', '--metrics', '0'], cluster.env),
  );
  workers.push(...added);
  for (const worker of added) await ready(worker);
}

async function feed({ topics }: Cluster): Promise<void> {
  const begin = Date.now();
  let n = 0;
  while (feeding) {
    const now = Date.now();
    const due = Math.floor(((now - begin) / 1_000) * rate);
    const records = [];
    for (; n < due; n++) {
      const tick: Tick = { key: `key-${n % keys}`, at: now };
      const second = now - (now % 1_000);
      expected.set(second, (expected.get(second) ?? 0) + 1);
      records.push({
        topic: 'ticks',
        partition: n % partitions,
        key: null,
        value: Buffer.from(JSON.stringify(tick)),
        timestamp: now,
      });
    }
    await topics.append(records);
    await pause(step);
  }
}

async function read({ topics }: Cluster, signal: AbortSignal): Promise<void> {
  for (let at = 0; !signal.aborted; ) {
    const found = await topics.fetch({ topic: 'tick-counts', partition: 0 }, at, {
      maxRecords: 1_000,
      maxBytes: 1 << 20,
    });
    if (found === undefined) {
      await pause(20);
      continue;
    }
    const now = Date.now();
    for (let i = 0; i < found.length; i++) {
      const { second, count } = JSON.parse(found.bytes.toString('utf8', found.starts[i], found.ends[i]));
      outputs.push({ at: now, second, count });
    }
    at = found.nextOffset;
  }
}

function report(): void {
  const counted = new Map<number, number>();
  for (const { second, count } of outputs) counted.set(second, (counted.get(second) ?? 0) + count);
  const last = Math.max(...counted.keys());
  const wrong = [...expected].filter(([second, count]) => second < last && counted.get(second) !== count);
  const times = [...new Set(outputs.map((o) => o.at))].sort((a, b) => a - b);
  const silence = (from: number, to: number) => {
    const within = [from, ...times.filter((t) => t > from && t < to), to];
    return Math.max(...within.slice(1).map((t, i) => t - within[i]!)) / 1_000;
  };
  console.table(
    changes.slice(1).map(({ what, at }, i) => ({
      change: what,
      'longest silence s': silence(at, changes[i + 2]?.at ?? at + hold).toFixed(1),
      'before it s': silence(at - hold / 2, at).toFixed(1),
    })),
  );
  console.log(
    `${[...counted.values()].reduce((sum, n) => sum + n, 0)} ticks counted, ${wrong.length} of ${expected.size} seconds wrong`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}
