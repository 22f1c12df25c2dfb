/** Topics as sources and sinks: a record, or a line of a packed record, becomes a value, and a value a record. */
import { isAscii } from 'node:buffer';
import { reasonOf } from '../errors.ts';
import type { Refused, SourceBatch, SourceReader, SourceSpec, TopicSink } from '../graph/connector.ts';
import { refuseAsync, refusePromise } from '../graph/promises.ts';
import type { Key } from '../state/key.ts';
import type { Time } from '../time/duration.ts';
import type { RecordBatch, Topics } from '../topics/topics.ts';
import { jsonRecord, type RecordCodec } from './records/record-codec.ts';

/** How a topic's records are read and written. */
export interface TopicOptions<T> {
  /** Default: JSON. */
  readonly codec?: RecordCodec<T>;
  /** When written: the record's key, which decides its partition. Default: the stream's key. */
  readonly key?: (value: T) => Key;
  /** When read: each line of a record is a value, as shippers pack them (NDJSON); empty lines are none. */
  readonly packed?: boolean;
  /** When read: gives a value its place, which names it permanently. `place` is valid during the call only. */
  readonly place?: (value: T, place: Place) => T;
  /**
   * When read: the value that a tombstone stands for. That is a record without a value, which deletes what was sent
   * under its key. Undefined: none, it is left out. Default: tombstones are dead letters, because what they delete
   * would stay.
   */
  readonly tombstone?: (place: Place) => T | undefined;
  /** When written: whether the value is sent as a tombstone. */
  readonly deletes?: (value: T) => boolean;
  /** When first read: from the oldest record kept, or only what is new. Default: `oldest`. */
  readonly from?: 'oldest' | 'newest';
}

/** Where a value was found. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
  /** Its line in a packed record, from 0 on. */
  line: number;
  key: Uint8Array | null;
  /** The record's own timestamp, in milliseconds. */
  timestamp: Time;
}

/**
 * A topic, as a source or as a sink.
 *
 * Delivery: reading commits offsets with the epoch; writing is part of the epoch's transaction, so that a reader of
 * committed records sees every value exactly once. Back pressure: the reader is simply not asked.
 */
export function topic<T>(name: string, options: TopicOptions<T> = {}): SourceSpec<T> & TopicSink<T> {
  const { codec = jsonRecord<T>(), deletes } = options;
  refuseAsync(`topic ${name}`, options.key, options.place, options.tombstone, deletes);
  return {
    kind: 'topic',
    label: `topic ${name}`,
    topic: name,
    replayable: true,
    open: async ({ topics }) => topicReader(topics, name, { ...options, codec }),
    encode(value) {
      const isDeleted = deletes?.(value) ?? false;
      refusePromise(isDeleted, `topic ${name}`);
      return isDeleted ? null : codec.encode(value);
    },
    key: options.key,
  };
}

function topicReader<T>(
  topics: Topics,
  name: string,
  options: TopicOptions<T> & { readonly codec: RecordCodec<T> },
): SourceReader<T> {
  return {
    async splits() {
      const info = await topics.describe(name);
      return Array.from({ length: info?.partitions ?? 0 }, (_, partition) => String(partition));
    },
    async start(split) {
      const { begin, end } = await topics.range(name, Number(split));
      return options.from === 'newest' ? end : begin;
    },
    async poll(split, position, limit) {
      const batch = await topics.fetch({ topic: name, partition: Number(split) }, position as number, limit);
      if (batch === undefined) return undefined;
      const place = { topic: name, partition: Number(split), offset: 0, line: 0, key: null, timestamp: 0 };
      return new Decoding(batch, options, place).values(limit.until as number | undefined);
    },
    close: async () => {},
  };
}

/** A columnar batch on its way to values; those that can't be read are refused. */
class Decoding<T> {
  readonly #batch: RecordBatch;
  readonly #options: TopicOptions<T> & { readonly codec: RecordCodec<T> };
  readonly #place: Place;
  readonly #ascii: boolean;
  readonly #values: T[] = [];
  readonly #refused: Refused[] = [];
  #times: Float64Array;
  /** The next line feed at or behind where reading is. */
  #feed = -1;

