/**
 * How long a task with a million keys takes from being opened to its first delivered output. The same job writes
 * the keys before; the measured task then continues with records of random keys.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SourceSpec } from '../graph/connector.ts';
import { eventTime, int, type Job, job, keyBy, process as operator, to, topic } from '../index.ts';
import { Metrics } from '../runtime/metrics.ts';
import { Task } from '../runtime/task/task.ts';
import { taskDefaults } from '../runtime/task/task-options.ts';
import { redisState } from '../state/redis/redis.ts';
import type { StateStore } from '../state/store.ts';
import { memoryTables } from '../tables/memory.ts';
import { systemClock } from '../time/clock.ts';
import { memoryTopics } from '../topics/memory.ts';
import { generated } from './peers/jobs.ts';

/** Which state each key has. */
export type Shape = (typeof shapes)[number];
export const shapes = ['values', 'maps', 'timers', 'all'] as const;

const keys = 1_000_000;
const more = 50_000;
const name = 'bench-restart';

/** Writes the keys, then measures in a process of its own; one row of the table. */
export async function restartRow(shape: Shape, url: string): Promise<Record<string, string>> {
  const state = await redisState(url);
  await state.reset(name);
  const started = performance.now();
  const { task } = await openTask(shape, state, { total: keys, epochRecords: 100_000 });
  while ((await task.step()) === 'worked');
  await task.finish();
  const written = performance.now() - started;
  const child = fork(fileURLToPath(import.meta.url), [shape, url]);
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the measured process ended early')));
  // It ends after its message, too.
  failed.catch(() => undefined);
  const [measured] = await Promise.race([once(child, 'message'), failed]);
  await state.reset(name);
  await state.close();
  return { what: `${shape} of ${keys.toLocaleString('en')} keys`, 'written in s': seconds(written), ...measured };
}

/** The measured process: sends its figures to its parent. */
async function restarted(shape: Shape, url: string): Promise<void> {
  const state = await redisState(url);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { task, topics } = await openTask(shape, state, { total: keys + more, epochRecords: 10_000 });
  const opened = performance.now() - started;
  while ((await topics.range('out', 0)).end === 0) await task.step();
  const first = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  while ((await task.step()) === 'worked');
  await task.finish();
  const all = performance.now() - started;
  process.send!({
    'open s': seconds(opened),
    'first output s': seconds(first),
    'CPU till then s': ((user + system) / 1e6).toFixed(2),
    [`${more.toLocaleString('en')} records s`]: seconds(all),
    'memory MB': String(process.memoryUsage().rss >> 20),
  });
  await state.close();
  process.disconnect();
}

async function openTask(shape: Shape, state: StateStore, how: { total: number; epochRecords: number }) {
  const topics = memoryTopics();
  await topics.create({ name: 'out', partitions: 1 });
  const ports = { topics, state, tables: memoryTables(), clock: systemClock };
  const options = { ...taskDefaults, careful: new Set<string>(), epochRecords: how.epochRecords, nonce: () => 'bench' };
  return { topics, task: await Task.open(counting(shape, how.total), ports, { options, metrics: new Metrics() }) };
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(2);

function counting(shape: Shape, total: number): Job {
  return job(name, (from) => {
    const has = (part: Shape) => shape === part || shape === 'all';
    from('n', endless(generated(total, (n) => n))).pipe(
      eventTime({ at: (n) => n / 1_000, outOfOrder: 0 }),
      keyBy((n) => `key-${(n * 7_919) % keys}`),
      operator('op', (ctx) => {
        const value = has('values') ? ctx.value('seen', int) : undefined;
        const map = has('maps') ? ctx.map<string, number>('by', int) : undefined;
        return {
          onData(n, time, out) {
            const count = (value?.get() ?? 0) + 1;
            value?.set(count);
            map?.set(`s${n % 3}`, count);
            if (has('timers')) ctx.timer(Math.floor(time / 1_000) * 1_000 + 3_600_000);
            if (n >= keys) out.emit(`${n}: ${count}`);
          },
        };
      }),
      to('out', topic('out')),
    );
  });
}

/** The same without an end: an input that ends fires all timers. */
function endless<T>(spec: SourceSpec<T>): SourceSpec<T> {
  return {
    ...spec,
    async open(ports) {
      const source = await spec.open(ports);
      return {
        ...source,
        async poll(split, position, limit) {
          const batch = await source.poll(split, position, limit);
          return batch === 'ended' ? undefined : batch;
        },
      };
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await restarted(process.argv[2] as Shape, process.argv[3]!);
