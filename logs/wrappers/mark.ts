/**
 * Where a wrapper in front of a line was found.
 */
import type { TimestampScanner } from '../times/timestamps.ts';

/** Where a wrapper names the stream that a line is of, if it does; one is used over and over. */
export interface Mark {
  readonly scanner: TimestampScanner;
  /** Where the wrapper begins that was found last. */
  start: number;
  nameStart: number;
  nameEnd: number;
  /** Where the line goes on behind the wrapper that was found last. */
  end: number;
}

/** Working space of who looks for wrappers. */
export const newMark = (scanner: TimestampScanner): Mark => ({ scanner, start: 0, nameStart: 0, nameEnd: 0, end: 0 });
