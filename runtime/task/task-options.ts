/** How a task runs, and the defaults. */
import type { Job } from '../../graph/job.ts';
import { type Duration, seconds } from '../../time/duration.ts';
import type { FetchLimit } from '../../topics/topics.ts';
import type { Careful } from '../circuit/parts.ts';
import type { Opening } from '../commit/open-committer.ts';
import type { Retried } from '../commit/retries.ts';
import type { SetAside } from './set-aside.ts';

/** How a task runs. Durations are in clock time. */
export type TaskOptions = Opening['options'] & {
  /** An epoch is committed this often. Default 1 s. */
  readonly epochEvery: Duration;
  /** … or after this many records or bytes of output. */
  readonly epochRecords: number;
  readonly epochBytes: number;
  readonly fetch: FetchLimit;
  /** Keys held in memory per segment. */
  readonly cacheKeys: number;
  /** Above this many undelivered bytes the task stops reading. */
  readonly outboxBytes: number;
  /** Failures of one operator in a row that end the task, unless its job has a limit of its own. */
  readonly poisonLimit: number;
  /**
   * The operators, by uid, whose handlers leave no trace in a state when they throw, even if they change values in
   * place: values are saved before handlers get them. Where another throws that may have done so, the task fails with
   * RECORD_REPEATED and is to be opened again with that uid among them. Default: all.
   */
  readonly careful?: Careful;
  /** What happens to a record on which an operator throws. */
  readonly onPoison: 'dead-letter' | 'fail';
  /** Told what is set aside while the task runs, at most once a minute for each operator and reason. */
  readonly onSetAside?: (told: SetAside) => void;
  /** Told of deliveries that are tried again: the first at once, later ones every ten minutes. */
  readonly onRetry?: (told: Retried) => void;
};

/** All options but `nonce`, as they are unless a setting says otherwise. */
export const taskDefaults = {
  task: 'all',
  epochEvery: seconds(1),
  epochRecords: 1_000_000,
  epochBytes: 16 << 20,
  fetch: { maxRecords: 8_192, maxBytes: 4 << 20 },
  cacheKeys: 1_000_000,
  outboxBytes: 256 << 20,
  poisonLimit: 100,
  onPoison: 'dead-letter',
} as const satisfies Omit<TaskOptions, 'nonce'>;

/** The options of a task of the job. */
export const optionsOf = ({ poisonLimit }: Job, options: TaskOptions): TaskOptions =>
  poisonLimit === undefined ? options : { ...options, poisonLimit };
