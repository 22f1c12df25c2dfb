/** Keeps one task running, and runs a whole job as one task. */
import { hasCode } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { wholeStage } from '../../graph/plan.ts';
import { takeTurns } from '../../time/clock.ts';
import { milliseconds, minutes, seconds, type Time } from '../../time/duration.ts';
import type { Retried } from '../commit/retries.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { noServers, type Servers } from '../server-watch.ts';
import type { SetAside } from './set-aside.ts';
import { stagingCheck } from './staging.ts';
import { Task } from './task.ts';
import type { TaskOptions } from './task-options.ts';

/** How a task is let go: all delivered; committed, its topics settled and tables left to the next owner; not at all. */
export type Ending = 'finish' | 'release' | 'drop';

/** What a runner needs. */
export interface RunnerParts {
  readonly job: Job;
  readonly ports: Ports;
  readonly options: TaskOptions;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Restarts in a row before the error is given up on. */
  readonly restarts: number;
  /**
   * Whether a group assigns the task. Then an owner that was fenced waits for the group's notice; otherwise two
   * processes run the same job, and one of them must stop.
   */
  readonly assigned: boolean;
  /** Whether the task's state is where it was; asked before the task is opened. */
  readonly check?: () => Promise<void>;
  /** Whether a server is away, as far as it is watched. */
  readonly servers?: Servers;
}

/** Errors that another try would only repeat, or that forbid one. */
const fatal = [
  'STATE_LOST_WRITES',
  'STATE_EPOCH_GAP',
  'STATE_CODEC_NEWER',
  'STATE_UNKNOWN_UID',
  'STATE_BYTES_BROKEN',
  'POISON_LIMIT',
  'RECORD_POISONOUS',
  'STATE_VALUE_REFUSED',
  'PROMISE_REFUSED',
  'OFFSET_OUT_OF_RANGE',
  'TOPIC_REMADE',
  'TOPIC_APPEND_REFUSED',
  'TOPIC_LOG_DIVERGED',
  'TOPIC_PARTITIONS_CHANGED',
  'SOURCE_TOPIC_CHANGED',
  'TABLE_MISMATCH',
  'TABLE_REFUSED',
  'OPTION_INVALID',
  'PLAN_CHANGED',
  'EMBEDDED_DISK_FULL',
  'FILE_MISSING',
  'TOPIC_MISSING',
] as const;

/** What a server that is away makes of any call. */
const unanswered = ['KAFKA_UNREACHABLE', 'STATE_UNAVAILABLE', 'OUTCOME_UNKNOWN', 'DELIVERY_FAILED'] as const;

const fenced = ['STATE_FENCED', 'PRODUCER_FENCED', 'GROUP_LOST'] as const;

const quietPause = milliseconds(20);
/** How long the notice may take that partitions went to another member. */
const fencedPause = seconds(3);

/**
 * Keeps one task running until its input ends or `end` is called. A task that fails is opened again, with growing
 * pauses: what it had not committed is read again. `done` rejects when the failure is one that a restart can't cure, or
 * after too many.
 */
