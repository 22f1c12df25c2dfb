import { hasCode, MillraceError } from '../errors.ts';
import type { ChunkWriter } from '../graph/connector.ts';
import type { OutboxEntry, TaskState } from '../state/store.ts';
import type { Clock } from '../time/clock.ts';
import { seconds } from '../time/duration.ts';
import type { Mark, Producer, Topics } from '../topics/topics.ts';
import type { TopicsPayload } from './outbox.ts';

/**
 * Delivery of committed outputs, one lane a sink: in order within a lane, lanes independent of each other, so that a
 * table that is away delays no alert. What may have been applied is never sent blindly again: topics ask for the mark,
 * chunks carry a token.
 */

/** What a lane delivers at once: an epoch's topic records, or a sealed chunk of rows. */
export interface Parcel {
  readonly entries: readonly OutboxEntry[];
  readonly bytes: number;
  /** For chunks: the insert token. */
  readonly token: string;
}

/** A lane's work at one parcel; resolves when it is delivered, throws when it never will be. */
export type Deliver = (parcel: Parcel) => Promise<void>;

/** A queue that delivers one parcel after the other and acknowledges each. */
export class Lane {
  readonly name: string;
  readonly #deliver: Deliver;
  readonly #acknowledge: (parcel: Parcel) => Promise<void>;
  readonly #queue: Parcel[] = [];
  #running: Promise<void> | undefined;
  /** Bytes committed and not yet acknowledged. */
  pending = 0;
  /** Why the lane stopped for good. */
  failure: unknown;

  constructor(name: string, deliver: Deliver, acknowledge: (parcel: Parcel) => Promise<void>) {
    this.name = name;
    this.#deliver = deliver;
    this.#acknowledge = acknowledge;
  }

  send(parcel: Parcel): void {
    this.#queue.push(parcel);
    this.pending += parcel.bytes;
    this.#running ??= this.#run();
  }

  /** Resolves when everything sent so far is acknowledged or the lane failed. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const parcel = this.#queue[0]!;
        await this.#deliver(parcel);
        await this.#acknowledge(parcel);
        this.#queue.shift();
        this.pending -= parcel.bytes;
      }
    } catch (error) {
      this.failure = error;
    }
    this.#running = undefined;
  }
}

/** Whether a delivery mark says that this epoch of this generation has been delivered. */
export function covers(mark: Mark | undefined, epoch: Mark): boolean {
  return mark !== undefined && mark.generation === epoch.generation && mark.epoch >= epoch.epoch;
}

/** Appends epochs to topics, one transaction each, and settles what got no definite answer. */
export class TopicsWriter {
  readonly #parts: {
    readonly topics: Topics;
    readonly producerId: string;
    readonly group: string;
    readonly task: string;
    readonly tries: number;
  };
  #producer: Producer | undefined;

  constructor(parts: {
    readonly topics: Topics;
    readonly producerId: string;
    readonly group: string;
    readonly task: string;
    readonly tries: number;
  }) {
    this.#parts = parts;
  }

  /** Fences whoever wrote before, and waits until his transaction is settled: only now is the mark worth reading. */
  async open(): Promise<void> {
    this.#producer = await this.#parts.topics.producer(this.#parts.producerId);
  }

  /** Errors: PRODUCER_FENCED, DELIVERY_FAILED. */
  async write({ records, offsets }: TopicsPayload, mark: Mark): Promise<void> {
    const { topics, group, task, tries } = this.#parts;
    for (let n = 1; ; n++) {
      try {
        if (this.#producer === undefined) await this.open();
        return await this.#producer!.transact({ records, offsets, group, task, mark });
      } catch (error) {
        if (!hasCode(error, 'OUTCOME_UNKNOWN')) throw error;
        // It may have been applied: a new producer settles the old one's transaction, then the mark decides.
        await this.close();
        if (n === tries) throw new MillraceError('DELIVERY_FAILED', { uid: 'topics', tries, reason: error.message });
        await this.open();
        if (covers(await topics.mark(group, task), mark)) return;
      }
    }
  }

  async close(): Promise<void> {
    const old = this.#producer;
    this.#producer = undefined;
    await old?.close();
  }
}

/** Delivers chunks of rows by token; waits as long as it takes for a table that is away. */
export function chunkDelivery(parts: {
  readonly writer: ChunkWriter;
  readonly clock: Clock;
  readonly onRetry: (error: unknown) => void;
  readonly onRefused: (row: string, reason: string) => void;
}): Deliver {
  const { writer, clock, onRetry, onRefused } = parts;
  const insert = async (ndjson: Buffer, token: string): Promise<void> => {
    let pause = 100;
    for (;;) {
      try {
        return await writer.insert(ndjson, countLines(ndjson), token);
      } catch (error) {
        if (hasCode(error, 'TABLE_INSERT_REFUSED')) return halve(ndjson, token, error.message);
        if (hasCode(error, 'TABLE_MISSING')) await writer.ensure();
        else if (!hasCode(error, 'OUTCOME_UNKNOWN')) throw error;
        onRetry(error);
        await clock.sleep(pause);
        pause = Math.min(pause * 2, seconds(30));
      }
    }
  };
  /** Looks for the rows that are refused; halves have tokens of their own, so that a repetition makes the same ones. */
  const halve = async (ndjson: Buffer, token: string, reason: string): Promise<void> => {
    const lines = ndjson.toString('utf8').trimEnd().split('\n');
    if (lines.length === 1) return onRefused(lines[0]!, reason);
    const middle = lines.length >> 1;
    await insert(Buffer.from(`${lines.slice(0, middle).join('\n')}\n`, 'utf8'), `${token}.0`);
    await insert(Buffer.from(`${lines.slice(middle).join('\n')}\n`, 'utf8'), `${token}.1`);
  };
  return async ({ entries, token }) => {
    const ndjson = Buffer.concat(entries.map((e) => e.payload));
    if (ndjson.length > 0) await insert(ndjson, token);
  };
}

function countLines(ndjson: Buffer): number {
  let lines = 0;
  for (let at = ndjson.indexOf(10); at !== -1; at = ndjson.indexOf(10, at + 1)) lines++;
  return lines;
}

/** Drops what a parcel delivered from the outbox. */
export const acknowledgeIn =
  (state: TaskState, lane: string) =>
  async (parcel: Parcel): Promise<void> => {
    const last = parcel.entries.at(-1);
    if (last !== undefined) await state.acknowledge(lane, last.seq);
  };
