/** What the benchmarks of one process share: running a job, timing it, and printing a table. */

import type { Ports } from '../graph/connector.ts';
import type { Job } from '../graph/job.ts';
import { silent } from '../runtime/log.ts';
import { Metrics } from '../runtime/metrics.ts';
import { run } from '../runtime/task/runner.ts';
import { type TaskOptions, taskDefaults } from '../runtime/task/task-options.ts';
import { memoryState } from '../state/memory.ts';
import { memoryTables } from '../tables/memory.ts';
import { systemClock } from '../time/clock.ts';
import { memoryTopics } from '../topics/memory.ts';

/** The cost of a run: wall and CPU seconds, including garbage collection and commits. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly metrics: Metrics;
}

/** Runs a job to the end of its input; over memory parts unless told otherwise. */
export async function costOf(job: Job, ports: Partial<Ports> = {}, options: Partial<TaskOptions> = {}): Promise<Cost> {
  const metrics = new Metrics();
  const all: Ports = {
    topics: memoryTopics(),
    state: memoryState(),
    tables: memoryTables(),
    clock: systemClock,
    ...ports,
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run(job, all, {
    options: { ...taskDefaults, nonce: () => 'bench', ...options },
    metrics,
    log: { ...silent, warn: (fields) => console.error(fields) },
    signal: new AbortController().signal,
  });
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - started) / 1_000, cpuSeconds: (used.user + used.system) / 1e6, metrics };
}

/** Prints rows as a Markdown table. */
export function printTable(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  console.log(`| ${columns.join(' | ')} |`);
  console.log(`|${columns.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${columns.map((c) => row[c]).join(' | ')} |`);
}

/** The median of several measurements. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
