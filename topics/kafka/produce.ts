/** What both kinds of producers do with records. */
import { MillraceError } from '../../errors.ts';
import type { TopicRecord } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { type NativeError, type NativeProducer, nativeCode } from './native.ts';
import type { KafkaSettings } from './options.ts';
import { Patience } from './patience.ts';

const largestBatch = 900_000;
/** What a batch holds besides its records' own bytes. */
const batchBytes = 128;

/**
 * Batches as large as they get in a few milliseconds, and no larger than any topic takes that is known; a flush ends
 * the waiting.
 */
export function producerConfig({ settings, mostBytes }: Cluster): Readonly<Record<string, unknown>> {
  const { compression, timeoutMs } = settings;
  const known = [...mostBytes.values()].filter((bytes) => bytes !== undefined);
  return {
    'compression.codec': compression,
    'linger.ms': 20,
    'batch.num.messages': 50_000,
    'batch.size': Math.max(1, Math.min(largestBatch, ...known.map((bytes) => bytes - batchBytes))),
    'queue.buffering.max.messages': 1_000_000,
    'message.timeout.ms': timeoutMs,
  };
}

/** Errors: TOPIC_MISSING, before anything is sent. */
export async function checkTopics(cluster: Cluster, records: readonly TopicRecord[]): Promise<void> {
  const known = new Map<string, Set<number>>();
  for (const { topic, partition } of records) {
    let partitions = known.get(topic);
    if (partitions === undefined) known.set(topic, (partitions = new Set()));
    partitions.add(partition);
  }
  for (const [topic, partitions] of known) {
    for (const partition of partitions) await cluster.leader(topic, partition);
  }
}

/** Hands all records to the client; waits while its queue is full. Errors: TOPIC_APPEND_REFUSED, and the client's. */
export async function produceAll({
  producer,
  records,
  settings,
  opaque,
}: {
  readonly producer: NativeProducer;
  readonly records: readonly TopicRecord[];
  readonly settings: KafkaSettings;
  readonly opaque: unknown;
}): Promise<void> {
  for (const record of records) {
    const patience = new Patience(settings.clock, settings.timeoutMs);
    while (!offer(producer, record, opaque)) {
      producer.poll();
      if (!(await patience.again())) throw new MillraceError('OUTCOME_UNKNOWN', { what: 'a queue that stays full' });
    }
  }
}

/** Whether the queue had room for the record. */
function offer(producer: NativeProducer, record: TopicRecord, opaque: unknown): boolean {
  const { topic, partition, key, value, timestamp, headers } = record;
  const pairs = headers && Object.entries(headers).map(([name, text]) => ({ [name]: text }));
  try {
    producer.produce(topic, partition, buffer(value), buffer(key), timestamp, opaque, pairs);
    return true;
  } catch (error) {
    const { code, message } = error as NativeError;
    if (code === nativeCode.queueFull) return false;
    if (code > 0) throw new MillraceError('TOPIC_APPEND_REFUSED', { topic, reason: message }, { cause: error });
    throw error;
  }
}

/** Empty, but with an address: without one the client would take it for a tombstone. */
const empty = Buffer.alloc(1).subarray(0, 0);

function buffer(bytes: Uint8Array | null): Buffer | null {
  if (bytes === null) return null;
  if (bytes.length === 0) return empty;
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
