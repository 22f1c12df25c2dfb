/** Records as columns, cut without copying; keys become objects only when they are asked for. */
import type { RecordBatch, RefusedBatch } from '../../topics.ts';

/** One entry per record; a start of -1 is a tombstone, a key start of -1 no key. */
export interface Columns {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly keyStarts: Int32Array;
  readonly keyEnds: Int32Array;
  readonly timestamps: Float64Array;
  readonly offsets: Float64Array;
  readonly keyed: boolean;
}

/** Columns as a batch of the port's contract. */
export class ColumnBatch implements RecordBatch {
  readonly #columns: Columns;
  readonly nextOffset: number;
  readonly refused: readonly RefusedBatch[];
  #keys: readonly (Uint8Array | null)[] | undefined;

  constructor(columns: Columns, nextOffset: number, refused: readonly RefusedBatch[] = []) {
    this.#columns = columns;
    this.refused = refused;
    this.nextOffset = nextOffset;
  }

  get length(): number {
    return this.#columns.starts.length;
  }

  get bytes(): Buffer {
    return this.#columns.bytes;
  }

  get starts(): Int32Array {
    return this.#columns.starts;
  }

  get ends(): Int32Array {
    return this.#columns.ends;
  }

  get timestamps(): Float64Array {
    return this.#columns.timestamps;
  }

  get offsets(): Float64Array {
    return this.#columns.offsets;
  }

  get keys(): readonly (Uint8Array | null)[] | undefined {
    const { keyed, keyStarts, keyEnds, bytes } = this.#columns;
    if (!keyed) return undefined;
    return (this.#keys ??= Array.from(keyStarts, (start, i) => (start < 0 ? null : bytes.subarray(start, keyEnds[i]))));
  }
}

/** Records `from` up to `to`. The bytes are narrowed to them, so that looking at all bytes costs what the records do. */
export function slice(columns: Columns, from: number, to: number): Columns {
  if (from === 0 && to === columns.starts.length) return columns;
  const low = from === 0 ? 0 : columns.ends[from - 1]!;
  const high = columns.ends[to - 1]!;
  const keyStarts = rebased(columns.keyStarts.subarray(from, to), low);
  return {
    bytes: columns.bytes.subarray(low, high),
    starts: rebased(columns.starts.subarray(from, to), low),
    ends: rebased(columns.ends.subarray(from, to), low),
    keyStarts,
    keyEnds: rebased(columns.keyEnds.subarray(from, to), low),
    timestamps: columns.timestamps.subarray(from, to),
    offsets: columns.offsets.subarray(from, to),
    keyed: columns.keyed && keyStarts.some((start) => start >= 0),
  };
}

/** The entries less `low`; those below zero stay. */
function rebased(entries: Int32Array, low: number): Int32Array {
  const copy = entries.slice();
  for (let i = 0; i < copy.length; i++) if (copy[i]! >= 0) copy[i]! -= low;
  return copy;
}
