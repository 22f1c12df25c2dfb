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
  readonly #writer: TopicsWriter;
  readonly #offsetsOf: (positions: Positions) => readonly GroupOffset[];
  #epoch: number;

  static async open(parts: {
    readonly topics: Topics;
    readonly job: string;
    readonly task: string;
    readonly tries: number;
    readonly offsetsOf: (positions: Positions) => readonly GroupOffset[];
    /** Every partition the stage reads, with the source uid and split it appears as. */
    readonly partitions: readonly {
      readonly uid: string;
      readonly split: string;
      readonly topic: string;
      readonly partition: number;
    }[];
  }): Promise<Transactions> {
    const { topics, job, task, tries, offsetsOf, partitions } = parts;
    const writer = new TopicsWriter({ topics, producerId: `${job}/${task}`, group: job, task, tries });
    await writer.open();
    const mark = await topics.mark(job, task);
    const committed = await topics.committed(job, partitions);
    const positions: Record<string, Record<string, number>> = {};
    for (const [i, { uid, split }] of partitions.entries()) {
      const offset = committed[i];
      if (offset !== undefined) (positions[uid] ??= {})[split] = offset;
    }
    const restored = mark === undefined ? undefined : { positions, eventTimes: {}, tick: undefined };
    return new Transactions({ writer, offsetsOf, restored, epoch: mark?.epoch ?? -1 });
  }

  private constructor(parts: {
    readonly writer: TopicsWriter;
    readonly offsetsOf: (positions: Positions) => readonly GroupOffset[];
    readonly restored: Restored | undefined;
    readonly epoch: number;
  }) {
    this.#writer = parts.writer;
    this.#offsetsOf = parts.offsetsOf;
    this.restored = parts.restored;
    this.#epoch = parts.epoch;
  }

  async commit(frozen: Frozen): Promise<void> {
    const epoch = this.#epoch + 1;
    const offsets = this.#offsetsOf(frozen.positions);
    await this.#writer.write({ records: frozen.records, offsets }, { generation: 1, epoch });
    this.#epoch = epoch;
  }

  check(): void {}

  async settle(): Promise<void> {}

  async close(): Promise<void> {
    await this.#writer.close();
  }
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
