/**
 * Reads records into columns, in place and without an object per record. Lengths, times and offsets are zigzag varints;
 * headers are passed over. What frames the values is overwritten with zeros once it is read: then a batch's bytes are
 * ASCII when its texts are, and a decoder can check that for all of them at once.
 */
import type { MillraceError } from '../../../errors.ts';
import type { Columns } from './columns.ts';

/** Consecutive records of one batch, which lie from `from` to `to`. */
export interface RecordRun {
  readonly baseOffset: number;
  readonly baseTime: number;
  /** The one time of all records where the broker sets it, or -1. */
  readonly appendTime: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** What is read into columns: runs of one buffer. */
export interface Runs {
  readonly bytes: Buffer;
  readonly runs: readonly RecordRun[];
  /** Records below this offset are passed over. */
  readonly wanted: number;
  readonly broken: (offset: number) => MillraceError;
}

/** Reads all records of all runs. Throws what `broken` makes where they are malformed. */
export function fillColumns({ bytes, runs, wanted, broken }: Runs): Columns {
  let most = 0;
  for (const { count } of runs) most += count;
  const columns = {
    starts: new Int32Array(most),
    ends: new Int32Array(most),
    keyStarts: new Int32Array(most),
    keyEnds: new Int32Array(most),
    timestamps: new Float64Array(most),
    offsets: new Float64Array(most),
  };
  const reader = new RecordReader(bytes, wanted);
  let filled = 0;
  for (const run of runs) {
    filled = reader.read(run, columns, filled);
    if (reader.at !== run.to) throw broken(run.baseOffset);
  }
  return {
    bytes,
    keyed: reader.keyed,
    starts: columns.starts.subarray(0, filled),
    ends: columns.ends.subarray(0, filled),
    keyStarts: columns.keyStarts.subarray(0, filled),
    keyEnds: columns.keyEnds.subarray(0, filled),
    timestamps: columns.timestamps.subarray(0, filled),
    offsets: columns.offsets.subarray(0, filled),
  };
}

class RecordReader {
  at = 0;
  keyed = false;
  readonly #bytes: Buffer;
  readonly #wanted: number;

  constructor(bytes: Buffer, wanted: number) {
    this.#bytes = bytes;
    this.#wanted = wanted;
  }

  /** Fills the columns from `i` on; returns where it stopped. After malformed records `at` is not the run's end. */
  read(run: RecordRun, to: Omit<Columns, 'bytes' | 'keyed'>, i: number): number {
    const bytes = this.#bytes;
    this.at = run.from;
    for (let n = 0; n < run.count; n++) {
      const length = this.#varint();
      const end = this.at + length;
      if (length < 6 || end > run.to) return -1;
      bytes[this.at++] = 0;
      const time = this.#varint();
      const offset = run.baseOffset + this.#varint();
      const keyLength = this.#varint();
      const keyStart = this.at;
      if (keyLength > 0) this.at += keyLength;
      const keyEnd = this.at;
      const valueLength = this.#varint();
      const start = this.at;
      const valueEnd = valueLength > 0 ? start + valueLength : start;
      if (valueEnd >= end || keyLength < -1 || valueLength < -1) return -1;
      for (let at = valueEnd; at < end; at++) bytes[at] = 0;
      this.at = end;
      if (offset < this.#wanted) continue;
      to.offsets[i] = offset;
      to.timestamps[i] = run.appendTime < 0 ? run.baseTime + time : run.appendTime;
      to.starts[i] = valueLength < 0 ? -1 : start;
      to.ends[i] = valueEnd;
      to.keyStarts[i] = keyLength < 0 ? -1 : keyStart;
      to.keyEnds[i] = keyEnd;
      if (keyLength >= 0) this.keyed = true;
      i++;
    }
    return i;
  }

  /** Up to 2^53 either way: times may be far from the batch's first. */
  #varint(): number {
    const bytes = this.#bytes;
    const first = bytes[this.at]!;
    bytes[this.at++] = 0;
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let unit = 0x80; ; unit *= 0x80) {
      const byte = bytes[this.at]!;
      bytes[this.at++] = 0;
      value += (byte & 0x7f) * unit;
      if (!(byte >= 0x80)) break;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
