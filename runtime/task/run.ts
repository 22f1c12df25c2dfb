import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Runner } from './runner.ts';
import type { TaskOptions } from './task-options.ts';

/** How a job is run in this process. */
export interface RunOptions {
  readonly options: TaskOptions;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Aborted to stop gracefully: drain, commit, deliver. */
  readonly signal: AbortSignal;
  /** Restarts in a row before the error is given up on. Default 5. */
  readonly restarts?: number;
}

/**
 * Runs a whole job as one task that owns every partition, until its input ends or `signal` stops it. Throws when it
 * fails in a way that a restart can't cure, or too often in a row.
 */
export async function run(job: Job, ports: Ports, how: RunOptions): Promise<void> {
  const { options, metrics, log, signal, restarts = 5 } = how;
  const runner = new Runner({ job, ports, options, metrics, log, restarts, assigned: false });
  const stop = () => void runner.end('finish');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await runner.done;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
