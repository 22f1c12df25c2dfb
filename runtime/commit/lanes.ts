/**
 * Delivery of committed outputs, one lane a sink: in order within a lane, lanes independent of each other, so that a
 * table that is away delays no alert. What may have been applied is never sent blindly again: topics ask for the mark,
 * chunks carry a token.
 */
import { hasCode, MillraceError, reasonOf } from '../../errors.ts';
import type { ChunkWriter, RefusedLine } from '../../graph/connector.ts';
import type { OutboxEntry, TaskState } from '../../state/store.ts';
import type { Clock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import type { Mark, Producer, Topics } from '../../topics/topics.ts';
import type { TopicsPayload } from './outputs.ts';

/** A commit or delivery without a definite answer is tried this often before the process gives up. */
export const tries = 5;

/** What a lane delivers at once: an epoch's topic records, or a sealed chunk of rows. */
export interface Delivery {
  readonly entries: readonly OutboxEntry[];
  readonly bytes: number;
  /** For chunks: the insert token. */
  readonly token: string;
  /** Whether a former owner may have begun to deliver it. */
  readonly again?: boolean;
}

/** A lane's work at one delivery; resolves when it is delivered, throws when it never will be. */
export type Deliver = (delivery: Delivery) => Promise<void>;

/** Wraps a lane's deliveries so that their time is measured. */
export type Timed = (lane: string, deliver: Deliver) => Deliver;

/** A queue that delivers one delivery after the other and acknowledges each. */
export class Lane {
  readonly name: string;
  readonly #deliver: Deliver;
  readonly #acknowledge: (delivery: Delivery) => Promise<void>;
  readonly #queue: Delivery[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Bytes committed and not yet acknowledged. */
  pending = 0;
  /** Why the lane stopped permanently. */
  failure: unknown;

  constructor(name: string, deliver: Deliver, acknowledge: (delivery: Delivery) => Promise<void>) {
    this.name = name;
    this.#deliver = deliver;
    this.#acknowledge = acknowledge;
  }

  /** A lane that failed or was stopped only queues, because the outcome of the delivery before is unknown. */
  send(delivery: Delivery): void {
    this.#queue.push(delivery);
    this.pending += delivery.bytes;
    if (this.failure === undefined && !this.#stopped) this.#running ??= this.#run();
  }

  /** Begins with no further delivery; the one under way comes to its end. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when everything sent so far is acknowledged; rejects with what made the lane fail. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    if (this.failure !== undefined) throw this.failure;
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#stopped) {
        const delivery = this.#queue[0]!;
        await this.#deliver(delivery);
        await this.#acknowledge(delivery);
        this.#queue.shift();
        this.pending -= delivery.bytes;
      }
    } catch (error) {
      this.failure = error;
    }
    this.#running = undefined;
  }
}

/** Whether a delivery mark proves that this epoch of this generation has been delivered. */
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
  };
  #producer: Producer | undefined;
  #closed = false;

  constructor(parts: {
    readonly topics: Topics;
    readonly producerId: string;
    readonly group: string;
    readonly task: string;
  }) {
    this.#parts = parts;
  }

  /** Fences the former producer and waits until its transaction is settled: only then can the mark be trusted. */
  async open(): Promise<void> {
    this.#producer = await this.#parts.topics.producer(this.#parts.producerId);
  }

  /**
   * Appends the epoch, unless the mark shows after an unknown outcome that it is there: by this owner or, as far as the
   * mark can tell, by a later one. Errors: PRODUCER_FENCED, DELIVERY_FAILED.
   */
  async write({ records, offsets }: TopicsPayload, mark: Mark): Promise<'written' | 'found'> {
    const { topics, group, task } = this.#parts;
    for (let n = 1; ; n++) {
      try {
        await this.#producer!.transact({ records, offsets, group, task, mark });
        return 'written';
      } catch (error) {
        if (!hasCode(error, 'OUTCOME_UNKNOWN')) throw error;
        // It may have been applied: a new producer settles the old one's transaction, then the mark decides.
        await this.#producer!.close();
        if (n === tries || this.#closed) {
          throw new MillraceError('DELIVERY_FAILED', { uid: 'topics', tries: n, reason: error.message });
        }
        await this.open();
        if (covers(await topics.mark(group, task), mark)) return 'found';
      }
    }
  }

  /** Permanently: another producer of this id would fence the successor's. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#producer?.close();
  }
}

/** Does what is harmless when done twice until its outcome is known; gives up after five tries. */
export async function untilKnown(action: () => Promise<void>): Promise<void> {
  for (let n = 1; ; n++) {
    try {
      return await action();
    } catch (error) {
      if (!hasCode(error, 'OUTCOME_UNKNOWN') || n === tries) throw error;
    }
  }
}

/** A row that its table refuses; `id` is the same whenever the chunk is delivered again. */
export interface RefusedRow {
  readonly row: string;
  readonly reason: string;
  readonly id: string;
}

/** What chunks are delivered with. */
export interface ChunkDelivery {
  /** The sink, for errors. */
  readonly uid: string;
  readonly writer: ChunkWriter;
  /** Takes the dead letters of rows that `writer` refuses. */
  readonly deadLetters: ChunkWriter;
  /** A refused row as a row of dead letters. */
  readonly letterOf: (refused: RefusedRow) => Buffer;
  readonly clock: Clock;
  readonly onRetry: (error: unknown) => void;
  /** Aborted when the task lets go: a table that is away is not waited for any longer. */
  readonly signal: AbortSignal;
}

/**
 * Delivers chunks of rows by token; waits as long as it takes for a table that is away. A row that is refused becomes
 * a dead letter as part of the delivery, under a token of its own, so that a repetition neither loses nor doubles it.
 */
export function chunkDelivery({ uid, writer, deadLetters, letterOf, clock, onRetry, signal }: ChunkDelivery): Deliver {
  const insert = async (into: ChunkWriter, ndjson: Buffer, { token, again }: Sending): Promise<void> => {
    let refused: Awaited<ReturnType<ChunkWriter['insert']>>;
    let missing = false;
    for (let n = 1, pause = 100; ; n++, pause = Math.min(pause * 2, seconds(30))) {
      try {
        if (missing) await into.ensure();
        refused = await into.insert(ndjson, { rows: countLines(ndjson), token, again });
        break;
      } catch (error) {
        if (hasCode(error, 'TABLE_INSERT_REFUSED')) return halve({ into, ndjson, token, again, error });
        missing = hasCode(error, 'TABLE_MISSING');
        if ((!missing && !hasCode(error, 'OUTCOME_UNKNOWN')) || signal.aborted) {
          if (error instanceof MillraceError) throw error;
          throw new MillraceError('DELIVERY_FAILED', { uid, tries: n, reason: reasonOf(error) }, { cause: error });
        }
        onRetry(error);
        await clock.sleep(pause, signal);
      }
    }
    if (refused?.length) await bury(refused, ndjson, { token, again });
  };
  /** Makes dead letters of rows that their writer named; a repetition names the same ones. */
  const bury = async (refused: readonly RefusedLine[], ndjson: Buffer, { token, again }: Sending): Promise<void> => {
    const lines = ndjson.toString('utf8').split('\n');
    const letters = refused.map(({ line, reason }) => letterOf({ row: lines[line]!, reason, id: `${token}.${line}` }));
    await insert(deadLetters, Buffer.concat(letters), { token: `${token}.refused`, again });
  };
  /** Looks for the rows that are refused; halves have tokens of their own, so that a repetition makes the same ones. */
  const halve = async ({ into, ndjson, token, again, error }: Refusal): Promise<void> => {
    const lines = ndjson.toString('utf8').trimEnd().split('\n');
    if (lines.length > 1) {
      const middle = lines.length >> 1;
      const half = (part: readonly string[]) => Buffer.from(`${part.join('\n')}\n`, 'utf8');
      await insert(into, half(lines.slice(0, middle)), { token: `${token}.0`, again });
      await insert(into, half(lines.slice(middle)), { token: `${token}.1`, again });
    } else {
      if (into === deadLetters) throw error;
      const letter = letterOf({ row: lines[0]!, reason: error.message, id: token });
      await insert(deadLetters, letter, { token: `${token}.refused`, again });
    }
  };
  return async ({ entries, token, again }) => {
    const ndjson = Buffer.concat(entries.map((e) => e.payload));
    if (ndjson.length > 0) await insert(writer, ndjson, { token, again });
  };
}

interface Sending {
  readonly token: string;
  readonly again: boolean | undefined;
}

interface Refusal extends Sending {
  readonly into: ChunkWriter;
  readonly ndjson: Buffer;
  readonly error: MillraceError;
}

function countLines(ndjson: Buffer): number {
  let lines = 0;
  for (let at = ndjson.indexOf(10); at !== -1; at = ndjson.indexOf(10, at + 1)) lines++;
  return lines;
}

/** Drops what a delivery delivered from the outbox. */
export async function acknowledge(state: TaskState, lane: string, { entries }: Delivery): Promise<void> {
  const last = entries.at(-1);
  if (last !== undefined) await untilKnown(() => state.acknowledge(lane, last.seq));
}
