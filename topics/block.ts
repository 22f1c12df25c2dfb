/**
 * Many records of one partition in one buffer, for the implementations that keep their own log. A block is columns and
 * a body, so that a fetch copies columns and slices the body instead of making an object per record.
 *
 * Layout, little-endian: count u32, keyed u32, crc u32 of all that follows it, 0 u32, newest timestamp f64; then per
 * record timestamp f64, start i32 (-1 is a tombstone), end i32 and, if keyed, key end i32 (-1 is no key); then the
 * body: key and value of each record in turn. Starts and ends count from the begin of the block. A record's body begins
 * where its predecessor's ends. Headers are for readers outside of Millrace, which a log of our own lacks: not kept.
 */
import { crc32 } from 'node:zlib';
import type { FetchLimit, RecordBatch, TopicRecord } from './topics.ts';

const headBytes = 24;
const bodyLimit = 128 * 1024;
const recordLimit = 4096;

/** A block as it lies in the log: `base` is the offset of its first record. */
export interface StoredBlock {
  readonly base: number;
  readonly block: Buffer;
}

/** The records of one partition as blocks of bounded size, in order. */
export function encodeBlocks(records: readonly TopicRecord[]): readonly Buffer[] {
  const blocks: Buffer[] = [];
  let from = 0;
  let body = 0;
  records.forEach((record, i) => {
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
    if (i > from && (body + size > bodyLimit || i - from === recordLimit)) {
      blocks.push(encodeBlock(records.slice(from, i), body));
      from = i;
      body = 0;
    }
    body += size;
  });
  if (records.length > from) blocks.push(encodeBlock(records.slice(from), body));
  return blocks;
}

function encodeBlock(records: readonly TopicRecord[], body: number): Buffer {
  const count = records.length;
  const keyed = records.some((record) => record.key !== null);
  const bodyAt = headBytes + count * (keyed ? 20 : 16);
  const block = Buffer.alloc(bodyAt + body);
  block.writeUInt32LE(count, 0);
  block.writeUInt32LE(keyed ? 1 : 0, 4);
  let at = bodyAt;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const { key, value, timestamp } = records[i]!;
    if (timestamp > newest) newest = timestamp;
    block.writeDoubleLE(timestamp, headBytes + i * 8);
    if (key !== null) {
      block.set(key, at);
      at += key.length;
    }
    if (keyed) block.writeInt32LE(key === null ? -1 : at, headBytes + count * 16 + i * 4);
    block.writeInt32LE(value === null ? -1 : at, headBytes + count * 8 + i * 4);
    if (value !== null) {
      block.set(value, at);
      at += value.length;
    }
    block.writeInt32LE(at, headBytes + count * 12 + i * 4);
  }
  block.writeDoubleLE(newest, 16);
  block.writeUInt32LE(crc32(block.subarray(12)), 8);
  return block;
}

/** How many records the block holds. */
export function countOf(block: Buffer): number {
  return block.readUInt32LE(0);
}

/** The newest timestamp of the block's records. */
export function newestOf(block: Buffer): number {
  return block.readDoubleLE(16);
}

/** Whether the block is as it was written. */
export function isIntact(block: Buffer): boolean {
  return block.length >= headBytes && crc32(block.subarray(12)) === block.readUInt32LE(8);
}

interface Part extends StoredBlock {
  readonly count: number;
  /** Records taken: from index `from` to before `to`. */
  readonly from: number;
  readonly to: number;
}

/** The records from `offset` on, within the limit; the first block holds `offset`, the others follow it. */
export function readBlocks(blocks: Iterable<StoredBlock>, offset: number, limit: FetchLimit): RecordBatch {
  const parts: Part[] = [];
  let records = limit.maxRecords;
  let bytes = limit.maxBytes;
  for (const { base, block } of blocks) {
    const count = countOf(block);
    const from = Math.max(0, offset - base);
    const begin = bodyAt(block, count, from);
    let to = Math.min(count, from + records);
    while (to > from && endAt(block, count, to - 1) - begin > bytes)
      to = lastWithin({ block, count, from, to }, begin + bytes);
    if (to === from && parts.length === 0) to = from + 1;
    if (to > from) parts.push({ base, block, count, from, to });
    records -= to - from;
    bytes -= bodyAt(block, count, to) - begin;
    if (to < count || records <= 0 || bytes <= 0) break;
  }
  return assemble(parts);
}

/** The index behind the last record that ends at or before `end`, by bisection. */
function lastWithin(range: { block: Buffer; count: number; from: number; to: number }, end: number): number {
  let low = range.from;
  let high = range.to - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endAt(range.block, range.count, middle) <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}

function endAt(block: Buffer, count: number, i: number): number {
  return block.readInt32LE(headBytes + count * 12 + i * 4);
}

/** Where the body of record `i` begins. */
function bodyAt(block: Buffer, count: number, i: number): number {
  return i > 0 ? endAt(block, count, i - 1) : headBytes + count * (block.readUInt32LE(4) === 1 ? 20 : 16);
}

/** One part keeps its block as the batch's buffer; several are joined. */
function assemble(parts: readonly Part[]): RecordBatch {
  let length = 0;
  for (const part of parts) length += part.to - part.from;
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  const timestamps = new Float64Array(length);
  const offsets = new Float64Array(length);
  const bodies: Buffer[] = [];
  const keys: (Uint8Array | null)[] = [];
  const isKeyed = parts.some((part) => part.block.readUInt32LE(4) === 1);
  let at = 0;
  let joined = 0;
  for (const part of parts) {
    const { block, count, from, to, base } = part;
    const begin = bodyAt(block, count, from);
    const shift = parts.length === 1 ? 0 : joined - begin;
    const end = at + to - from;
    copyColumn(block, headBytes + from * 8, timestamps.subarray(at, end));
    copyColumn(block, headBytes + count * 8 + from * 4, starts.subarray(at, end));
    copyColumn(block, headBytes + count * 12 + from * 4, ends.subarray(at, end));
    for (let i = 0; i < to - from; i++) {
      offsets[at + i] = base + from + i;
      if (starts[at + i]! >= 0) starts[at + i]! += shift;
      ends[at + i]! += shift;
    }
    if (isKeyed) for (let i = from; i < to; i++) keys.push(keyOf(block, count, i));
    bodies.push(block.subarray(begin, bodyAt(block, count, to)));
    joined += bodies.at(-1)!.length;
    at += to - from;
  }
  const bytes = parts.length === 1 ? parts[0]!.block : Buffer.concat(bodies);
  const nextOffset = offsets[length - 1]! + 1;
  return { length, bytes, starts, ends, timestamps, offsets, keys: isKeyed ? keys : undefined, nextOffset };
}

/** Fills `to` from a column; the block may lie anywhere in memory, so it can't be viewed as typed directly. */
function copyColumn(block: Buffer, from: number, to: Int32Array | Float64Array): void {
  new Uint8Array(to.buffer, to.byteOffset, to.byteLength).set(block.subarray(from, from + to.byteLength));
}

function keyOf(block: Buffer, count: number, i: number): Uint8Array | null {
  const end = block.readUInt32LE(4) === 1 ? block.readInt32LE(headBytes + count * 16 + i * 4) : -1;
  return end < 0 ? null : block.subarray(bodyAt(block, count, i), end);
}
