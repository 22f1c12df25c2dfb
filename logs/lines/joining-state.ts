/**
 * What is kept of a source between two of its lines: of the event that is open, and of how its events begin. Plain
 * JSON, stored with the job. What came later than the first version is optional.
 */
import type { Separator } from '../layouts/cells.ts';
import type { EventHead } from './beginning.ts';
import type { LineContent } from './content.ts';

/** What is known of a source. */
export interface Joining {
  /** Lines and characters of the open event; none when no event is open. */
  lines: number;
  length: number;
  /** How events of this source begin, as far as known. */
  layout: EventHead;
  /** Whether the last line was cut, and how that was known. */
  cut: LineContent['cut'];
  stream: string;
  /** Inside a quoted field: an odd number of quotes so far. */
  quoted: boolean;
  csv: boolean;
  /** Which trace is open, and how far it has come. */
  trace: TraceState;
  /** Whether the event consists of nothing but lines that begin with `#`. */
  remarks: boolean;
  indented: boolean;
  /** Whether the event is a whole record already, to which no text belongs. */
  record: boolean;
  /** Whether plain text goes on with the event, because the lines before asked for it. */
  block?: boolean;
  /** Whether the source has written events that begin with plain text. */
  mixed?: boolean;
  /** Of a source that named its columns: what separates its cells, how many a line has, whether it may have more. */
  table?: { readonly separator: Separator; readonly cells: number; readonly isOpen: boolean };
}

/**
 * A traceback of Python waits for the line that names the exception (`python`), has had it (`python, chained`), or has
 * been linked to another that follows (`python, linked`). What was `announced` stands on the next line.
 */
export type TraceState = 'none' | 'python' | 'python, chained' | 'python, linked' | 'go' | 'announced' | 'sanitizer';

/** Nothing known, no event open. */
export const newJoining = (): Joining => ({
  lines: 0,
  length: 0,
  layout: 'unknown',
  cut: 'no',
  stream: '',
  quoted: false,
  csv: false,
  trace: 'none',
  remarks: false,
  indented: false,
  record: false,
  block: false,
  mixed: false,
});
