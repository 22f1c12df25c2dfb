import type { SourceSpec } from 'millrace';
import { jsonRecord } from 'millrace';
import type { RawLine } from '../incidents/raw-line.ts';

/** A raw line that knows where it stands: what names it for ever, however often it is read. */
export interface PlacedLine extends RawLine {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * The raw lines of a topic with their places. Lines that are no JSON, or not of a raw line's shape, go to the dead
 * letters.
 */
export function placedLines(topic: string): SourceSpec<PlacedLine> {
  return {
    kind: 'topic',
    label: `topic ${topic}`,
    topic,
    replayable: true,
    open: async ({ topics }) => ({
      async splits() {
        const info = await topics.describe(topic);
        return Array.from({ length: info?.partitions ?? 0 }, (_, partition) => String(partition));
      },
      start: async (split) => (await topics.range(topic, Number(split))).begin,
      async poll(split, position, limit) {
        const batch = await topics.fetch(topic, Number(split), position as number, limit);
        return batch && linesOf(batch, { topic, partition: Number(split), until: limit.until as number | undefined });
      },
      close: async () => {},
    }),
  };
}

const codec = jsonRecord<RawLine>();

/** The types of what a source's `open` is given are not named in public, but can be asked for. */
type Reader = Awaited<ReturnType<SourceSpec<PlacedLine>['open']>>;
type Topics = Parameters<SourceSpec<PlacedLine>['open']>[0]['topics'];
type RecordBatch = NonNullable<Awaited<ReturnType<Topics['fetch']>>>;
type LineBatch = Exclude<Awaited<ReturnType<Reader['poll']>>, undefined | 'ended'>;

interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly until: number | undefined;
}

function linesOf(batch: RecordBatch, { topic, partition, until = Number.POSITIVE_INFINITY }: Range): LineBatch {
  const { bytes, starts, ends, offsets, timestamps } = batch;
  const values: PlacedLine[] = [];
  const times: number[] = [];
  const refused: LineBatch['refused'][number][] = [];
  for (let i = 0; i < batch.length && offsets[i]! < until; i++) {
    if (starts[i]! < 0) continue;
    try {
      const { line, source, time } = codec.decode(bytes, starts[i]!, ends[i]!, false);
      if (typeof line !== 'string' || typeof source !== 'string' || !Number.isFinite(time)) {
        throw new TypeError('a raw line has a line, a source and a time');
      }
      values.push({ line, source, time, topic, partition, offset: offsets[i]! });
      times.push(timestamps[i]!);
    } catch (error) {
      const sample = bytes.toString('utf8', starts[i]!, Math.min(ends[i]!, starts[i]! + 1_024));
      refused.push({ reason: error instanceof Error ? error.message : String(error), sample, time: timestamps[i]! });
    }
  }
  return { values, times: Float64Array.from(times), refused, next: Math.min(batch.nextOffset, until) };
}
