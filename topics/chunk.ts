/**
 * Many records of one partition in one buffer, for the implementations that keep their own log. A chunk is columns and
 * a body, so that a fetch copies columns and slices the body instead of making an object per record.
 *
 * Layout, little-endian: count u32, keyed u32, crc u32 of all that follows it, 0 u32, newest timestamp f64; then per
 * record timestamp f64, start i32 (-1 is a tombstone), end i32 and, if keyed, key end i32 (-1 is no key); then the
 * body: key and value of each record in turn. Places count from the begin of the chunk. A record's body begins where
 * its predecessor's ends. Headers are for readers outside of Millrace, which a log of our own lacks: not kept.
 */
import { crc32 } from 'node:zlib';
import type { FetchLimit, RecordBatch, TopicRecord } from './topics.ts';

const headBytes = 24;
const bodyLimit = 128 * 1024;
const recordLimit = 4096;

/** A chunk as it lies in the log: `base` is the offset of its first record. */
export interface PlacedChunk {
  readonly base: number;
  readonly chunk: Buffer;
}

/** The records of one partition as chunks of bounded size, in order. */
export function encodeChunks(records: readonly TopicRecord[]): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let from = 0;
  let body = 0;
  records.forEach((record, i) => {
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
    if (i > from && (body + size > bodyLimit || i - from === recordLimit)) {
      chunks.push(encodeChunk(records.slice(from, i), body));
      from = i;
      body = 0;
    }
    body += size;
  });
  if (records.length > from) chunks.push(encodeChunk(records.slice(from), body));
  return chunks;
}

function encodeChunk(records: readonly TopicRecord[], body: number): Buffer {
  const count = records.length;
  const keyed = records.some((record) => record.key !== null);
  const bodyAt = headBytes + count * (keyed ? 20 : 16);
  const chunk = Buffer.alloc(bodyAt + body);
  chunk.writeUInt32LE(count, 0);
  chunk.writeUInt32LE(keyed ? 1 : 0, 4);
  let at = bodyAt;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const { key, value, timestamp } = records[i]!;
    if (timestamp > newest) newest = timestamp;
    chunk.writeDoubleLE(timestamp, headBytes + i * 8);
    if (key !== null) {
      chunk.set(key, at);
      at += key.length;
    }
    if (keyed) chunk.writeInt32LE(key === null ? -1 : at, headBytes + count * 16 + i * 4);
    chunk.writeInt32LE(value === null ? -1 : at, headBytes + count * 8 + i * 4);
    if (value !== null) {
      chunk.set(value, at);
      at += value.length;
    }
    chunk.writeInt32LE(at, headBytes + count * 12 + i * 4);
  }
  chunk.writeDoubleLE(newest, 16);
  chunk.writeUInt32LE(crc32(chunk.subarray(12)), 8);
  return chunk;
}

/** How many records the chunk holds. */
export function countOf(chunk: Buffer): number {
  return chunk.readUInt32LE(0);
}

/** The newest timestamp of the chunk's records. */
export function newestOf(chunk: Buffer): number {
  return chunk.readDoubleLE(16);
}

/** Whether the chunk is as it was written. */
export function isIntact(chunk: Buffer): boolean {
  return chunk.length >= headBytes && crc32(chunk.subarray(12)) === chunk.readUInt32LE(8);
}

interface Part extends PlacedChunk {
  readonly count: number;
  /** Records taken: from index `from` to before `to`. */
  readonly from: number;
  readonly to: number;
}

/** The records from `offset` on, within the limit; the first chunk holds `offset`, the others follow it. */
export function readChunks(chunks: Iterable<PlacedChunk>, offset: number, limit: FetchLimit): RecordBatch {
  const parts: Part[] = [];
  let records = limit.maxRecords;
  let bytes = limit.maxBytes;
  for (const { base, chunk } of chunks) {
    const count = countOf(chunk);
    const from = Math.max(0, offset - base);
    const begin = bodyAt(chunk, count, from);
    let to = Math.min(count, from + records);
    while (to > from && endAt(chunk, count, to - 1) - begin > bytes)
      to = lastWithin({ chunk, count, from, to }, begin + bytes);
    if (to === from && parts.length === 0) to = from + 1;
    if (to > from) parts.push({ base, chunk, count, from, to });
    records -= to - from;
    bytes -= bodyAt(chunk, count, to) - begin;
    if (to < count || records <= 0 || bytes <= 0) break;
  }
  return assemble(parts);
}

/** The index behind the last record that ends at or before `end`, by bisection. */
function lastWithin(range: { chunk: Buffer; count: number; from: number; to: number }, end: number): number {
  let low = range.from;
  let high = range.to - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endAt(range.chunk, range.count, middle) <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}

function endAt(chunk: Buffer, count: number, i: number): number {
  return chunk.readInt32LE(headBytes + count * 12 + i * 4);
}

/** Where the body of record `i` begins. */
function bodyAt(chunk: Buffer, count: number, i: number): number {
  return i > 0 ? endAt(chunk, count, i - 1) : headBytes + count * (chunk.readUInt32LE(4) === 1 ? 20 : 16);
}

/** One part keeps its chunk as the batch's buffer; several are joined. */
function assemble(parts: readonly Part[]): RecordBatch {
  let length = 0;
  for (const part of parts) length += part.to - part.from;
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  const timestamps = new Float64Array(length);
  const offsets = new Float64Array(length);
  const bodies: Buffer[] = [];
  const keys: (Uint8Array | null)[] = [];
  const isKeyed = parts.some((part) => part.chunk.readUInt32LE(4) === 1);
  let at = 0;
  let joined = 0;
  for (const part of parts) {
    const { chunk, count, from, to, base } = part;
    const begin = bodyAt(chunk, count, from);
    const shift = parts.length === 1 ? 0 : joined - begin;
    copyColumn(chunk, headBytes + from * 8, timestamps, at, to - from);
    copyColumn(chunk, headBytes + count * 8 + from * 4, starts, at, to - from);
    copyColumn(chunk, headBytes + count * 12 + from * 4, ends, at, to - from);
    for (let i = 0; i < to - from; i++) {
      offsets[at + i] = base + from + i;
      if (starts[at + i]! >= 0) starts[at + i]! += shift;
      ends[at + i]! += shift;
    }
    if (isKeyed) for (let i = from; i < to; i++) keys.push(keyOf(chunk, count, i));
    bodies.push(chunk.subarray(begin, bodyAt(chunk, count, to)));
    joined += bodies.at(-1)!.length;
    at += to - from;
  }
  const bytes = parts.length === 1 ? parts[0]!.chunk : Buffer.concat(bodies);
  const nextOffset = offsets[length - 1]! + 1;
  return { length, bytes, starts, ends, timestamps, offsets, keys: isKeyed ? keys : undefined, nextOffset };
}

/** Copies `count` entries of a column; the chunk may lie anywhere, so it can't be viewed as typed directly. */
function copyColumn(chunk: Buffer, from: number, to: Int32Array | Float64Array, at: number, count: number): void {
  const width = to.BYTES_PER_ELEMENT;
  new Uint8Array(to.buffer, at * width, count * width).set(chunk.subarray(from, from + count * width));
}

function keyOf(chunk: Buffer, count: number, i: number): Uint8Array | null {
  const end = chunk.readUInt32LE(4) === 1 ? chunk.readInt32LE(headBytes + count * 16 + i * 4) : -1;
  return end < 0 ? null : chunk.subarray(bodyAt(chunk, count, i), end);
}
