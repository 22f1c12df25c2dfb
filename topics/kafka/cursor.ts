/**
 * What was read ahead of one partition. Blocks stay as they came off the wire until they are asked for, so that the
 * next request leaves before the last response is decoded.
 */
import type { FetchLimit, RecordBatch, TopicPartition } from '../topics.ts';
import { ColumnBatch, type Columns, slice } from './protocol/columns.ts';
import type { AbortedTransaction } from './protocol/fetch.ts';
import { type DecodedRecords, decodeBatches } from './protocol/record-batch.ts';

/** A partition's share of one response: its records in one buffer. */
export interface FetchedBlock {
  readonly records: Buffer;
  readonly aborted: readonly AbortedTransaction[];
  readonly wanted: number;
  readonly nextOffset: number;
}

interface Waiter {
  /** Only an answer to a later request than this one tells whether the partition is at its end. */
  readonly after: number;
  readonly wake: () => void;
}

export class Cursor implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** The broker that leads it, or undefined until that is found out. */
  broker: number | undefined;
  topicId = '';
  leaderEpoch = -1;
  /** The leader epoch of what was fetched last, or -1. */
  lastEpoch = -1;
  /** The offset to ask the broker for next. */
  wanted: number;
  /** Grows with every seek: a response to an earlier question is not for the present position. */
  version = 0;
  /** Whether the last answer brought records, so that more is worth reading ahead. */
  streaming = false;
  /** While it is found out why the broker refused it. */
  blocked = false;
  /** Since when it could not be fetched, and how often in a row. */
  missing: { readonly since: number; readonly times: number } | undefined;
  /** Thrown once what was read before it is consumed. */
  failure: unknown;
  buffered = 0;
  /** The number of the last request that found nothing. */
  #emptyAt = -1;
  #position: number;
  #blocks: FetchedBlock[] = [];
  #open: { readonly parts: Iterator<DecodedRecords>; decoded?: DecodedRecords | undefined; from: number } | undefined;
  #waiter: Waiter | undefined;

  constructor({ topic, partition }: TopicPartition, offset: number) {
    this.topic = topic;
    this.partition = partition;
    this.wanted = offset;
    this.#position = offset;
  }

  /** The offset that the next batch begins at. */
  get position(): number {
    return this.#position;
  }

  get waiting(): boolean {
    return this.#waiter !== undefined;
  }

  /** Forgets what was read ahead and begins at `offset`. */
  seek(offset: number): void {
    this.version++;
    this.#blocks = [];
    this.#open = undefined;
    this.buffered = 0;
    this.lastEpoch = -1;
    this.#emptyAt = -1;
    this.streaming = false;
    this.failure = undefined;
    this.wanted = offset;
    this.#position = offset;
  }

  push(block: FetchedBlock, lastEpoch: number): void {
    this.#blocks.push(block);
    this.buffered += block.records.length;
    this.wanted = block.nextOffset;
    if (lastEpoch >= 0) this.lastEpoch = lastEpoch;
    this.streaming = true;
    this.#wake();
  }

  /** Request number `request` found nothing at the end of the partition. */
  noteEmpty(request: number): void {
    this.#emptyAt = request;
    this.streaming = false;
    if (this.#waiter !== undefined && this.#waiter.after < request) this.#wake();
  }

  fail(error: unknown): void {
    this.failure = error;
    this.#wake();
  }

  /** Resolves when there is something to take, to throw, or the end was confirmed by a request after `after`. */
  wait(after: number): Promise<void> {
    return new Promise((wake) => {
      const earlier = this.#waiter;
      this.#waiter = { after, wake: both(earlier?.wake, wake) };
    });
  }

  /** Whether a request after `after` found the end, and nothing has been read since. */
  endedAfter(after: number): boolean {
    return this.#emptyAt > after && this.buffered === 0;
  }

  /** Records within the limit, or undefined when nothing is buffered. Errors: RECORD_BATCH_BROKEN. */
  take(limit: FetchLimit): RecordBatch | undefined {
    for (;;) {
      if (this.#open === undefined) {
        const block = this.#blocks[0];
        if (block === undefined) return undefined;
        this.#open = { parts: decodeBatches({ ...block, topic: this.topic, partition: this.partition }), from: 0 };
      }
      const decoded = (this.#open.decoded ??= this.#part(this.#open.parts));
      const { from } = this.#open;
      const { columns } = decoded;
      const refused = from === 0 ? decoded.refused : [];
      const to = lastWithin(columns, from, limit);
      const isWhole = to === columns.starts.length;
      if (!isWhole) this.#open.from = to;
      else if (decoded.isLast) this.#shift();
      else Object.assign(this.#open, { decoded: undefined, from: 0 });
      this.#position = isWhole ? decoded.nextOffset : columns.offsets[to]!;
      // Markers and aborted records alone are passed over, unless nothing follows: then an empty batch leads past them.
      if (to > from || refused.length > 0 || this.#blocks.length === 0)
        return new ColumnBatch(slice(columns, from, to), this.#position, refused);
    }
  }

  /** The next part of a block. One that can't be read is fetched again when it is asked for. */
  #part(parts: Iterator<DecodedRecords>): DecodedRecords {
    try {
      return parts.next().value as DecodedRecords;
    } catch (error) {
      this.seek(this.#position);
      throw error;
    }
  }

  #shift(): void {
    this.buffered -= this.#blocks.shift()!.records.length;
    this.#open = undefined;
  }

  #wake(): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.wake();
  }
}

/** The index behind the last record within the limit; at least one record is. */
function lastWithin({ starts, ends }: Columns, from: number, { maxRecords, maxBytes }: FetchLimit): number {
  const most = Math.min(starts.length, from + maxRecords);
  if (most <= from + 1) return most;
  const begin = from === 0 ? Math.max(0, starts[0]!) : ends[from - 1]!;
  if (ends[most - 1]! - begin <= maxBytes) return most;
  let [low, high] = [from + 1, most];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! - begin <= maxBytes) low = middle + 1;
    else high = middle;
  }
  return low;
}

function both(first: (() => void) | undefined, second: () => void): () => void {
  if (first === undefined) return second;
  return () => {
    first();
    second();
  };
}