  constructor(batch: RecordBatch, options: TopicOptions<T> & { readonly codec: RecordCodec<T> }, place: Place) {
    this.#batch = batch;
    this.#options = options;
    this.#place = place;
    this.#ascii = isAscii(batch.bytes);
    this.#times = new Float64Array(batch.length);
  }

  values(until = Number.POSITIVE_INFINITY): SourceBatch<T> {
    const { starts, ends, offsets, nextOffset } = this.#batch;
    let { length } = this.#batch;
    while (length > 0 && offsets[length - 1]! >= until) length--;
    for (const { offset, timestamp: time, error } of this.#batch.refused ?? [])
      if (offset < until) this.#refused.push({ reason: error.message, sample: '', time });
    const { packed = false } = this.#options;
    for (let i = 0; i < length; i++) {
      const start = starts[i]!;
      if (start < 0) this.#tombstone(i);
      else if (packed) this.#lines(i, start, ends[i]!);
      else this.#take(i, start, ends[i]!);
    }
    const next = Math.min(nextOffset, until);
    return { values: this.#values, times: this.#times, refused: this.#refused, next };
  }

  #tombstone(i: number): void {
    this.#place.line = 0;
    const place = this.#placed(i);
    const time = this.#batch.timestamps[i]!;
    const sample = place.key === null ? '' : Buffer.from(place.key).toString('utf8').slice(0, 1_024).toWellFormed();
    if (this.#options.tombstone === undefined) {
      const reason =
        'a tombstone: a record without a value; the option `tombstone` of the topic says what it stands for';
      this.#refused.push({ reason, sample, time });
      return;
    }
    try {
      const value = this.#options.tombstone(place);
      if (value !== undefined) this.#push(value, time);
    } catch (error) {
      this.#refused.push({ reason: reasonOf(error), sample, time });
    }
  }

  #push(value: T, time: Time): void {
    if (this.#values.length === this.#times.length) this.#grow();
    this.#times[this.#values.length] = time;
    this.#values.push(value);
  }

  #lines(i: number, start: number, end: number): void {
    const { bytes } = this.#batch;
    this.#place.line = 0;
    for (let from = start; from < end; ) {
      // Found once for all records before it: one without a line feed must not be searched to the end of the batch.
      if (this.#feed < from) this.#feed = indexOrEnd(bytes.indexOf(lineFeed, from), bytes.length);
      const until = Math.min(this.#feed, end);
      const isReturned = until > from && bytes[until - 1] === carriageReturn;
      const to = isReturned ? until - 1 : until;
      if (to > from) this.#take(i, from, to);
      this.#place.line++;
      from = until + 1;
    }
  }

  #take(i: number, start: number, end: number): void {
    const { bytes, timestamps } = this.#batch;
    const { codec, place } = this.#options;
    try {
      const value = codec.decode(bytes, start, end, this.#ascii);
      const placed = place === undefined ? value : place(value, this.#placed(i));
      this.#push(placed, timestamps[i]!);
    } catch (error) {
      const sample = bytes.toString('utf8', start, Math.min(end, start + 1_024));
      const reason = reasonOf(error);
      this.#refused.push({ reason, sample, time: timestamps[i]! });
    }
  }

  #placed(i: number): Place {
    const place = this.#place;
    place.offset = this.#batch.offsets[i]!;
    place.key = this.#batch.keys?.[i] ?? null;
    place.timestamp = this.#batch.timestamps[i]!;
    return place;
  }

  #grow(): void {
    const larger = new Float64Array(this.#times.length * 2 + 16);
    larger.set(this.#times);
    this.#times = larger;
  }
}

const indexOrEnd = (index: number, end: number): number => (index < 0 ? end : index);

const lineFeed = 10;
const carriageReturn = 13;
