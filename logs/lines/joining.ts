/**
 * The rules by which lines are joined to events: whether a line begins an event or continues the one before it.
 * `LineJoiner` describes them. What is known of a source is a plain object beside the rules, so that one set of rules
 * serves many sources and that knowledge can be stored.
 */
import { TimestampScanner } from '../times/timestamps.ts';
import { plainText } from '../wrappers/ansi.ts';
import { type Beginning, beginningOf, type EventHead } from './beginning.ts';
import { LineContent } from './content.ts';

/** What is known of a source: of the event that is open, and of how its events begin. Plain JSON. */
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
  begins(line: string, joining: Joining): boolean {
    line = plainText(line);
    const content = this.#content;
    content.read(line);
    const apart = joining.lines === 0 || content.stream !== joining.stream;
    let begins = apart || !this.#mustContinue(line, joining);
    if (begins) begins = this.#opens(line, joining) || apart;
    if (!begins && (joining.lines >= this.#maxLines || joining.length + line.length > this.#maxLength)) {
      begins = true;
      joining.layout = 'unknown';
      joining.quoted = joining.csv = false;
    }
    if (joining.csv) joining.quoted = joining.quoted !== oddQuotes(line);
    joining.cut = content.cut;
    joining.lines = begins ? 1 : joining.lines + 1;
    joining.length = begins ? line.length : joining.length + line.length;
    if (begins) joining.stream = content.stream;
    return begins;
  }

  /**
   * Notes that the next line begins an event, where a parser has found that it is a whole one, like the open event and
   * of the same stream; false if that has to be looked at: behind parts of lines, in fields that may still be open and
   * for the first events of a source.
   */
  beginsAlike(line: string, joining: Joining): boolean {
    const { lines, layout, record, cut, stream, csv, remarks } = joining;
    if (lines === 0 || (layout === 'unknown' && !record) || cut !== 'no' || stream !== '' || csv || remarks)
      return false;
    joining.lines = 1;
    joining.length = line.length;
    joining.trace = 'none';
    return true;
  }

  /** The open event of a source is over, whatever may come. */
  end(joining: Joining): void {
    joining.lines = joining.length = 0;
    joining.cut = 'no';
    joining.quoted = joining.csv = joining.remarks = false;
    joining.trace = 'none';
  }

  /** Whether the line before was cut or ended inside quotes. Where a cut is only likely, a time proves it wrong. */
  #mustContinue(line: string, { csv, quoted, cut }: Joining): boolean {
    if (csv && quoted) return true;
    return cut === 'yes' || (cut === 'likely' && !this.#scanner.scan(line, this.#content.start));
  }

  /** Whether the line looks like the beginning of an event. */
  #opens(line: string, joining: Joining): boolean {
    const { start, end } = this.#content;
    const beginning = beginningOf({ line, start, end, layout: joining.layout, scanner: this.#scanner });
    const opens = judge(beginning, joining);
    if (opens) {
      joining.csv = beginning === 'csv';
      joining.quoted = false;
      joining.remarks = beginning === 'remark';
      joining.indented = beginning === 'indented time';
      joining.record = beginning === 'record';
      if (beginning !== 'traceback' && beginning !== 'crash') joining.trace = 'none';
    } else if (beginning !== 'remark') joining.remarks = false;
    return opens;
  }
}

function judge(beginning: Beginning, joining: Joining): boolean {
  switch (beginning) {
    case 'time':
    case 'csv':
      joining.layout = 'time';
      return true;
    case 'inner time':
      joining.layout = 'inner';
      return true;
    case 'indented time':
      return joining.indented || joining.layout === 'unknown';
    case 'record':
      return true;
    case 'remark':
      if (joining.layout === 'unknown') joining.layout = 'remark';
      return !joining.remarks;
    case 'crash':
      joining.trace = 'go';
      return true;
    case 'blank':
    case 'continuation':
      return false;
    case 'goroutine':
      joining.trace = 'go';
      return false;
    case 'frame':
      return joining.layout === 'unknown' && joining.trace !== 'go';
    case 'traceback':
      // A program that names the error first has begun the event; a bare traceback begins its own.
      return enterTraceback(joining);
    case 'other':
      return judgeOther(joining);
  }
}

function enterTraceback(joining: Joining): boolean {
  const inside = joining.trace === 'python' || joining.trace === 'python, chained' || joining.layout !== 'unknown';
  joining.trace = 'python';
  return !inside;
}

/** A line that shows nothing: it continues an event of a source whose events begin with something. */
function judgeOther(joining: Joining): boolean {
  if (joining.record) return true;
  if (joining.layout !== 'unknown') return false;
  if (joining.trace !== 'python') return true;
  // The line that ends a traceback names the exception.
  joining.trace = 'python, chained';
  return false;
}

function oddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
