import { hasCode } from '../errors.ts';
import type { Ports } from '../graph/connector.ts';
import type { Job } from '../graph/job.ts';
import { takeTurns } from '../time/clock.ts';
import { milliseconds, minutes, seconds } from '../time/duration.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { Task } from './task.ts';
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

/** Errors that another try would only repeat, or that forbid one. */
const fatal = [
  'STATE_FENCED',
  'STATE_LOST_WRITES',
  'STATE_EPOCH_GAP',
  'STATE_CODEC_NEWER',
  'STATE_UNKNOWN_UID',
  'PRODUCER_FENCED',
  'POISON_LIMIT',
  'RECORD_POISONOUS',
  'OFFSET_OUT_OF_RANGE',
  'TOPIC_PARTITIONS_CHANGED',
  'TABLE_MISMATCH',
  'PLAN_CHANGED',
  'EMBEDDED_DISK_FULL',
  'FILE_MISSING',
  'TOPIC_MISSING',
] as const;

const quietPause = milliseconds(20);

/**
 * Runs a job until its input ends or `signal` stops it. A task that fails is opened again, with growing pauses: what
 * it had not committed is read again. Throws when the failure is one that a restart can't cure, or after too many.
 */
export async function run(job: Job, ports: Ports, how: RunOptions): Promise<void> {
  const { log, metrics, signal, restarts = 5 } = how;
  let task: Task | undefined;
  let opened = ports.clock.now();
  const onOpen = (open: Task) => {
    task = open;
    opened = ports.clock.now();
  };
  for (let failures = 0; ; ) {
    try {
      return await runOnce(job, ports, { ...how, known: task?.standing.fence, onOpen });
    } catch (error) {
      // Whoever ran for a while is not failing in a row.
      failures = ports.clock.now() - opened > minutes(5) ? 1 : failures + 1;
      if (fatal.some((code) => hasCode(error, code)) || failures > restarts || signal.aborted) throw error;
      log.warn({ err: error, task: how.options.task, ...task?.standing, failures }, 'task failed, it is opened again');
      metrics.add('millrace_restarts_total', '');
      await ports.clock.sleep(Math.min(seconds(30), milliseconds(200) * 2 ** failures), signal);
    }
  }
}

interface OnceOptions extends RunOptions {
  readonly known: number | undefined;
  readonly onOpen: (task: Task) => void;
}

async function runOnce(job: Job, ports: Ports, how: OnceOptions): Promise<void> {
  const { options, metrics, log, signal, known, onOpen } = how;
  const task = await Task.open(job, ports, { options, metrics, known });
  onOpen(task);
  log.info({ task: options.task, ...task.standing }, 'task opened');
  try {
    while (!signal.aborted) {
      const progress = await task.step();
      if (progress === 'ended') break;
      if (progress === 'quiet') await ports.clock.sleep(quietPause, signal);
      await takeTurns();
    }
    await task.finish();
    log.info({ task: options.task, ...task.standing }, 'task finished: everything read is committed and delivered');
  } catch (error) {
    // Why it failed decides what comes next, not what closing it says.
    await task
      .close()
      .catch((err: unknown) =>
        log.warn({ err, task: options.task, ...task.standing }, 'a failed task did not close cleanly'),
      );
    throw error;
  }
}
