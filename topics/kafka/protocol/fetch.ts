/**
 * Fetch, versions 12 to 17: topics by name in 12, by id from 13 on. Sessionless (KIP-227's full fetch), committed
 * records only. The broker compares the leader epochs that are sent with its own history and reports a log that
 * diverged instead of serving another past (KIP-595).
 */
import type { Api } from './api.ts';
import type { WireReader } from './reader.ts';

export interface FetchRequest {
  readonly maxBytes: number;
  readonly partitions: readonly FetchPartition[];
}

export interface FetchPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly offset: number;
  /** The leader epoch of the record last fetched, or -1. */
  readonly lastEpoch: number;
  readonly maxBytes: number;
}

export interface FetchResponse {
  readonly throttleMs: number;
  readonly error: number;
  readonly partitions: readonly FetchedPartition[];
}

export interface FetchedPartition {
  /** Its name in version 12, its id later. */
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  /** Behind the last record that is committed, or open no more. */
  readonly stableEnd: number;
  readonly begin: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Where the log went another way than it was read: the end of the common part. */
  readonly diverging: { readonly epoch: number; readonly end: number } | undefined;
  /** Record batches, the last of which may be cut short. A view of the response. */
  readonly records: Buffer;
}

/** A transaction that was given up: its producer's records from `firstOffset` to its marker never happened. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

const consumer = -1;
const readCommitted = 1;
const noSession = [0, -1] as const;

export const fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  versions: [12, 17],
  write(to, { maxBytes, partitions }, version) {
    if (version < 15) to.int32(consumer);
    // No waiting: the caller decides how long to pause at the end of a partition.
    to.int32(0).int32(0).int32(maxBytes).int8(readCommitted).int32(noSession[0]).int32(noSession[1]);
    to.array(inTopics(partitions), (its) => {
      if (version < 13) to.string(its[0]!.topic);
      else to.uuid(its[0]!.topicId);
      to.array(its, (p) => {
        to.int32(p.partition).int32(p.leaderEpoch).int64(p.offset).int32(p.lastEpoch);
        to.int64(-1).int32(p.maxBytes).tags();
      }).tags();
    });
    to.array([], () => {})
      .string('')
      .tags();
  },
  read(from, version) {
    const throttleMs = from.int32();
    const error = from.int16();
    from.int32();
    const partitions = from
      .array(() => {
        const topic = version < 13 ? from.string() : from.uuid();
        const its = from.array(() => readPartition(from, topic));
        from.tags();
        return its;
      })
      .flat();
    from.tags();
    return { throttleMs, error, partitions };
  },
};

/** Partitions in the order given, those of one topic that follow each other together. */
function inTopics(partitions: readonly FetchPartition[]): FetchPartition[][] {
  const topics: FetchPartition[][] = [];
  for (const partition of partitions) {
    const last = topics.at(-1);
    if (last?.[0]?.topic === partition.topic) last.push(partition);
    else topics.push([partition]);
  }
  return topics;
}

function readPartition(from: WireReader, topic: string): FetchedPartition {
  const [partition, error] = [from.int32(), from.int16()];
  from.int64();
  const [stableEnd, begin] = [from.int64(), from.int64()];
  const aborted = from.array(() => {
    const transaction = { producerId: from.int64(), firstOffset: from.int64() };
    from.tags();
    return transaction;
  });
  from.int32();
  const records = from.blob();
  let diverging: FetchedPartition['diverging'];
  from.tags((tag) => {
    if (tag === 0) diverging = { epoch: from.int32(), end: from.int64() };
  });
  return { topic, partition, error, stableEnd, begin, aborted, diverging, records };
}
