/**
 * The process that is killed: `child.ts run JOB DIRECTORY ORIGIN` runs a job over embedded parts until its input is
 * used up, announcing every call on file descriptor 3; `child.ts fill JOB DIRECTORY COUNT` makes the input, and
 * `child.ts dump JOB DIRECTORY` prints what the directory holds. The clock runs twenty times as fast, so that chunks
 * are sealed often.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Ports } from '../../graph/connector.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { Task } from '../../runtime/task/task.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { embeddedState } from '../../state/embedded.ts';
import { chdbTables } from '../../tables/chdb/chdb.ts';
import type { Clock } from '../../time/clock.ts';
import { embeddedTopics } from '../../topics/embedded.ts';
import { drain } from '../conformance/topics-steps.ts';
import { announced } from './announce.ts';
import { type KilledJob, type KilledJobName, killedJobs } from './jobs.ts';

const [mode, name, directory, argument] = process.argv.slice(2) as [
  'run' | 'fill' | 'dump',
  KilledJobName,
  string,
  string,
];
const { job, reads, writes, tables: written, replaces, record }: KilledJob = killedJobs[name];
const partitions = 2;
const pipe = 3;
const speed = 20;
/** A life ends a minute after its input, by its clock: then all that was quiet counts as idle, in every life alike. */
const quietSteps = 120;

const fastClock = (origin: number): Clock => ({
  now: () => origin + Math.floor((Date.now() - origin) * speed),
  sleep: async (ms) => void (await setTimeout(ms / speed)),
});

async function fill(count: number): Promise<void> {
  const topics = await embeddedTopics(join(directory, 'topics'));
  for (const topic of [...reads, ...writes]) await topics.create({ name: topic, partitions });
  for (let id = 0; id < count; id += 1_000) {
    await topics.append(Array.from({ length: Math.min(1_000, count - id) }, (_, i) => record(id + i)));
  }
  await topics.close();
}

async function run(origin: number): Promise<void> {
  const clock = fastClock(origin);
  const parts = {
    topics: await embeddedTopics(join(directory, 'topics')),
    state: await embeddedState(join(directory, 'state')),
    tables: await chdbTables(join(directory, 'tables')),
  };
  const wrapped = Object.entries(parts).map(([port, target]) => [port, announced(target, port, pipe)] as const);
  const ports = { ...(Object.fromEntries(wrapped) as typeof parts), clock } satisfies Ports;
  const fetch = { maxRecords: 20, maxBytes: 1 << 20 };
  const options = { ...taskDefaults, fetch, epochRecords: 20, nonce: randomUUID };
  const task = await Task.open(job, ports, { options, metrics: new Metrics() });
  for (let quiet = 0; quiet < quietSteps; ) {
    quiet = (await task.step()) === 'worked' ? 0 : quiet + 1;
    if (quiet > 0) await clock.sleep(500);
  }
  await task.finish();
  for (const port of Object.values(parts)) await port.close();
}

/**
 * Rows as they are stored, where none are replaced, and the ones that won; records in order. Dead letters are numbered
 * as they come, and of several inputs they come in any order: each of these stands for itself.
 */
async function dump(): Promise<void> {
  const topics = await embeddedTopics(join(directory, 'topics'));
  const state = await embeddedState(join(directory, 'state'));
  const tables = await chdbTables(join(directory, 'tables'));
  const found: Record<string, readonly string[]> = {};
  const isOne = reads.length === 1;
  const shown = ({ id, revision, ...row }: Readonly<Record<string, unknown>>, table: string): string =>
    JSON.stringify(table !== 'dead_letters' || isOne ? { id, revision, ...row } : row);
  for (const table of [...written, 'dead_letters', 'ledger']) {
    if (!replaces || table === 'ledger')
      found[table] = (await tables.query(`SELECT * FROM ${table}`)).map((row) => shown(row, table));
    if (table !== 'ledger') found[`${table} FINAL`] = (await tables.rows(table)).map((row) => shown(row, table));
  }
  for (const topic of writes)
    for (let p = 0; p < partitions; p++) found[`${topic}/${p}`] = (await drain(topics, topic, p)).map(String);
  const letters = `${job.name}.dead-letters`;
  const told = (await drain(topics, letters, 0)).map(String);
  found[`${letters}/0`] = isOne ? told : told.sort();
  found['outbox'] = (await (await state.open(job.name, 'all')).outbox()).map(({ lane, seq }) => `${lane} ${seq}`);
  process.stdout.write(JSON.stringify(found));
}

if (mode === 'fill') await fill(Number(argument));
else if (mode === 'run') await run(Number(argument));
else await dump();
