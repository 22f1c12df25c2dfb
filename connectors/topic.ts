import { isAscii } from 'node:buffer';
import type { Refused, SourceBatch, SourceReader, SourceSpec, TopicSink } from '../graph/connector.ts';
import type { Key } from '../state/key.ts';
import type { RecordBatch, Topics } from '../topics/topics.ts';
import { jsonRecord, type RecordCodec } from './codecs.ts';

/** How a topic's records are read and written. */
export interface TopicOptions<T> {
  /** Default: JSON. */
  readonly codec?: RecordCodec<T>;
  /** When written: the record's key, which decides its partition. Default: the stream's key. */
  readonly key?: (value: T) => Key;
  /** When first read: from the oldest record kept, or only what is new. Default: `oldest`. */
  readonly from?: 'oldest' | 'newest';
}

/**
 * A topic, as a source or as a sink.
 *
 * Delivery: reading commits offsets with the epoch; writing is part of the epoch's transaction, so that a reader of
 * committed records sees every value exactly once. Back pressure: the reader is simply not asked.
 */
export function topic<T>(name: string, options: TopicOptions<T> = {}): SourceSpec<T> & TopicSink<T> {
  const codec = options.codec ?? jsonRecord<T>();
  return {
    kind: 'topic',
    label: `topic ${name}`,
    topic: name,
    replayable: true,
    open: async ({ topics }) => topicReader(topics, name, { codec, from: options.from ?? 'oldest' }),
    encode: (value) => codec.encode(value),
    key: options.key,
  };
}

function topicReader<T>(
  topics: Topics,
  name: string,
  { codec, from }: { readonly codec: RecordCodec<T>; readonly from: 'oldest' | 'newest' },
): SourceReader<T> {
  return {
    async splits() {
      const info = await topics.describe(name);
      return Array.from({ length: info?.partitions ?? 0 }, (_, partition) => String(partition));
    },
    async start(split) {
      const { begin, end } = await topics.range(name, Number(split));
      return from === 'oldest' ? begin : end;
    },
    async poll(split, position, limit) {
      const batch = await topics.fetch(name, Number(split), position as number, limit);
      return batch === undefined ? undefined : decodeBatch(batch, codec, limit.until as number | undefined);
    },
    close: async () => {},
  };
}

/** Decodes a columnar batch; tombstones are skipped, unreadable records refused. */
function decodeBatch<T>(batch: RecordBatch, codec: RecordCodec<T>, until = Number.POSITIVE_INFINITY): SourceBatch<T> {
  const { bytes, starts, ends, offsets, nextOffset } = batch;
  let { length } = batch;
  while (length > 0 && offsets[length - 1]! >= until) length--;
  const ascii = isAscii(bytes);
  const values: T[] = [];
  const times = new Float64Array(length);
  const refused: Refused[] = [];
  for (let i = 0; i < length; i++) {
    if (starts[i]! < 0) continue;
    try {
      const value = codec.decode(bytes, starts[i]!, ends[i]!, ascii);
      times[values.length] = batch.timestamps[i]!;
      values.push(value);
    } catch (error) {
      const sample = bytes.toString('utf8', starts[i]!, Math.min(ends[i]!, starts[i]! + 1_024));
      refused.push({
        reason: error instanceof Error ? error.message : String(error),
        sample,
        time: batch.timestamps[i]!,
      });
    }
  }
  return { values, times, refused, next: Math.min(nextOffset, until) };
}