export class Runner {
  readonly done: Promise<void>;
  readonly #parts: RunnerParts;
  readonly #servers: Servers;
  readonly #ended = new AbortController();
  #ending: Ending | undefined;
  #task: Task | undefined;
  #opened: Time;
  /** The operators that threw, or whose values could not be stored: from then on they are run carefully. */
  readonly #careful = new Set<string>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#servers = parts.servers ?? noServers;
    this.#opened = parts.ports.clock.now();
    // The gauges of a task that is opened again stay: while it is away, its lag must be seen to grow.
    this.done = this.#run().finally(() => this.#forget());
    // A caller may begin to wait later; until then a failure must not count as unhandled.
    this.done.catch(() => undefined);
  }

  /** Whether the task has been taken over and reads. */
  get isReading(): boolean {
    return this.#task !== undefined;
  }

  /** Ends the task after the present step; the first call decides how. */
  end(ending: Ending): Promise<void> {
    this.#ending ??= ending;
    this.#ended.abort();
    return this.done;
  }

  async #run(): Promise<void> {
    const { ports, log, metrics, options, restarts } = this.#parts;
    metrics.add('millrace_restarts_total', '', 0);
    let known: number | undefined;
    for (let failures = 0; ; ) {
      try {
        return await this.#once(known);
      } catch (error) {
        known = this.#task?.status.fence ?? known;
        const status = this.#task?.status;
        this.#task = undefined;
        if (this.#ending === undefined && this.#isCuredByCare(error)) {
          log.warn({ err: error, task: options.task, ...status }, 'task goes back to its last commit');
          metrics.add('millrace_restarts_total', '');
          continue;
        }
        // A failure after a long run does not count as one in a row.
        failures = ports.clock.now() - this.#opened > minutes(5) ? 1 : failures + 1;
        const about = { err: error, task: options.task, ...status, failures };
        if (this.#isLeftToOthers(error)) {
          if (this.#isOfServer(error)) return;
          return log.warn(about, 'task failed while it was let go; its next owner goes on from the last commit');
        }
        if (this.#isOfServer(error) && this.#ending === undefined) {
          // The watch tells of it once; it is no failure of this task, and another try would only wait.
          failures = 0;
          await this.#servers.back(this.#ended.signal);
          await ports.clock.sleep(isFenced(error) ? fencedPause : milliseconds(200), this.#ended.signal);
          if (this.#ending !== undefined) return;
          continue;
        }
        if (this.#isFatal(error) || failures > restarts || this.#ending !== undefined) throw error;
        log.warn(about, 'task failed, it is opened again');
        metrics.add('millrace_restarts_total', '');
        const pause = Math.min(seconds(30), milliseconds(200) * 2 ** failures);
        await ports.clock.sleep(isFenced(error) ? fencedPause : pause, this.#ended.signal);
        if (this.#ending !== undefined) return;
      }
    }
  }

  async #forget(): Promise<void> {
    const { metrics, options } = this.#parts;
    if (options.share !== undefined) await metrics.forget(options.task);
  }

  /** Whether a task that fails while it ends has a next owner; one that finishes may have lost its partitions. */
  #isLeftToOthers(error: unknown): boolean {
    if (this.#ending === 'finish') return this.#parts.assigned && isFenced(error);
    return this.#ending !== undefined;
  }

  /** Whether a server that is away, or was a moment ago, explains the failure. */
  #isOfServer(error: unknown): boolean {
    if (!this.#servers.disturbed) return false;
    // A group that lost sight of its members hands their partitions to others, and fences them.
    return unanswered.some((code) => hasCode(error, code)) || (this.#parts.assigned && isFenced(error));
  }

  /** Whether the task is to be opened again at once, because it then runs the operator carefully that failed. */
  #isCuredByCare(error: unknown): boolean {
    if (this.#parts.options.careful === 'all' || !isReplayable(this.#parts.job)) return false;
    let uid: string;
    if (hasCode(error, 'RECORD_REPEATED')) uid = String(error.detail['uid']);
    else if (hasCode(error, 'STATE_VALUE_REFUSED')) uid = String(error.detail['space']).split('/')[0]!;
    else return false;
    if (this.#careful.has(uid)) return false;
    this.#careful.add(uid);
    return true;
  }

  #isFatal(error: unknown): boolean {
    return fatal.some((code) => hasCode(error, code)) || (!this.#parts.assigned && isFenced(error));
  }

  async #once(known: number | undefined): Promise<void> {
    const { job, ports, metrics, log, check } = this.#parts;
    await check?.();
    // What was read of an input that can't be read again must not be needed a second time.
    const careful = isReplayable(job) ? this.#careful : 'all';
    const onSetAside = (told: SetAside) =>
      log.warn({ task: this.#parts.options.task, ...told }, 'records were set aside as dead letters');
    const onRetry = (told: Retried) =>
      log.warn({ task: this.#parts.options.task, ...told }, 'a delivery is tried again');
    const options = {
      onSetAside,
      onRetry,
      ...this.#parts.options,
      careful: this.#parts.options.careful ?? careful,
    } as const;
    const task = await Task.open(job, ports, { options, metrics, known });
    this.#task = task;
    this.#opened = ports.clock.now();
    log.info({ task: options.task, ...task.status }, 'task opened');
    try {
      while (this.#ending === undefined) {
        const outcome = await task.step(this.#ended.signal);
        if (outcome === 'ended') break;
        if (outcome === 'quiet') await ports.clock.sleep(quietPause, this.#ended.signal);
        await takeTurns();
      }
      const words = await letGo(task, this.#ending, this.#ended.signal);
      log.info({ task: options.task, ...task.status }, words);
    } catch (error) {
      // The first failure decides what comes next, not that of closing.
      await task.close().catch((err: unknown) => {
        if (this.#isOfServer(err)) return;
        log.warn({ err, task: options.task, ...task.status }, 'a failed task did not close cleanly');
      });
      throw error;
    }
  }
}

const isReplayable = (job: Job): boolean =>
  job.nodes.every(({ body }) => body.kind !== 'source' || body.source.replayable);

const isFenced = (error: unknown): boolean => fenced.some((code) => hasCode(error, code));

async function letGo(task: Task, ending: Ending | undefined, stop: AbortSignal): Promise<string> {
  switch (ending) {
    case 'release':
      await task.release();
      return 'task released: everything read is committed, its topics are delivered';
    case 'drop':
      await task.close();
      return 'task dropped: it belongs to another worker';
    default: {
      const isDelivered = await task.finish(stop);
      return isDelivered
        ? 'task finished: everything read is committed and delivered'
        : 'task finished: everything read is committed; tables are away, their rows wait for the next start';
    }
  }
}

/** How a job is run in this process. */
export interface RunOptions {
  readonly options: TaskOptions;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Aborted to stop gracefully: drain, commit, deliver. */
  readonly signal: AbortSignal;
  /** Restarts in a row before the error is given up on. Default 5. */
  readonly restarts?: number;
  readonly servers?: Servers;
}

/**
 * Runs a whole job as one task that owns every partition, until its input ends or `signal` stops it. Throws when it
 * fails in a way that a restart can't cure, or too often in a row.
 */
export async function run(job: Job, ports: Ports, how: RunOptions): Promise<void> {
  const { options, metrics, log, signal, restarts = 5, servers = noServers } = how;
  const stages = [[options.task, wholeStage(job)]] as const;
  const check = stagingCheck(ports.state, { job, stages, nonce: options.nonce });
  const runner = new Runner({ job, ports, options, metrics, log, restarts, assigned: false, servers, check });
  const stop = () => void runner.end('finish');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await runner.done;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
