/**
 * The sending end of an exchange: keyed values into frames, one for each partition, and behind them the sender's
 * progress for every partition, all within the epoch's transaction. A frame is closed before it could exceed what a
 * topic takes as one record (a mebibyte by default).
 */
import type { ExchangeSink } from '../../graph/connector.ts';
import { Folded } from '../../graph/op.ts';
import { type Key, keyId, keyText, textOfId } from '../../state/key.ts';
import type { Watermark } from '../../time/watermark.ts';
import { murmur2, partitionOf } from '../../topics/partition.ts';
import type { TopicRecord } from '../../topics/topics.ts';
import type { Batch, Signal } from '../circuit/element.ts';
import { encodeProgress, FrameWriter } from './frames.ts';

const frameBytes = 256 << 10;
/** A value larger than this fits no frame. */
const valueBytes = 900 << 10;

/** One task's part of its stage. */
export interface Share {
  readonly partition: number;
  /** How many tasks the stage has. */
  readonly of: number;
}

/** Sends the values of one task into one exchange. */
export class Sender {
  readonly #sink: ExchangeSink<unknown>;
  readonly #frames: readonly FrameWriter[];
  readonly #task: { readonly task: number; readonly of: number };
  #records: TopicRecord[] = [];
  #watermark: Watermark = Number.NEGATIVE_INFINITY;
  #reported: Watermark = Number.NEGATIVE_INFINITY;
  /** Bytes since the last epoch. */
  bytes = 0;

  /** `task` of `of` tasks sends into `partitions`. */
  constructor(
    sink: ExchangeSink<unknown>,
    { partitions, task, of }: { readonly partitions: number; readonly task: number; readonly of: number },
  ) {
    this.#sink = sink;
    this.#frames = Array.from({ length: partitions }, () => new FrameWriter());
    this.#task = { task, of };
  }

  /** Takes a batch; `unsendable` gets what can't be written down. */
  add({ values, times, keys, length }: Batch, unsendable: (i: number, error: unknown) => void): void {
    for (let i = 0; i < length; i++) {
      try {
        this.#add(values[i], times[i]!, keys![i] as Key);
      } catch (error) {
        unsendable(i, error);
      }
    }
  }

  #add(value: unknown, time: number, key: Key): void {
    const folded = value instanceof Folded;
    const bytes = folded ? this.#sink.fold!.codec.encode(value.acc) : this.#sink.codec.encode(value);
    if (bytes.length > valueBytes) throw new Error(`${bytes.length} bytes are too many for one record`);
    const text = typeof key === 'string' ? keyText(key) : textOfId(keyId(key), key);
    const partition = partitionFor(text, this.#frames.length);
    const frame = this.#frames[partition]!;
    if (frame.size + bytes.length > frameBytes) this.#close(partition);
    frame.add({ key: text, time, bytes, folded });
    this.bytes += bytes.length;
  }

  #close(partition: number): void {
    const value = this.#frames[partition]!.take();
    if (value !== undefined) this.#records.push(this.#record(partition, value));
  }

  #record(partition: number, value: Uint8Array): TopicRecord {
    return { topic: this.#sink.topic, partition, key: null, value, timestamp: 0 };
  }

  /** Notes how far the stream has come. */
  signal(signal: Signal): void {
    if (signal.kind === 'watermark') this.#watermark = signal.time;
    if (signal.kind === 'idle') this.#watermark = 'idle';
  }

  /** The epoch's records: all frames, then the progress if time has moved. */
  take(): readonly TopicRecord[] {
    for (let partition = 0; partition < this.#frames.length; partition++) this.#close(partition);
    const records = this.#records;
    if (this.#watermark !== this.#reported) {
      const progress = encodeProgress({ ...this.#task, watermark: this.#watermark });
      for (let partition = 0; partition < this.#frames.length; partition++)
        records.push(this.#record(partition, progress));
      this.#reported = this.#watermark;
    }
    this.#records = [];
    this.bytes = 0;
    return records;
  }
}

const scratch = new Uint8Array(512);

/** Where a key goes, by the bytes of its text behind the letter of its type, as everywhere else. */
function partitionFor(text: string, partitions: number): number {
  const length = text.length - 1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i + 1);
    if (unit >= 0x80 || i >= scratch.length) return partitionOf(Buffer.from(text.slice(1), 'utf8'), partitions);
    scratch[i] = unit;
  }
  return (murmur2(scratch, length) & 0x7fffffff) % partitions;
}
