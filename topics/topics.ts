/**
 * The port to partitioned, ordered, replayable topics. Kafka is the model; the embedded and the simulated
 * implementation promise the same, and `test/conformance/topics.ts` holds all of them to it.
 */
import type { MillraceError } from '../errors.ts';

/** A topic as it is created. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Records older than this may be dropped; `-1` keeps everything (the default). */
  readonly retentionMs?: number;
  /** Keep only the last record of each key. */
  readonly compact?: boolean;
}

/** What is known of an existing topic. `id` changes when a topic is deleted and made again. */
export interface TopicInfo {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
}

/** Offsets of one partition: `begin` is the oldest record kept, `end` the offset the next record will get. */
export interface OffsetRange {
  readonly begin: number;
  readonly end: number;
}

/** A record on its way into a topic. A null `value` is a tombstone. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Records of one partition as columns. The value of record `i` is `bytes[starts[i] … ends[i])`; a start of -1 is a
 * tombstone. One buffer for many records spares an object per record: decoders read in place.
 */
export interface RecordBatch {
  readonly length: number;
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Milliseconds since the epoch, per record. */
  readonly timestamps: Float64Array;
  readonly offsets: Float64Array;
  /** Keys per record, or undefined when none has one. */
  readonly keys: readonly (Uint8Array | null)[] | undefined;
  /** The offset to ask for next: behind the last record, control records included. */
  readonly nextOffset: number;
  /** Records that are passed over because they can't be read within bounds; only there if there are any. */
  readonly refused?: readonly RefusedBatch[];
}

/** Records that were written together and can't be read within bounds. */
export interface RefusedBatch {
  /** The first of them. */
  readonly offset: number;
  readonly timestamp: number;
  readonly error: MillraceError;
}

/** How much one fetch may return; a single record larger than `maxBytes` is still returned. */
export interface FetchLimit {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** What changes in a member's assignment. */
export type GroupEvent =
  | { readonly kind: 'assigned'; readonly partitions: readonly TopicPartition[] }
  | { readonly kind: 'revoked'; readonly partitions: readonly TopicPartition[] }
  /** The partitions already belong to another member: nothing may be committed for them any more. */
  | { readonly kind: 'lost'; readonly partitions: readonly TopicPartition[] };

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Membership of a consumer group. A revocation takes effect when it is answered: until then no other member is
 * given the partitions, so the owner can drain and commit first. Co-partitioned topics are assigned together: the
 * owner of partition 3 of one input owns partition 3 of all of them.
 */
export interface Membership {
  /** The next unanswered event, or undefined. Never blocks; to be called between batches. */
  poll(): GroupEvent | undefined;
  /** Answers the event last polled. Only then does the next one appear. */
  answer(): Promise<void>;
  /** Gives up every partition and leaves. */
  leave(): Promise<void>;
}

/** How far delivery has come, stored with the records: the epoch, not the offset, for an epoch can lack input. */
export interface Mark {
  readonly generation: number;
  readonly epoch: number;
  /** What the task wants to find again with it: at most a kilobyte, without line ends. */
  readonly note?: string;
}

/** The consumed position that a transaction stores for a group. */
export interface GroupOffset extends TopicPartition {
  readonly offset: number;
}

/** All that one transaction makes visible at once. */
export interface Transaction {
  readonly records: readonly TopicRecord[];
  readonly group: string;
  readonly offsets: readonly GroupOffset[];
  /** The task whose delivery this is, with its mark; written even when there are no records. */
  readonly task: string;
  readonly mark: Mark;
}

/**
 * A transactional producer. Opening one with an id that is in use fences the older one.
 *
 * Errors of `transact`: PRODUCER_FENCED (stop), OUTCOME_UNKNOWN (it may have been applied: close this producer, open a
 * new one with the same id, read the mark, then decide).
 */
export interface Producer {
  /** Appends the records and stores offsets and mark: all of it or nothing. */
  transact(transaction: Transaction): Promise<void>;
  close(): Promise<void>;
}

/** Partitioned, ordered, replayable topics with groups and transactions. */
export interface Topics {
  /** Creates the topic, or does nothing if it exists with as many partitions. Errors: TOPIC_PARTITIONS_CHANGED. */
  create(spec: TopicSpec): Promise<void>;
  describe(topic: string): Promise<TopicInfo | undefined>;
  /**
   * Bytes of the largest record that the topic takes, with all that goes with it; undefined where that is hidden.
   * Topics that take whatever is written lack the method.
   */
  mostBytes?(topic: string): Promise<number | undefined>;
  /** Errors: TOPIC_MISSING. */
  range(topic: string, partition: number): Promise<OffsetRange>;
  /**
   * Committed records from `offset` on, or undefined at the end of the partition.
   * Errors: TOPIC_MISSING, OFFSET_OUT_OF_RANGE (below the begin or above the end; never reset in silence).
   */
  fetch(from: TopicPartition, offset: number, limit: FetchLimit): Promise<RecordBatch | undefined>;
  /** Appends outside any transaction, at least once: for tools and tests. */
  append(records: readonly TopicRecord[]): Promise<void>;
  /** Drops records below `before`. */
  trim(topic: string, partition: number, before: number): Promise<void>;
  /** Joins the group with one subscription to `topics`. Errors: TOPIC_MISSING. */
  join(group: string, topics: readonly string[]): Promise<Membership>;
  producer(id: string): Promise<Producer>;
  /** The mark of the last transaction of `task`; waits for one that is still open. */
  mark(group: string, task: string): Promise<Mark | undefined>;
  /** The offsets stored for the group; undefined where none is. */
  committed(group: string, partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]>;
  close(): Promise<void>;
}
