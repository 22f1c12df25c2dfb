/**
 * What stages send each other, as the values of topic records; version 1 of two forms. A frame carries many keyed
 * values for one partition, so that the cost of a record is paid once for all of them: the keys of the frame once
 * each, then per value the number of its key, its time against the frame's first, its bytes. Progress is how far its
 * sender has come, and follows everything it sent before.
 */
import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import { utf8Length } from '../../codecs/utf8.ts';
import type { Progress } from '../../graph/connector.ts';
import type { Time } from '../../time/duration.ts';
import { IDLE } from '../../time/watermark.ts';

/** One value on its way. */
export interface Entry {
  /** The key's canonical text. */
  readonly key: string;
  readonly time: Time;
  readonly bytes: Uint8Array;
  /** Whether the bytes are a fold of values. */
  readonly folded: boolean;
}

/** What a record holds. */
export type Received =
  | { readonly kind: 'values'; readonly entries: readonly Entry[] }
  | { readonly kind: 'progress'; readonly progress: Progress };

const version = 1;
const kinds = { values: 0, progress: 1 } as const;

/** Gathers values for one partition. */
export class FrameWriter {
  #keys: string[] = [];
  /** Numbers of the keys of plain values. Folds come key by key, and need not be looked up. */
  #numbers = new Map<string, number>();
  #entries = new ByteWriter();
  #count = 0;
  #base = 0;
  /** Bytes gathered so far, about. */
  size = 0;

  add({ key, time, bytes, folded }: Entry): void {
    const number = this.#keys.at(-1) === key ? this.#keys.length - 1 : this.#numberOf(key, folded);
    if (this.#count === 0 && Number.isSafeInteger(time)) this.#base = time;
    const isWhole = Number.isSafeInteger(time) && Number.isSafeInteger(time - this.#base);
    this.#entries.varint(number * 4 + (folded ? 2 : 0) + (isWhole ? 1 : 0));
    if (isWhole) this.#entries.int(time - this.#base);
    else this.#entries.float64(time);
    this.#entries.bytes(bytes);
    this.#count++;
    this.size += bytes.length + 8;
  }

  #numberOf(key: string, folded: boolean): number {
    const known = folded ? undefined : this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#keys.push(key) - 1;
    if (!folded) this.#numbers.set(key, number);
    this.size += utf8Length(key) + 4;
    return number;
  }

  /** The frame of everything gathered, or undefined if nothing was; then starts again. */
  take(): Uint8Array | undefined {
    if (this.#count === 0) return undefined;
    const head = new ByteWriter().varint(version).varint(kinds.values).int(this.#base).varint(this.#keys.length);
    for (const key of this.#keys) head.string(key);
    const frame = head.varint(this.#count).raw(this.#entries.finish()).finish();
    this.#keys = [];
    this.#numbers = new Map();
    this.#entries = new ByteWriter();
    this.#count = 0;
    this.#base = 0;
    this.size = 0;
    return frame;
  }
}

/** Progress as bytes. */
export function encodeProgress({ task, of, watermark }: Progress): Uint8Array {
  const isIdle = watermark === IDLE;
  return new ByteWriter()
    .varint(version)
    .varint(kinds.progress)
    .varint(task)
    .varint(of)
    .varint(isIdle ? 1 : 0)
    .float64(isIdle ? 0 : watermark)
    .finish();
}

/** What a record of an exchange holds. Errors: STATE_BYTES_BROKEN. */
export function decodeFrame(bytes: Uint8Array): Received {
  const reader = new ByteReader(bytes, 'exchange frame');
  if (reader.varint() !== version) throw new Error('a frame of an unknown version');
  if (reader.varint() === kinds.progress) {
    const sender = { task: reader.varint(), of: reader.varint() };
    const isIdle = reader.varint() === 1;
    const time = reader.float64();
    return { kind: 'progress', progress: { ...sender, watermark: isIdle ? IDLE : time } };
  }
  const base = reader.int();
  const keys = Array.from({ length: reader.count(1) }, () => reader.string());
  const entries = Array.from({ length: reader.count(3) }, (): Entry => {
    const head = reader.varint();
    const time = head % 2 === 1 ? base + reader.int() : reader.float64();
    return { key: keys[Math.floor(head / 4)]!, time, bytes: reader.bytes(), folded: head % 4 >= 2 };
  });
  return { kind: 'values', entries };
}
