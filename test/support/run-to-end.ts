/** Runs a job as a process does, over ports in memory, until its input ends. */
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { silent } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { run } from '../../runtime/task/runner.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import type { Row } from '../../tables/tables.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { memoryTopics } from '../../topics/memory.ts';

/** Ports in memory that outlive a run, with a clock that stands in 2100. */
export const memoryWorld = (): Ports => ({
  topics: memoryTopics(),
  state: memoryState(),
  tables: memoryTables(),
  clock: new VirtualClock(),
});

let runs = 0;

/** Runs the job until its input ends; returns its metrics. Rejects as a process would fail. */
export async function runToEnd(job: Job, ports: Ports): Promise<Metrics> {
  const metrics = new Metrics(ports.clock);
  const nonce = `run${++runs}`;
  const { signal } = new AbortController();
  await run(job, ports, {
    options: { ...taskDefaults, nonce: () => nonce },
    metrics,
    log: silent,
    signal,
    restarts: 2,
  });
  return metrics;
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
