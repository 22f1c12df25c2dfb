/** Finds lines in a buffer as columns of positions, without an object per line. */

/** Lines of one buffer: line `i` is `bytes[starts[i] … ends[i])`, without its end of line. */
export interface Lines {
  readonly length: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Where the first line that was not taken begins. */
  readonly next: number;
  /** Whether that line is known to be longer than allowed. */
  readonly long: boolean;
}

/** Where to look and when to stop. */
export interface LineLimit {
  readonly from: number;
  readonly to: number;
  readonly maxLines: number;
  /** Bytes of a line without its end; a longer one stops the search before it. */
  readonly maxLineBytes: number;
}

/**
 * The complete lines of `bytes[from … to)`. Ends of line are `\n` and `\r\n`.
 *
 * @example
 * splitLines(Buffer.from('ab\r\nc\nd'), { from: 0, to: 7, maxLines: 10, maxLineBytes: 10 }).ends.join() // => '2,5'
 */
export function splitLines(bytes: Buffer, { from, to, maxLines, maxLineBytes }: LineLimit): Lines {
  // Lines of a log have some hundred bytes: a first guess that rarely needs to grow.
  let starts = new Int32Array(Math.min(maxLines, ((to - from) >> 6) + 16));
  let ends = new Int32Array(starts.length);
  let length = 0;
  let next = from;
  let long = false;
  while (length < maxLines) {
    const newline = bytes.indexOf(10, next);
    if (newline < 0 || newline >= to) {
      long = to - next > maxLineBytes + 1;
      break;
    }
    const end = newline > next && bytes[newline - 1] === 13 ? newline - 1 : newline;
    if (end - next > maxLineBytes) {
      long = true;
      break;
    }
    if (length === starts.length) {
      starts = grown(starts, maxLines);
      ends = grown(ends, maxLines);
    }
    starts[length] = next;
    ends[length++] = end;
    next = newline + 1;
  }
  return { length, starts: starts.subarray(0, length), ends: ends.subarray(0, length), next, long };
}

function grown(column: Int32Array<ArrayBuffer>, limit: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.min(limit, column.length * 2));
  larger.set(column);
  return larger;
}
