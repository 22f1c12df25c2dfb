/**
 * Joins the lines of one source to events: stack traces, SQL statements and other texts of several lines to the line
 * that brings them. The joiner learns how events of its source begin: with a time at the start, with a time further
 * on, or with none. A line that does not begin so continues the event before it where something shows that: blank and
 * indented lines, the words that runtimes put into their traces, what was asked for. Lines inside a quoted field of
 * PostgreSQL's csvlog and the parts of a line that a container runtime cut belong together however they begin. An
 * event that reaches the bound ends there, and what was learned is forgotten: the source may write another format.
 *
 * Events are contiguous: joined again they are the input. A joiner waits for the line that ends an event; how long a
 * caller waits for it before `flush` is the caller's business.
 */
import { LineJoining } from './joining.ts';
import { type Joining, newJoining } from './joining-state.ts';

/**
 * Joins the lines of one source to events.
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
  readonly #rules: LineJoining;
  readonly #joining: Joining = newJoining();
  #lines: string[] = [];

  /** `maxLines` and `maxLength` (characters) bound an event; 500 lines and a million characters unless given. */
  constructor({
    maxLines = 500,
    maxLength = 1 << 20,
  }: { readonly maxLines?: number; readonly maxLength?: number } = {}) {
    this.#rules = new LineJoining({ maxLines, maxLength });
  }

  /** Takes a line without its end; returns the lines of the event that it completes, or null. */
  push(line: string): readonly string[] | null {
    if (!this.#rules.begins(line, this.#joining, this.#lines)) {
      this.#lines.push(line);
      return null;
    }
    const complete = this.#lines;
    this.#lines = [line];
    return complete.length === 0 ? null : complete;
  }

  /** The lines of the event that is waiting for more, which thereby is complete; null when there is none. */
  flush(): readonly string[] | null {
    if (this.#lines.length === 0) return null;
    const complete = this.#lines;
    this.#lines = [];
    this.#rules.end(this.#joining);
    return complete;
  }
}
