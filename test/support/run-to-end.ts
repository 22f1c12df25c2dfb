/** Runs a job as a process does, over ports in memory, until its input ends. */
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { type Logger, silent } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { run } from '../../runtime/task/runner.ts';
import { Task } from '../../runtime/task/task.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import type { Row } from '../../tables/tables.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { memoryTopics } from '../../topics/memory.ts';

/** Ports in memory that outlive a run, with a clock that stands, by default in 2100. */
export const memoryWorld = (clock = new VirtualClock()) => ({
  topics: memoryTopics(),
  state: memoryState(),
  tables: memoryTables(),
  clock,
});

let runs = 0;

/** Runs the job until its input ends; returns its metrics. Rejects as a process would fail. */
export async function runToEnd(job: Job, ports: Ports, log: Logger = silent): Promise<Metrics> {
  const metrics = new Metrics(ports.clock);
  const nonce = `run${++runs}`;
  const { signal } = new AbortController();
  await run(job, ports, {
    options: { ...taskDefaults, nonce: () => nonce },
    metrics,
    log,
    signal,
    restarts: 2,
  });
  return metrics;
}

/** Runs the job until there is nothing more to read now, and lets go as a process does that is told to stop. */
export async function runWhileThere(job: Job, ports: Ports): Promise<void> {
  const nonce = `run${++runs}`;
  const options = { ...taskDefaults, nonce: () => nonce };
  const task = await Task.open(job, ports, { options, metrics: new Metrics(ports.clock) });
  while ((await task.step()) === 'worked');
  await task.finish();
}

/** Runs the job until its inputs have been idle for a minute of their clock, so that all windows are over. */
export async function runUntilIdle(job: Job, ports: Ports & { readonly clock: VirtualClock }): Promise<void> {
  const nonce = `run${++runs}`;
  const options = { ...taskDefaults, nonce: () => nonce };
  const task = await Task.open(job, ports, { options, metrics: new Metrics(ports.clock) });
  for (let quiet = 0; quiet < 60; ports.clock.advance(1_000)) quiet = (await task.step()) === 'worked' ? 0 : quiet + 1;
  await task.finish();
}

/** Appends values to partition 0 of a topic, which is made if it is not there. */
export async function append(ports: Ports, topic: string, values: readonly unknown[]): Promise<void> {
  if ((await ports.topics.describe(topic)) === undefined) await ports.topics.create({ name: topic, partitions: 1 });
  const recordOf = (value: unknown) => ({
    topic,
    partition: 0,
    key: null,
    timestamp: 0,
    value: Buffer.from(JSON.stringify(value)),
  });
  await ports.topics.append(values.map(recordOf));
}

/** All values of a topic's partition 0, as JSON. */
export async function valuesOf(ports: Ports, topic: string): Promise<unknown[]> {
  const batch = await ports.topics.fetch({ topic, partition: 0 }, 0, { maxRecords: 10_000, maxBytes: 16 << 20 });
  if (batch === undefined) return [];
  return Array.from({ length: batch.length }, (_, i) =>
    JSON.parse(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i])),
  );
}

export const deadLettersOf = (ports: Ports): Promise<readonly Row[]> => ports.tables.rows('dead_letters');
