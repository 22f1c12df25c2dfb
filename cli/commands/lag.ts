/**
 * `millrace lag`: how far a job is behind in each partition it reads, by the offsets that its group has stored. What
 * can't be known is said and never shown as no lag: an input that does not exist is an error, and a partition whose
 * position was never stored has none.
 */
import { MillraceError } from '../../errors.ts';
import { type StageJob, stageJobs } from '../../runtime/exchange/stage-jobs.ts';
import { systemClock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import type { Topics } from '../../topics/topics.ts';
import { kafkaTopicsAt } from '../parts/servers.ts';
import { loadJob } from '../run/load-job.ts';
import { type ConfigOption, configFile } from '../settings/config-file.ts';
import { serverUrls } from '../settings/environment.ts';
import { Output, say } from '../terminal.ts';

/** Options of `millrace lag`. */
export interface LagOptions {
  readonly json?: boolean;
  readonly config?: ConfigOption;
}

/** A broker that does not answer for this long is away. */
const patience = seconds(3);

/** One partition. `committed` is null before the first epoch; `lag` then counts from the oldest record kept. */
interface PartitionLag {
  readonly stage: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: number | null;
  readonly end: number;
  readonly lag: number;
}

/**
 * Prints a line for each partition, or NDJSON.
 * Errors: USAGE without KAFKA_URL, KAFKA_UNREACHABLE, TOPIC_MISSING, and those of loading the job.
 */
export async function execute([path]: readonly string[], { json = false, config }: LagOptions): Promise<void> {
  const { kafka } = serverUrls();
  if (kafka === undefined) {
    throw new MillraceError('USAGE', { reason: 'set KAFKA_URL; a job on embedded parts tells its lag by --metrics' });
  }
  const job = await loadJob(path!, configFile(config));
  const topics = await kafkaTopicsAt(kafka, systemClock, patience);
  try {
    const lags = (await Promise.all(stageJobs(job).map((stage) => lagsOf(stage, topics)))).flat();
    if (lags.every(({ committed }) => committed === null)) {
      say(`millrace: ${job.name} has never committed a position on this cluster; lag counts from the oldest records`);
    }
    const output = new Output();
    if (json) for (const lag of lags) output.line(JSON.stringify(lag));
    else for (const line of tableOf(lags)) output.line(line);
    await output.flush();
  } finally {
    await topics.close();
  }
}

async function lagsOf({ name, job, inputs, received }: StageJob, topics: Topics): Promise<readonly PartitionLag[]> {
  const lags: PartitionLag[] = [];
  for (const topic of inputs) {
    const found = await topics.describe(topic);
    if (found === undefined && !received.includes(topic)) throw new MillraceError('TOPIC_MISSING', { topic });
    if (found === undefined) say(`millrace: exchange ${topic} does not exist; no worker shares the job yet`);
    const partitions = found?.partitions ?? 0;
    const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
    const offsets = await topics.committed(job.name, all);
    for (const { partition } of all) {
      const { begin, end } = await topics.range(topic, partition);
      const committed = offsets[partition] ?? null;
      lags.push({ stage: name, topic, partition, committed, end, lag: end - Math.max(committed ?? begin, begin) });
    }
  }
  return lags;
}

const titles = ['stage', 'topic', 'partition', 'committed', 'end', 'lag'] as const;

function tableOf(lags: readonly PartitionLag[]): readonly string[] {
  const rows = [titles, ...lags.map((lag) => titles.map((title) => String(lag[title] ?? '-')))];
  const total = ['', '', '', '', 'all', String(lags.reduce((sum, { lag }) => sum + lag, 0))];
  const all = [...rows, total];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const isNumber = (column: number) => column > 1;
  return all.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
