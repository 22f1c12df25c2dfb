import { type Beginning, beginningOf, type Layout } from './line-beginning.ts';
import { LineContent } from './line-content.ts';
import { TimestampScanner } from './timestamps.ts';

/**
 * Joins the lines of one source to events: stack traces, SQL statements and other texts of several lines to the line
 * that brings them. The joiner learns how events of its source begin: with a time at the start, with a time further
 * on, or with none. From then on a line that does not begin so continues the event before it; blank and indented
 * lines, and the words that runtimes put into their traces, continue it anyhow. Lines inside a quoted field of
 * PostgreSQL's csvlog and pieces that a container runtime cut belong together whatever they look like. An event that
 * reaches the bound is given up as it is, and what was learnt with it: the source may have changed its ways.
 *
 * Events are contiguous: joined again they are the input. A joiner waits for the line that ends an event; how long a
 * caller waits for it before `flush` is the caller's business.
 *
 * State: the lines of the event that is not complete yet, and what was learnt.
 *
 * @example
 * const joiner = new LineJoiner()
 * joiner.push('2026-01-29 08:51:24 ERROR no stock') // => null
 * joiner.push('java.lang.IllegalStateException: none left') // => null
 * joiner.push('\tat shop.Cart.add(Cart.java:12)') // => null
 * joiner.push('2026-01-29 08:51:25 INFO next')?.length // => 3
 * joiner.flush() // => ['2026-01-29 08:51:25 INFO next']
 */
export class LineJoiner {
  readonly #maxLines: number;
  readonly #maxLength: number;
  readonly #scanner = new TimestampScanner('UTC');
  readonly #content = new LineContent();
  #lines: string[] = [];
  #length = 0;
  /** How events of this source begin, as far as known. */
  #layout: Layout = 'unknown';
  /** Whether the last line was cut, and how that was known. */
  #cut: LineContent['cut'] = 'no';
  #stream = '';
  /** Inside a quoted field: an odd number of quotes so far. */
  #quoted = false;
  #csv = false;
  #trace: Trace = 'none';
  /** Whether the event consists of nothing but lines that begin with `#`. */
  #remarks = false;
  #indented = false;
  /** Whether the event is a whole record already, to which no text belongs. */
  #record = false;

  /** `maxLines` and `maxLength` (characters) bound an event; 500 lines and a million characters unless given. */
  constructor({
    maxLines = 500,
    maxLength = 1 << 20,
  }: { readonly maxLines?: number; readonly maxLength?: number } = {}) {
    this.#maxLines = maxLines;
    this.#maxLength = maxLength;
  }

  /** Takes a line without its end; returns the lines of the event that it completes, or null. */
  push(line: string): readonly string[] | null {
    const content = this.#content;
    content.look(line);
    const empty = this.#lines.length === 0;
    const apart = empty || content.stream !== this.#stream;
    let begins = apart || !this.#mustContinue(line);
    if (begins) begins = this.#begins(line) || apart;
    const full = this.#lines.length >= this.#maxLines || this.#length + line.length > this.#maxLength;
    if (!begins && full) {
      begins = true;
      this.#layout = 'unknown';
      this.#quoted = this.#csv = false;
    }
    if (this.#csv) this.#quoted = this.#quoted !== oddQuotes(line);
    this.#cut = content.cut;
    if (!begins) {
      this.#lines.push(line);
      this.#length += line.length;
      return null;
    }
    const complete = empty ? null : this.#lines;
    this.#lines = [line];
    this.#length = line.length;
    this.#stream = content.stream;
    return complete;
  }

  /** The lines of the event that is waiting for more, which thereby is complete; null when there is none. */
  flush(): readonly string[] | null {
    if (this.#lines.length === 0) return null;
    const complete = this.#lines;
    this.#lines = [];
    this.#length = 0;
    this.#cut = 'no';
    this.#quoted = this.#csv = this.#remarks = false;
    this.#trace = 'none';
    return complete;
  }

  /** Whether the line before was cut or ended inside quotes. Where a cut is only likely, a time proves it wrong. */
  #mustContinue(line: string): boolean {
    if (this.#csv && this.#quoted) return true;
    return this.#cut === 'yes' || (this.#cut === 'likely' && !this.#scanner.scan(line, this.#content.start));
  }

  /** Whether an event begins with this line; learns from it. */
  #begins(line: string): boolean {
    const { start, end } = this.#content;
    const beginning = beginningOf({ line, start, end, layout: this.#layout, scanner: this.#scanner });
    const begins = this.#judge(beginning);
    if (begins) {
      this.#csv = beginning === 'csv';
      this.#quoted = false;
      this.#remarks = beginning === 'remark';
      this.#indented = beginning === 'indented time';
      this.#record = beginning === 'record';
      if (beginning !== 'traceback' && beginning !== 'cry') this.#trace = 'none';
    } else if (beginning !== 'remark') this.#remarks = false;
    return begins;
  }

  #judge(beginning: Beginning): boolean {
    switch (beginning) {
      case 'time':
      case 'csv':
        this.#layout = 'time';
        return true;
      case 'inner time':
        this.#layout = 'inner';
        return true;
      case 'indented time':
        return this.#indented || this.#layout === 'unknown';
      case 'record':
        return true;
      case 'remark':
        if (this.#layout === 'unknown') this.#layout = 'remark';
        return !this.#remarks;
      case 'cry':
        this.#trace = 'go';
        return true;
      case 'blank':
      case 'continuation':
        return false;
      case 'goroutine':
        this.#trace = 'go';
        return false;
      case 'frame':
        return this.#layout === 'unknown' && this.#trace !== 'go';
      case 'traceback':
        // A program that names the error first has begun the event; a bare traceback begins its own.
        return this.#enterTraceback();
      case 'other':
        return this.#judgeOther();
    }
  }

  #enterTraceback(): boolean {
    const inside = this.#trace === 'python' || this.#trace === 'python, chained' || this.#layout !== 'unknown';
    this.#trace = 'python';
    return !inside;
  }

  /** A line that shows nothing: it continues an event of a source whose events begin with something. */
  #judgeOther(): boolean {
    if (this.#record) return true;
    if (this.#layout !== 'unknown') return false;
    if (this.#trace !== 'python') return true;
    // The line that ends a traceback names the exception.
    this.#trace = 'python, chained';
    return false;
  }
}

type Trace = 'none' | 'python' | 'python, chained' | 'go';

function oddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
