/** What reading files gives and how far it has come. */
import type { Head } from './head.ts';

/** Where reading a split has come to; plain JSON. */
export type FilePosition = {
  /** The file's latest known name. */
  readonly path: string;
  /** Of the first byte not delivered. */
  readonly offset: number;
  /** Counts how often the file began again from its first byte. */
  readonly generation: number;
  readonly head: Head;
  /** A line that is too long and not yet read to its end: where it begins, and its first bytes in base64. */
  readonly long: { readonly start: number; readonly sample: string } | null;
  /** Whether the split was read to its end. */
  readonly ended: boolean;
  /** Whether the file was seen to be no more, so that what has its inode now is another one. */
  readonly gone?: boolean;
  /** When the file was made, in ns since the epoch; left out where the filesystem does not tell. */
  readonly born?: string;
};

/**
 * What could not be delivered: a line that is too long, with its length and its first bytes (1 KiB at most); what is
 * known to have stood behind `offset` in a file that was cut; or whatever stood behind it in a file that vanished, or
 * was replaced, before it was read to its end.
 */
export interface SkippedLine {
  readonly reason: 'line-too-long' | 'file-cut' | 'file-gone';
  readonly offset: number;
  readonly bytes: number;
  readonly sample: Buffer;
}

/** Lines as columns: line `i` is `bytes[starts[i] … ends[i])`, at byte `origin + starts[i]` of its file. */
export interface LineBatch {
  readonly length: number;
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly origin: number;
  readonly refused: readonly SkippedLine[];
  readonly next: FilePosition;
  /** Nothing will follow. */
  readonly ended: boolean;
}

const noBytes = Buffer.alloc(0);
const noLines = new Int32Array(0);

/** The position before the first byte of the file at `path`. */
export function startOf(path: string): FilePosition {
  return { path, offset: 0, generation: 0, head: { bytes: 0, hash: '' }, long: null, ended: false };
}

/** A batch without lines that ends before `next`. */
export function emptyBatch(next: FilePosition, refused: readonly SkippedLine[] = []): LineBatch {
  const { offset: origin, ended } = next;
  return { length: 0, bytes: noBytes, starts: noLines, ends: noLines, origin, refused, next, ended };
}

/** The end of a split whose file is not there any more; if it had not been read to its end, a refusal reports that. */
export function goneBatch(position: FilePosition): LineBatch {
  return emptyBatch({ ...position, ended: true }, position.ended ? [] : [lostAt(position)]);
}

/** That whatever stood behind a position is gone. */
export const lostAt = ({ offset }: FilePosition): SkippedLine => {
  return { reason: 'file-gone', offset, bytes: 0, sample: noBytes };
};
