/**
 * One of any number of processes that run a job together. All are members of the job's group; a worker that is
 * assigned a partition runs the task of each stage that reads it. There is no other coordination. The fences of state
 * and producers protect, so that a worker that was replaced without noticing it can't do harm.
 */
import { MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { milliseconds, seconds, type Time } from '../../time/duration.ts';
import type { GroupEvent, Membership, TopicPartition } from '../../topics/topics.ts';
import { prepareStages, type StageJob, stageJobs } from '../exchange/stage-jobs.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { noServers, type Servers } from '../server-watch.ts';
import { type Ending, Runner } from './runner.ts';
import { stagingCheck } from './staging.ts';
import type { TaskOptions } from './task-options.ts';

/** How a worker works. */
export interface WorkOptions {
  readonly options: Omit<TaskOptions, 'task' | 'share'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Aborted to stop gracefully: drain, commit, deliver, leave. */
  readonly signal: AbortSignal;
  /** Partitions of exchanges that are made now. Default: as many as the largest source has. */
  readonly parallelism?: number;
  /** Restarts of one task in a row before the worker gives up. Default 10. */
  readonly restarts?: number;
  readonly servers?: Servers;
  /** Called whenever tasks came, went or began to read. */
  readonly onChange?: (status: WorkerStatus) => void;
}

/** How many tasks a worker has. */
export interface WorkerStatus {
  /** Whether the group has assigned anything, or that there is nothing for this worker. */
  readonly assigned: boolean;
  readonly tasks: number;
  readonly reading: number;
}

/** Between two looks at the group. */
const attention = milliseconds(50);
/** A member that is given nothing for this long after joining is one too many. */
const surplus = seconds(10);
/** A task that is to be given up is waited for no longer than this; its next owner fences it. */
const patience = seconds(30);

/** Works until `signal` stops it; throws when a task fails in a way that a restart can't cure. */
export async function work(job: Job, ports: Ports, how: WorkOptions): Promise<void> {
  const stages = stageJobs(job);
  const counts = await prepareStages(stages, ports.topics, how.parallelism);
  const inputs = [...new Set(stages.flatMap((stage) => stage.inputs))];
  const membership = await ports.topics.join(job.name, inputs);
  const named = stages.map(({ name, plan }) => [name, plan] as const);
  const check = stagingCheck(ports.state, { job, stages: named, nonce: how.options.nonce });
  const worker = new Worker({ stages, counts, ports, how, membership, check });
  try {
    await worker.attend();
  } finally {
    await worker.leave();
  }
}

interface WorkerParts {
  readonly stages: readonly StageJob[];
  readonly counts: ReadonlyMap<StageJob, number>;
  readonly ports: Ports;
  readonly how: WorkOptions;
  readonly membership: Membership;
  readonly check: () => Promise<void>;
}

class Worker {
  readonly #parts: WorkerParts;
  readonly #owned = new Set<string>();
  readonly #runners = new Map<string, Runner>();
  #assigned = false;
  readonly #joined: Time;
  #failure: unknown;
  #reported = '';

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#joined = parts.ports.clock.now();
  }

  /** Takes and gives up tasks as the group assigns them. */
  async attend(): Promise<void> {
    const { ports, how, membership } = this.#parts;
    while (!how.signal.aborted) {
      if (this.#failure !== undefined) throw this.#failure;
      const event = membership.poll();
      if (event !== undefined) await this.#follow(event);
      else await ports.clock.sleep(attention, how.signal);
      this.#report();
    }
  }

  /** Ends all tasks, delivering what they hold unless one has failed, and leaves the group. */
  async leave(): Promise<void> {
    const ending: Ending = this.#failure === undefined ? 'finish' : 'release';
    const ends = await Promise.allSettled([...this.#runners.values()].map((runner) => runner.end(ending)));
    await this.#parts.membership.leave();
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #follow({ kind, partitions }: GroupEvent): Promise<void> {
    const { membership, how } = this.#parts;
    how.log.info({ partitions: partitions.map(idOf) }, `partitions ${kind}`);
    if (kind === 'assigned') {
      this.#assigned = true;
      this.#refuseNew(partitions);
      for (const partition of partitions) this.#owned.add(idOf(partition));
      await membership.answer();
      this.#startTasks();
      return;
    }
    for (const partition of partitions) this.#owned.delete(idOf(partition));
    await this.#giveUp(kind === 'revoked' ? 'release' : 'drop');
    await membership.answer();
  }

  /** A partition that no task was planned for would be owned and never read. Errors: TOPIC_PARTITIONS_CHANGED. */
  #refuseNew(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      for (const [{ inputs, job }, known] of this.#parts.counts) {
        if (!inputs.includes(topic) || partition < known) continue;
        throw new MillraceError('TOPIC_PARTITIONS_CHANGED', { topic, found: partition + 1, known, job: job.name });
      }
    }
  }

  /** Starts the tasks all of whose inputs are owned. */
  #startTasks(): void {
    for (const [stage, count] of this.#parts.counts) {
      for (let partition = 0; partition < count; partition++) {
        const name = `${stage.name}-${partition}`;
        if (!this.#runners.has(name) && this.#ownsInputs(stage, partition)) this.#start(stage, partition, count);
      }
    }
  }

  #ownsInputs(stage: StageJob, partition: number): boolean {
    return stage.inputs.every((topic) => this.#owned.has(idOf({ topic, partition })));
  }

  #start(stage: StageJob, partition: number, of: number): void {
    const { ports, how, check } = this.#parts;
    const { metrics, log, restarts = 10, servers = noServers } = how;
    const task = `${stage.name}-${partition}`;
    const options = { ...how.options, task, share: { partition, of } };
    const parts = { ports, options, metrics, log, restarts, servers, check };
    const runner = new Runner({ job: stage.job, ...parts, assigned: true });
    this.#runners.set(task, runner);
    runner.done.catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  /** Ends the tasks that lack an input now. */
  async #giveUp(ending: Ending): Promise<void> {
    const { ports, counts, how } = this.#parts;
    const going: Promise<void>[] = [];
    for (const [stage, count] of counts) {
      for (let partition = 0; partition < count; partition++) {
        const task = `${stage.name}-${partition}`;
        const runner = this.#runners.get(task);
        if (runner === undefined || this.#ownsInputs(stage, partition)) continue;
        this.#runners.delete(task);
        const done = new AbortController();
        const gone = runner.end(ending).finally(() => done.abort());
        const late = ports.clock.sleep(patience, done.signal).then(() => {
          if (!done.signal.aborted) how.log.warn({ task }, 'task does not let go; its next owner will fence it');
        });
        going.push(Promise.race([gone, late]));
      }
    }
    await Promise.all(going);
  }

  #report(): void {
    const tasks = [...this.#runners.values()];
    const status = {
      assigned: this.#assigned || this.#parts.ports.clock.now() - this.#joined > surplus,
      tasks: tasks.length,
      reading: tasks.filter((runner) => runner.isReading).length,
    };
    const reported = JSON.stringify(status);
    if (reported === this.#reported) return;
    this.#reported = reported;
    this.#parts.how.onChange?.(status);
  }
}

function idOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
