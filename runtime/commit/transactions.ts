/**
 * Epochs of a stage without state that reads and writes only topics: the topics' own transaction appends the records
 * and stores the consumed offsets, atomically. There is no other store, and nothing to redeliver: a transaction that
 * was not made is made again from the same offsets.
 */
import { MillraceError } from '../../errors.ts';
import type { TaskState } from '../../state/store.ts';
import type { Time } from '../../time/duration.ts';
import type { GroupOffset, Topics } from '../../topics/topics.ts';
import type { Committer, Frozen, Positions, Restored } from './committer.ts';
import { checkNoted, type Inputs, notedInputs } from './inputs.ts';
import { TopicsWriter } from './lanes.ts';

/** Commits each epoch as one transaction of the topics. */
export class Transactions implements Committer {
  readonly state = noState;
  readonly restored: Restored | undefined;
  readonly pending = 0;
  readonly open = false;
  readonly #parts: Opened;
  #epoch: number;
  #running: Promise<void> | undefined;
  #failure: unknown;

  static async open(parts: {
    readonly topics: Topics;
    readonly job: string;
    readonly task: string;
    readonly offsetsOf: (positions: Positions) => readonly GroupOffset[];
    readonly inputs: Inputs;
    /** Every partition the stage reads, with the source uid and split it appears as. */
    readonly partitions: readonly {
      readonly uid: string;
      readonly split: string;
      readonly topic: string;
      readonly partition: number;
    }[];
  }): Promise<Transactions> {
    const { topics, job, task, offsetsOf, partitions, inputs } = parts;
    const writer = new TopicsWriter({ topics, producerId: `${job}/${task}`, group: job, task });
    await writer.open();
    const mark = await topics.mark(job, task);
    const committed = await topics.committed(job, partitions);
    const positions: Record<string, Record<string, number>> = {};
    for (const [i, { uid, split }] of partitions.entries()) {
      const offset = committed[i];
      if (offset !== undefined) (positions[uid] ??= {})[split] = offset;
    }
    const { noted, eventTimes } = parseNote(mark?.note);
    try {
      checkNoted(inputs, noted, job);
    } catch (error) {
      await writer.close();
      throw error;
    }
    const restored = mark === undefined ? undefined : { positions, eventTimes, tick: undefined };
    const epoch = mark?.epoch ?? -1;
    return new Transactions({ topics, job, task, writer, offsetsOf, inputs: notedInputs(inputs), restored, epoch });
  }

  private constructor(parts: Opened) {
    this.#parts = parts;
    this.restored = parts.restored;
    this.#epoch = parts.epoch;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Starts the epoch's transaction once the former one is through, so that reading goes on meanwhile. */
  async commit(frozen: Frozen): Promise<void> {
    await this.settle();
    this.#running = this.#write(frozen).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  async #write(frozen: Frozen): Promise<void> {
    const epoch = this.#epoch + 1;
    const offsets = this.#parts.offsetsOf(frozen.positions);
    const mark = { generation: 1, epoch, note: noteOf(frozen.eventTimes, this.#parts.inputs) };
    const outcome = await this.#parts.writer.write({ records: frozen.records, offsets }, mark);
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

  /** Errors: PRODUCER_FENCED, DELIVERY_FAILED. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async settle(): Promise<void> {
    await this.#running;
    this.check();
  }

  settleTopics(): Promise<void> {
    return this.settle();
  }

  async close(): Promise<void> {
    await this.#parts.writer.close();
  }
}

/** The name of what is noted of inputs, among those of watermarks, which are uids. */
const read = '~read';

/**
 * All that must be found again: the watermarks, since a regression would let in again what was late, and which topics
 * the offsets belong to.
 */
function noteOf(eventTimes: Frozen['eventTimes'], inputs: Opened['inputs']): string {
  const watermarks = Object.entries(eventTimes).map(([id, { watermark }]) => [id, watermark]);
  return JSON.stringify({ ...Object.fromEntries(watermarks), [read]: inputs });
}

function parseNote(note = '{}'): { readonly eventTimes: Restored['eventTimes']; readonly noted: Opened['inputs'] } {
  const { [read]: noted = {}, ...watermarks } = JSON.parse(note) as { readonly [read]?: Opened['inputs'] };
  const entries = Object.entries(watermarks as Readonly<Record<string, Time>>);
  return { noted, eventTimes: Object.fromEntries(entries.map(([id, watermark]) => [id, { watermark, splits: {} }])) };
}

interface Opened {
  readonly topics: Topics;
  readonly job: string;
  readonly task: string;
  readonly writer: TopicsWriter;
  readonly offsetsOf: (positions: Positions) => readonly GroupOffset[];
  readonly inputs: Readonly<Record<string, string>>;
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
