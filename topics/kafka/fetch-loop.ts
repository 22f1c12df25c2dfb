/**
 * The fetch requests to one broker, one after the other. The next leaves as soon as the last is answered and a
 * partition is waited for or may be read ahead. All partitions that may be read share a request. Those that were
 * answered go to the end of the list, because a broker fills its answer from the front.
 */
import { MillraceError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import type { Cursor } from './cursor.ts';
import type { FetchedPartition, FetchPartition } from './protocol/fetch.ts';
import { fetch } from './protocol/fetch.ts';

/** Bytes asked of one partition, and of all together, in one request. */
export const partitionBytes = 1 << 20;
const requestBytes = 8 << 20;

/** What a loop needs of the reader that knows the cluster. */
export interface FetchLoopParts {
  connect(): Promise<Connection>;
  sleep(ms: number): Promise<void>;
  /** The number of a new request. */
  number(): number;
  /** How many more bytes may be read ahead. */
  room(): number;
  /** A partition's answer to request `request`; applied only if the cursor still asks the same. */
  answered(cursor: Cursor, answer: FetchedPartition, request: number): void;
  /** The broker can't be reached or refuses everything: their leaders must be found again. */
  lost(cursors: readonly Cursor[], error: unknown): void;
}

export class FetchLoop {
  readonly #parts: FetchLoopParts;
  /** In the order in which they are asked for. */
  readonly #cursors = new Set<Cursor>();
  #running = false;

  constructor(parts: FetchLoopParts) {
    this.#parts = parts;
  }

  add(cursor: Cursor): void {
    this.#cursors.add(cursor);
  }

  remove(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  /** Sends what is due, unless a request is out already. */
  pump(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      try {
        await this.#ask(due);
      } catch (error) {
        this.#parts.lost(due, error);
      }
    }
    // In the step that found nothing due: a pump between the two would be ignored.
    this.#running = false;
  }

  #due(): readonly Cursor[] {
    const hasRoom = this.#parts.room() > 0;
    const due: Cursor[] = [];
    for (const cursor of this.#cursors) {
      if (cursor.failure !== undefined || cursor.blocked) continue;
      const isAhead = cursor.buffered >= partitionBytes || (cursor.buffered > 0 && !hasRoom);
      if (cursor.buffered === 0 ? cursor.waiting || (cursor.streaming && hasRoom) : cursor.streaming && !isAhead) {
        due.push(cursor);
      }
    }
    return due;
  }

  async #ask(due: readonly Cursor[]): Promise<void> {
    const connection = await this.#parts.connect();
    const asked = new Map(due.map((cursor) => [cursor, cursor.version]));
    const request = this.#parts.number();
    const partitions = due.map(questionOf);
    const response = await connection.request(fetch, { maxBytes: requestBytes, partitions });
    if (response.error !== 0) {
      const broker = connection.address;
      throw new MillraceError('KAFKA_REFUSED', { broker, request: 'Fetch', reason: `error ${response.error}` });
    }
    const byPartition = new Map<string, Cursor>();
    for (const cursor of due) {
      byPartition.set(`${cursor.topicId}/${cursor.partition}`, cursor);
      byPartition.set(`${cursor.topic}/${cursor.partition}`, cursor);
    }
    for (const answer of response.partitions) {
      const cursor = byPartition.get(`${answer.topic}/${answer.partition}`);
      if (cursor === undefined || cursor.version !== asked.get(cursor)) continue;
      if (answer.records.length > 0 && this.#cursors.delete(cursor)) this.#cursors.add(cursor);
      this.#parts.answered(cursor, answer, request);
    }
    if (response.throttleMs > 0) await this.#parts.sleep(response.throttleMs);
  }
}

function questionOf(cursor: Cursor): FetchPartition {
  return {
    topic: cursor.topic,
    topicId: cursor.topicId,
    partition: cursor.partition,
    leaderEpoch: cursor.leaderEpoch,
    offset: cursor.wanted,
    lastEpoch: cursor.lastEpoch,
    maxBytes: partitionBytes,
  };
}
