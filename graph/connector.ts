/**
 * What a job names at its edges: sources and sinks as values. A source says how to open a reader, a sink how to write
 * a value down; when, how often and how safely is the runtime's business.
 */
import type { Codec } from '../codecs/codec.ts';
import type { Key } from '../state/key.ts';
import type { Json, StateStore } from '../state/store.ts';
import type { ChunkInfo, Tables } from '../tables/tables.ts';
import type { Clock } from '../time/clock.ts';
import type { Time } from '../time/duration.ts';
import type { Watermark } from '../time/watermark.ts';
import type { FetchLimit, Topics } from '../topics/topics.ts';
import type { Fold } from './op.ts';

/** Everything with a side effect, handed to connectors and to the runtime. */
export interface Ports {
  readonly topics: Topics;
  readonly state: StateStore;
  readonly tables: Tables;
  readonly clock: Clock;
}

/** A record that the source could not decode. */
export interface Refused {
  readonly reason: string;
  /** The first bytes of the record as text, for the dead letter. */
  readonly sample: string;
  readonly time: Time;
}

/** What one poll brings: values with the record's own timestamps (NaN where it has none). */
export interface SourceBatch<T> {
  readonly values: T[];
  readonly times: Float64Array;
  readonly refused: readonly Refused[];
  /** Where to go on; stored with the epoch. */
  readonly next: Json;
  /** Of what another stage sent: the values' keys, and how far their sender has come behind them. */
  readonly keys?: Key[];
  readonly progress?: Progress;
}

/** How far one of the tasks that send to a stage has come: it is done with everything up to `watermark`. */
export interface Progress {
  /** Its partition, and how many such tasks there are; event time is unknown until all have reported. */
  readonly task: number;
  readonly of: number;
  readonly watermark: Watermark;
}

/** How much one poll may bring. */
export interface PollLimit extends FetchLimit {
  /** Stop at this position, which an earlier poll returned as `next`. */
  readonly until?: Json;
}

/** Reads the splits of one source. A split is an ordered, replayable sequence: a partition, a file. */
export interface SourceReader<T> {
  /** The splits that exist now, sorted; asked again about once a second, so that new ones are found. */
  splits(): Promise<readonly string[]>;
  /** Whether a split that an earlier process began, and `splits` does not name, is read on. Without this none is. */
  resumes?(split: string, position: Json): boolean;
  /**
   * Whether there may be something to read when every split has ended. Then the job does not end, and a split that
   * ended is read again from its position when `splits` names it: another file has taken its place. Without this all is
   * over then, and `splits` may name what has ended.
   */
  goesOn?(): boolean;
  /** What people know a split by that is read at `position`: a file's path. Without this it is the split's name. */
  placeOf?(position: Json): string;
  /** The position at which a split is first read; committed before anything is read. */
  start(split: string): Promise<Json>;
  /** Records from `position` on; undefined when there are none now, 'ended' when there will never be any. */
  poll(split: string, position: Json, limit: PollLimit): Promise<SourceBatch<T> | undefined | 'ended'>;
  close(): Promise<void>;
}

/** A source as a job names it. */
export interface SourceSpec<T> {
  readonly kind: string;
  /** For plans: `topic logs`, `files /var/log/*.log`. */
  readonly label: string;
  /** The topic that a consumer group must assign, where there is one. */
  readonly topic?: string;
  /** Whether a position can be read again later: true of topics and files, not of stdin. */
  readonly replayable: boolean;
  open(ports: Ports): Promise<SourceReader<T>>;
  /** Carries the type only. */
  readonly of?: T;
}

/** Writes records to a topic, inside the epoch's transaction. */
export interface TopicSink<T> {
  readonly kind: 'topic';
  readonly label: string;
  readonly topic: string;
  /** The record's bytes; null is a tombstone. */
  encode(value: T): Uint8Array | null;
  /** The record's key; decides its partition. Undefined: the stream's key, else partition 0. */
  readonly key: ((value: T) => Key) | undefined;
}

/** A row that its writer will never accept, by its line in the chunk from 0 on. */
export interface RefusedLine {
  readonly line: number;
  readonly reason: string;
}

/** Accepts chunks of rows idempotently: the same token twice is a no-op. */
export interface ChunkWriter {
  ensure(): Promise<void>;
  /**
   * Resolves when the rows are in, but for those it names: they become dead letters. A writer that can't tell which
   * rows it refuses throws TABLE_INSERT_REFUSED and is given the halves.
   */
  insert(ndjson: Uint8Array, chunk: ChunkInfo): Promise<readonly RefusedLine[] | void>;
}

/** Writes rows in sealed chunks, independent of epochs: tables, search indexes, webhooks. */
export interface ChunkSink<T> {
  readonly kind: 'chunks';
  readonly label: string;
  /** The table that the rows go to, where it is one. */
  readonly table?: string;
  /** The row as a JSON object; the runtime adds `revision` and, if the row is a retraction, `is_deleted`. */
  row(value: T, time: Time): Readonly<Record<string, unknown>>;
  /** Whether the value takes back a row of the same identity. */
  readonly deletes: ((value: T) => boolean) | undefined;
  open(ports: Ports): ChunkWriter;
}

/** Hands keyed values to another stage; made by the runtime where a job is cut. */
export interface ExchangeSink<T> {
  readonly kind: 'exchange';
  readonly label: string;
  readonly topic: string;
  readonly codec: Codec<T>;
  /** How values are folded before they are sent; undefined where each is sent by itself. */
  readonly fold: Fold<unknown, unknown> | undefined;
}

/** A sink as a job names it. */
export type SinkSpec<T> = TopicSink<T> | ChunkSink<T> | ExchangeSink<T>;
