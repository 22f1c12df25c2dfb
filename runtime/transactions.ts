import { MillraceError } from '../errors.ts';
import type { TaskState } from '../state/store.ts';
import type { GroupOffset, Topics } from '../topics/topics.ts';
import type { Committer, Frozen, Positions, Restored } from './committer.ts';
import { TopicsWriter } from './lanes.ts';

/**
 * Epochs of a stage without state that reads and writes only topics: the topics' own transaction appends the records
 * and stores the consumed offsets, atomically. There is no other store, and nothing to redeliver: a transaction that
 * was not made is made again from the same offsets.
 */
export class Transactions implements Committer {
  readonly state = noState;
  readonly restored: Restored | undefined;
  readonly pending = 0;
  readonly open = false;
  readonly #parts: Opened;
  #epoch: number;

  static async open(parts: {
    readonly topics: Topics;
    readonly job: string;
    readonly task: string;
    readonly offsetsOf: (positions: Positions) => readonly GroupOffset[];
    /** Every partition the stage reads, with the source uid and split it appears as. */
    readonly partitions: readonly {
      readonly uid: string;
      readonly split: string;
      readonly topic: string;
      readonly partition: number;
    }[];
  }): Promise<Transactions> {
    const { topics, job, task, offsetsOf, partitions } = parts;
    const writer = new TopicsWriter({ topics, producerId: `${job}/${task}`, group: job, task });
    await writer.open();
    const mark = await topics.mark(job, task);
    const committed = await topics.committed(job, partitions);
    const positions: Record<string, Record<string, number>> = {};
    for (const [i, { uid, split }] of partitions.entries()) {
      const offset = committed[i];
      if (offset !== undefined) (positions[uid] ??= {})[split] = offset;
    }
    const restored = mark === undefined ? undefined : { positions, eventTimes: {}, tick: undefined };
    return new Transactions({ topics, job, task, writer, offsetsOf, restored, epoch: mark?.epoch ?? -1 });
  }

  private constructor(parts: Opened) {
    this.#parts = parts;
    this.restored = parts.restored;
    this.#epoch = parts.epoch;
  }

  /** Errors: PRODUCER_FENCED, DELIVERY_FAILED. */
  get epoch(): number {
    return this.#epoch;
  }

  async commit(frozen: Frozen): Promise<void> {
    const epoch = this.#epoch + 1;
    const offsets = this.#parts.offsetsOf(frozen.positions);
    const outcome = await this.#parts.writer.write({ records: frozen.records, offsets }, { generation: 1, epoch });
    if (outcome === 'found') await this.#checkFound(epoch, offsets);
    this.#epoch = epoch;
  }

  /** An epoch found after an unknown outcome may be a successor's; then the group has other offsets or is further. */
  async #checkFound(epoch: number, offsets: readonly GroupOffset[]): Promise<void> {
    const { topics, job, task } = this.#parts;
    const stored = await topics.committed(job, offsets);
    const mark = await topics.mark(job, task);
    if (mark?.epoch === epoch && offsets.every(({ offset }, i) => stored[i] === offset)) return;
    throw new MillraceError('PRODUCER_FENCED', { id: `${job}/${task}` });
  }

  check(): void {}

  async settle(): Promise<void> {}

  async close(): Promise<void> {
    await this.#parts.writer.close();
  }
}

interface Opened {
  readonly topics: Topics;
  readonly job: string;
  readonly task: string;
  readonly writer: TopicsWriter;
  readonly offsetsOf: (positions: Positions) => readonly GroupOffset[];
  readonly restored: Restored | undefined;
  readonly epoch: number;
}

/** The store of a stage that has no state. */
const noState: TaskState = {
  fence: 0,
  meta: undefined,
  load: async (_, keys) => keys.map(() => []),
  async *scan() {},
  outbox: async () => [],
  commit: async () => {},
  confirm: async () => {},
  acknowledge: async () => {},
  drop: async () => {},
  spaces: async () => [],
};
