import { TimestampScanner } from '../times/timestamps.ts';
import { type Beginning, beginningOf, type Layout } from './beginning.ts';
import { LineContent } from './content.ts';

/**
 * Tells lines that begin an event from lines that go on with the one before; `LineJoiner` (multiline.ts) says by what.
 * What is known of a source is a plain object beside the rules, so that one set of rules serves many sources and what
 * is known can be stored.
 */

/** What is known of a source: of the event that is open, and of how its events begin. Plain JSON. */
export interface Joining {
  /** Lines and characters of the open event; none when no event is open. */
  lines: number;
  length: number;
  /** How events of this source begin, as far as known. */
  layout: Layout;
  /** Whether the last line was cut, and how that was known. */
  cut: LineContent['cut'];
  stream: string;
  /** Inside a quoted field: an odd number of quotes so far. */
  quoted: boolean;
  csv: boolean;
  trace: 'none' | 'python' | 'python, chained' | 'go';
  /** Whether the event consists of nothing but lines that begin with `#`. */
  remarks: boolean;
  indented: boolean;
  /** Whether the event is a whole record already, to which no text belongs. */
  record: boolean;
}

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
});

/** The rules. Keeps nothing between two calls. */
export class LineJoining {
  readonly #maxLines: number;
  readonly #maxLength: number;
  readonly #scanner = new TimestampScanner('UTC');
  readonly #content = new LineContent();

  /** `maxLines` and `maxLength` (characters) bound an event. */
  constructor({ maxLines, maxLength }: { readonly maxLines: number; readonly maxLength: number }) {
    this.#maxLines = maxLines;
    this.#maxLength = maxLength;
  }

  /** Whether an event begins with the next line of a source; changes what is known of the source in place. */
  begins(line: string, of: Joining): boolean {
    const content = this.#content;
    content.look(line);
    const apart = of.lines === 0 || content.stream !== of.stream;
    let begins = apart || !this.#mustContinue(line, of);
    if (begins) begins = this.#opens(line, of) || apart;
    if (!begins && (of.lines >= this.#maxLines || of.length + line.length > this.#maxLength)) {
      begins = true;
      of.layout = 'unknown';
      of.quoted = of.csv = false;
    }
    if (of.csv) of.quoted = of.quoted !== oddQuotes(line);
    of.cut = content.cut;
    of.lines = begins ? 1 : of.lines + 1;
    of.length = begins ? line.length : of.length + line.length;
    if (begins) of.stream = content.stream;
    return begins;
  }

  /**
   * Notes that the next line begins an event, where a parser has found that it is a whole one, like the open event and
   * of the same stream; false if that has to be looked at: behind pieces of lines, in fields that may still be open and
   * for the first events of a source.
   */
  beginsAlike(line: string, of: Joining): boolean {
    const { lines, layout, record, cut, stream, csv, remarks } = of;
    if (lines === 0 || (layout === 'unknown' && !record) || cut !== 'no' || stream !== '' || csv || remarks)
      return false;
    of.lines = 1;
    of.length = line.length;
    of.trace = 'none';
    return true;
  }

  /** The open event of a source is over, whatever may come. */
  end(of: Joining): void {
    of.lines = of.length = 0;
    of.cut = 'no';
    of.quoted = of.csv = of.remarks = false;
    of.trace = 'none';
  }

  /** Whether the line before was cut or ended inside quotes. Where a cut is only likely, a time proves it wrong. */
  #mustContinue(line: string, { csv, quoted, cut }: Joining): boolean {
    if (csv && quoted) return true;
    return cut === 'yes' || (cut === 'likely' && !this.#scanner.scan(line, this.#content.start));
  }

  /** Whether the line looks like the beginning of an event. */
  #opens(line: string, of: Joining): boolean {
    const { start, end } = this.#content;
    const beginning = beginningOf({ line, start, end, layout: of.layout, scanner: this.#scanner });
    const opens = judge(beginning, of);
    if (opens) {
      of.csv = beginning === 'csv';
      of.quoted = false;
      of.remarks = beginning === 'remark';
      of.indented = beginning === 'indented time';
      of.record = beginning === 'record';
      if (beginning !== 'traceback' && beginning !== 'cry') of.trace = 'none';
    } else if (beginning !== 'remark') of.remarks = false;
    return opens;
  }
}

function judge(beginning: Beginning, of: Joining): boolean {
  switch (beginning) {
    case 'time':
    case 'csv':
      of.layout = 'time';
      return true;
    case 'inner time':
      of.layout = 'inner';
      return true;
    case 'indented time':
      return of.indented || of.layout === 'unknown';
    case 'record':
      return true;
    case 'remark':
      if (of.layout === 'unknown') of.layout = 'remark';
      return !of.remarks;
    case 'cry':
      of.trace = 'go';
      return true;
    case 'blank':
    case 'continuation':
      return false;
    case 'goroutine':
      of.trace = 'go';
      return false;
    case 'frame':
      return of.layout === 'unknown' && of.trace !== 'go';
    case 'traceback':
      // A program that names the error first has begun the event; a bare traceback begins its own.
      return enterTraceback(of);
    case 'other':
      return judgeOther(of);
  }
}

function enterTraceback(of: Joining): boolean {
  const inside = of.trace === 'python' || of.trace === 'python, chained' || of.layout !== 'unknown';
  of.trace = 'python';
  return !inside;
}

/** A line that shows nothing: it continues an event of a source whose events begin with something. */
function judgeOther(of: Joining): boolean {
  if (of.record) return true;
  if (of.layout !== 'unknown') return false;
  if (of.trace !== 'python') return true;
  // The line that ends a traceback names the exception.
  of.trace = 'python, chained';
  return false;
}

function oddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
