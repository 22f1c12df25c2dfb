/**
 * `millrace run`: runs a job until its input ends or a signal stops it. Embedded, or with --inline, one process owns
 * every partition; over Kafka it is one of any number of workers, started here or elsewhere, that share the partitions.
 */
import { MillraceError } from '../../errors.ts';
import type { Job } from '../../graph/job.ts';
import { systemClock } from '../../time/clock.ts';
import { loadJob, writesTables } from '../run/load-job.ts';
import { serveMetrics } from '../run/metrics-server.ts';
import type { RunOptions } from '../run/options.ts';
import { onShutdown } from '../run/shutdown.ts';
import { configArguments, configFile } from '../settings/config-file.ts';
import { serverUrls, workerNumber } from '../settings/environment.ts';
import { say } from '../terminal.ts';

/** Runs the job; what it holds is committed and delivered when this ends. Errors: WORKERS_EMBEDDED and the job's. */
export async function execute([path]: readonly string[], options: RunOptions): Promise<void> {
  const { workers, inline = false } = options;
  const { kafka, clickhouse } = serverUrls();
  const shares = kafka !== undefined && !inline;
  if (workers !== 1 && kafka === undefined) throw new MillraceError('WORKERS_EMBEDDED', { workers });
  if (workers < 1 || (workers !== 1 && inline)) {
    throw new MillraceError('USAGE', { reason: '--workers must be at least 1, and exactly 1 with --inline' });
  }
  const config = configFile(options.config);
  const job = await loadJob(path!, config);
  const number = workerNumber();
  if (number === undefined && workers > 1) {
    if (clickhouse === undefined && writesTables(job)) {
      throw new MillraceError('USAGE', {
        reason: 'the job writes tables: set CLICKHOUSE_URL to a server of all workers',
      });
    }
    return supervise(job, [path!, ...configArguments(config)], options);
  }
  if (shares) return (await import('../run/worker-process.ts')).runWorker(job, options, number);
  return (await import('../run/inline-process.ts')).runInline(job, options);
}

async function supervise(job: Job, file: readonly string[], options: RunOptions): Promise<void> {
  const { workers, parallelism, metrics, data } = options;
  const { Supervisor } = await import('../run/supervisor.ts');
  const signal = onShutdown((name) => say(`millrace: ${name}, workers commit and deliver; once more to stop at once`));
  const optional = [
    ...(parallelism === undefined ? [] : ['--parallelism', String(parallelism)]),
    ...(data === undefined ? [] : ['--data', data]),
  ];
  const args = [...process.execArgv, process.argv[1]!, 'run', ...file, ...optional];
  const supervisor = new Supervisor({ workers, args, clock: systemClock, say, signal });
  const server = metrics === undefined ? undefined : await serveMetrics(supervisor, metrics);
  try {
    say(`millrace: running ${job.name} with ${workers} workers${server ? `, metrics on ${server.url}/metrics` : ''}`);
    await supervisor.run();
  } finally {
    await server?.close();
  }
}
