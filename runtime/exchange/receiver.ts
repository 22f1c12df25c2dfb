/**
 * The receiving end of an exchange, as a source. A batch ends at each progress record, so that what comes late depends
 * on the records and never on how they were fetched.
 */
import type { Codec } from '../../codecs/codec.ts';
import type { PollLimit, SourceBatch, SourceReader, SourceSpec } from '../../graph/connector.ts';
import { type Fold, Folded } from '../../graph/op.ts';
import { type Key, parseKey } from '../../state/key.ts';
import type { RecordBatch, Topics } from '../../topics/topics.ts';
import { decodeFrame } from './frames.ts';

/** How values that arrive are read. */
export interface Receiving {
  readonly topic: string;
  readonly codec: Codec<unknown>;
  readonly fold: Fold<unknown, unknown> | undefined;
}

export function exchangeSource(receiving: Receiving): SourceSpec<unknown> {
  const { topic } = receiving;
  return {
    kind: 'exchange',
    label: `exchange ${topic}`,
    topic,
    replayable: true,
    open: async ({ topics }) => new Receiver(topics, receiving),
  };
}

class Receiver implements SourceReader<unknown> {
  readonly #topics: Topics;
  readonly #receiving: Receiving;
  /** What was fetched and not yet handed out, by split. */
  readonly #fetched = new Map<string, RecordBatch>();
  /** Keys that are more than a text, by that text. */
  readonly #keys = new Map<string, Key>();

  constructor(topics: Topics, receiving: Receiving) {
    this.#topics = topics;
    this.#receiving = receiving;
  }

  async splits(): Promise<readonly string[]> {
    const info = await this.#topics.describe(this.#receiving.topic);
    return Array.from({ length: info?.partitions ?? 0 }, (_, partition) => String(partition));
  }

  async start(split: string): Promise<number> {
    return (await this.#topics.range(this.#receiving.topic, Number(split))).begin;
  }

  async poll(split: string, position: number, limit: PollLimit): Promise<SourceBatch<unknown> | undefined> {
    const kept = this.#fetched.get(split);
    const isKept = kept !== undefined && kept.offsets[0]! <= position && position <= kept.offsets[kept.length - 1]!;
    const batch = isKept
      ? kept
      : await this.#topics.fetch({ topic: this.#receiving.topic, partition: Number(split) }, position, limit);
    if (batch === undefined) return undefined;
    // What tasks send each other can't be done without.
    for (const { error } of batch.refused ?? []) throw error;
    this.#fetched.set(split, batch);
    return this.#read(batch, position);
  }

  #read(batch: RecordBatch, position: number): SourceBatch<unknown> {
    const { bytes, starts, ends, offsets, length } = batch;
    const [values, keys, times]: [unknown[], Key[], number[]] = [[], [], []];
    for (let i = 0; i < length; i++) {
      if (offsets[i]! < position) continue;
      const received = decodeFrame(bytes.subarray(starts[i], ends[i]));
      if (received.kind === 'progress') {
        const next = i === length - 1 ? batch.nextOffset : offsets[i]! + 1;
        return { values, keys, times: Float64Array.from(times), refused: [], next, progress: received.progress };
      }
      for (const entry of received.entries) {
        values.push(this.#value(entry));
        keys.push(this.#key(entry.key));
        times.push(entry.time);
      }
    }
    return { values, keys, times: Float64Array.from(times), refused: [], next: batch.nextOffset };
  }

  #value({ bytes, folded }: { readonly bytes: Uint8Array; readonly folded: boolean }): unknown {
    const { codec, fold } = this.#receiving;
    if (!folded) return codec.decode(bytes);
    if (fold === undefined) throw new Error('values arrived folded at an operator that takes no folds');
    return new Folded(fold.codec.decode(bytes));
  }

  #key(text: string): Key {
    if (text[0] === 's') return text.slice(1);
    let key = this.#keys.get(text);
    if (key !== undefined) return key;
    key = parseKey(text);
    if (this.#keys.size >= 65_536) this.#keys.clear();
    this.#keys.set(text, key);
    return key;
  }

  async close(): Promise<void> {}
}
