/**
 * Reads the record batches (format v2) of one partition, as a fetch returns them, into columns.
 * Source: https://kafka.apache.org/documentation/#recordbatch.
 *
 * Which batches are data: control batches never are; those of a producer whose transaction was aborted are not, from
 * the transaction's first offset to its abort marker (KIP-98). A batch cut short at the end is left for the next fetch.
 */

import { TooLarge } from '../../../codecs/too-large.ts';
import { MillraceError, reasonOf } from '../../../errors.ts';
import type { RefusedBatch, TopicPartition } from '../../topics.ts';
import type { Columns } from './columns.ts';
import { decompress, uncompressed } from './compression.ts';
import { crc32c } from './crc32c.ts';
import type { AbortedTransaction } from './fetch.ts';
import { Gathering } from './lz4.ts';
import { fillColumns, type RecordRun } from './records.ts';

export interface FetchedRecords extends TopicPartition {
  /** Record batches, the last of which may be cut short. They are overwritten. */
  readonly records: Buffer;
  readonly aborted: readonly AbortedTransaction[];
  /** Records below it are passed over: a batch begins where it began when it was written. */
  readonly wanted: number;
}

export interface DecodedRecords {
  readonly columns: Columns;
  /** Behind the last whole batch, or `wanted` where there is none; where more parts follow, where the next begins. */
  readonly nextOffset: number;
  /** Batches that are passed over. */
  readonly refused: readonly RefusedBatch[];
  /** Whether no more parts follow. */
  readonly isLast: boolean;
}

const headBytes = 61;
const controlFlag = 0x20;
const transactionalFlag = 0x10;
const appendTimeFlag = 0x08;
const codecBits = 0x07;
const abortMarker = 0;

/** A batch may make so much memory: far more than clients put into one, which is a megabyte or so. */
export const mostInflated = 64 << 20;
/** A part of compressed batches ends when it is as large as this. */
const partBytes = 16 << 20;

/**
 * Decodes all batches, in parts where they are compressed: a response holds many. A batch that would make more than 64
 * MiB is refused. Errors: RECORD_BATCH_BROKEN.
 */
export function* decodeBatches(fetched: FetchedRecords): Generator<DecodedRecords, undefined> {
  const { records, wanted } = fetched;
  const transactions = [...fetched.aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  const aborted = new Set<number>();
  const batches: number[] = [];
  let [at, nextOffset] = [0, wanted];
  while (at + headBytes <= records.length) {
    const end = endOf(records, at);
    if (end > records.length) break;
    verify(fetched, at, end);
    const attributes = records.readInt16BE(at + 21);
    const producer = int64(records, at + 43);
    const lastOffset = int64(records, at) + records.readInt32BE(at + 23);
    while (transactions.length > 0 && transactions.at(-1)!.firstOffset <= lastOffset) {
      aborted.add(transactions.pop()!.producerId);
    }
    if (attributes & controlFlag) {
      if (markerType(records, at + headBytes) === abortMarker) aborted.delete(producer);
      records.fill(0, at, end);
    } else if (lastOffset < wanted || (attributes & transactionalFlag && aborted.has(producer))) {
      records.fill(0, at, end);
    } else batches.push(at);
    nextOffset = Math.max(nextOffset, lastOffset + 1);
    at = end;
  }
  if (batches.every((batch) => codecOf(records, batch) === uncompressed)) {
    yield { columns: plainColumns(fetched, batches, at), refused: [], nextOffset, isLast: true };
    return;
  }
  for (let from = 0; from < batches.length; ) {
    const part = inflated(fetched, batches, from);
    from = part.next;
    const isLast = from === batches.length;
    yield { ...part, isLast, nextOffset: isLast ? nextOffset : int64(records, batches[from]!) };
  }
}

/** Where the last whole batch leads to, and its leader's epoch: enough to ask for more before anything is decoded. */
export function lastBatch(records: Buffer): { readonly nextOffset: number; readonly epoch: number } | undefined {
  let [at, last] = [0, -1];
  while (at + headBytes <= records.length) {
    const end = endOf(records, at);
    if (end > records.length) break;
    last = at;
    // An impossible length is found out when it is decoded.
    if (end < at + headBytes) break;
    at = end;
  }
  if (last < 0) return undefined;
  const nextOffset = int64(records, last) + records.readInt32BE(last + 23) + 1;
  return { nextOffset, epoch: records.readInt32BE(last + 12) };
}

function verify(fetched: FetchedRecords, at: number, end: number): void {
  const { records } = fetched;
  if (end < at + headBytes) throw broken(fetched, at, 'its length is impossible');
  if (records[at + 16] !== 2) throw broken(fetched, at, `its format is ${records[at + 16]}, not 2`);
  if (crc32c(records, at + 21, end) !== records.readUInt32BE(at + 17))
    throw broken(fetched, at, 'its checksum differs');
}

/** The records of batches without compression, read in the response. */
function plainColumns(fetched: FetchedRecords, batches: readonly number[], end: number): Columns {
  const { records, wanted } = fetched;
  const runs = batches.map((batch) => {
    const run = runOf(fetched, batch, { from: batch + headBytes, to: endOf(records, batch) });
    records.fill(0, batch, run.from);
    return run;
  });
  return fillColumns({ bytes: records.subarray(0, end), runs, wanted, broken: nearby(fetched) });
}

/** The records of batches from number `next` on, put together until they are a part. */
function inflated(fetched: FetchedRecords, batches: readonly number[], next: number) {
  const { records, wanted } = fetched;
  gathering.clear();
  const runs: RecordRun[] = [];
  const refused: RefusedBatch[] = [];
  for (; next < batches.length && gathering.length < partBytes; next++) {
    const batch = batches[next]!;
    const from = gathering.length;
    const bytes = records.subarray(batch + headBytes, endOf(records, batch));
    try {
      decompress({ codec: codecOf(records, batch), bytes, most: mostInflated }, gathering);
    } catch (cause) {
      if (!(cause instanceof TooLarge)) throw broken(fetched, batch, reasonOf(cause));
      refused.push(tooLarge(fetched, batch));
      continue;
    }
    runs.push(runOf(fetched, batch, { from, to: gathering.length }));
  }
  const columns = fillColumns({ bytes: gathering.take(), runs, wanted, broken: nearby(fetched) });
  return { columns, refused, next };
}

function tooLarge({ topic, partition, records }: FetchedRecords, at: number): RefusedBatch {
  const offset = int64(records, at);
  const last = offset + records.readInt32BE(at + 23);
  const detail = { topic, partition, offset, last, bytes: endOf(records, at) - at, limit: mostInflated };
  return { offset, timestamp: int64(records, at + 27), error: new MillraceError('RECORD_BATCH_TOO_LARGE', detail) };
}

const nearby = (fetched: FetchedRecords) => (offset: number) =>
  broken(fetched, -1, `a record near offset ${offset} is malformed`);

/** One for all partitions: it holds nothing between two calls. */
const gathering = new Gathering();

function runOf(fetched: FetchedRecords, at: number, { from, to }: { from: number; to: number }): RecordRun {
  const { records } = fetched;
  const count = records.readInt32BE(at + 57);
  // A record takes seven bytes at least: a count that can't be true is refused before memory is taken.
  if (count < 0 || count * 7 > to - from) throw broken(fetched, at, `it can't hold ${count} records`);
  const hasAppendTime = records.readInt16BE(at + 21) & appendTimeFlag;
  const appendTime = hasAppendTime ? int64(records, at + 35) : -1;
  return { baseOffset: int64(records, at), baseTime: int64(records, at + 27), appendTime, count, from, to };
}

const endOf = (records: Buffer, at: number): number => at + 12 + records.readInt32BE(at + 8);
const codecOf = (records: Buffer, at: number): number => records.readInt16BE(at + 21) & codecBits;

/** The type in a control record's key, behind four varints, the attributes and the key's version. */
function markerType(records: Buffer, at: number): number {
  at = skipVarint(records, at) + 1;
  for (let i = 0; i < 3; i++) at = skipVarint(records, at);
  return records.readInt16BE(at + 2);
}

function skipVarint(bytes: Buffer, at: number): number {
  while (bytes[at]! >= 0x80) at++;
  return at + 1;
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

function broken({ topic, partition, records, wanted }: FetchedRecords, at: number, reason: string): MillraceError {
  const offset = at < 0 ? wanted : int64(records, at);
  return new MillraceError('RECORD_BATCH_BROKEN', { topic, partition, offset, reason });
}
