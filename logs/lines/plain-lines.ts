/**
 * Lines that begin with plain text: which of them are events of their own. In a source without times they are, unless
 * a trace goes on with them. Where events begin with times, a line without one continues the event before it on
 * evidence: the trace of a runtime, text that the lines before asked for, a sign that begins no sentence. It begins an
 * event on evidence, too: a level, a request, a label. What shows neither follows the source: once it has written
 * events that begin with plain text, such lines are events; before that, they belong to the line with the time.
 */

import type { TimestampScanner } from '../times/timestamps.ts';
import { rubyThrown } from '../traces/spoken.ts';
import { thrownEnd } from '../traces/thrown.ts';
import { plainText } from '../wrappers/ansi.ts';
import { LineContent } from './content.ts';
import {
  headingOf,
  headLevel,
  isFragment,
  isIndented,
  isLabelled,
  isOfServer,
  isRequest,
  isUnfinished,
  leadingLevel,
  type Part,
} from './evidence.ts';
import type { Joining } from './joining-state.ts';

/** Judges plain lines. Keeps nothing between two calls. */
export class PlainLines {
  readonly #scanner: TimestampScanner;
  /** Of lines of the open event, which are looked at again. */
  readonly #content = new LineContent();

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
  }

  /** Whether `part` begins an event behind the lines of `event`; changes what is known of the source. */
  begin(part: Part, joining: Joining, event: readonly string[]): boolean {
    const { trace, layout } = joining;
    if (trace === 'announced' || trace === 'python') {
      // The line that ends a traceback names the exception.
      joining.trace = trace === 'python' ? 'python, chained' : 'none';
      return false;
    }
    if (layout === 'remark' && !joining.record) return false;
    if (event.length === 0 || joining.record) return plainly(part, joining);
    if (layout === 'unknown') {
      const goesOn =
        event.length > 1 ? this.#wasAsked(event) || isNext(part) : isThrown(part) && this.#takesTrace(joining, event);
      return !goesOn && plainly(part, joining);
    }
    return this.#beginsBesideTimes(part, joining, event);
  }

  /** Whether a traceback begins an event: not behind a line that says that something failed, or a link. */
  beginTraceback(joining: Joining, event: readonly string[]): boolean {
    const { trace } = joining;
    joining.trace = 'python';
    if (event.length === 0 || trace === 'python, linked' || trace === 'python') return event.length === 0;
    return trace === 'python, chained' || joining.record || !this.#takesTrace(joining, event);
  }

  /** The same of a group of exceptions, all whose lines are indented. */
  beginGroup(joining: Joining, event: readonly string[]): boolean {
    const begins = this.beginTraceback(joining, event);
    joining.trace = 'none';
    return begins;
  }

  /** Whether a line begins with the sign that opens a report, such as the JVM's of its crash, or a sanitizer's. */
  isInReport(event: readonly string[], sign: string): boolean {
    return event.length > 0 && this.#partOf(event[0]!).line.startsWith(sign, this.#content.start);
  }

  #beginsBesideTimes(part: Part, joining: Joining, event: readonly string[]): boolean {
    const first = this.#partOf(event[0]!);
    const heading = event.length === 1 ? headingOf(first, this.#scanner) : 'no';
    if (heading === 'bare') return false;
    if (leadingLevel(part) !== null || isRequest(part)) return true;
    if (heading === 'word') return false;
    if (isThrown(part)) return event.length === 1 && isOfServer(first);
    if (rubyThrown(part.line, part.start, part.end) >= 0) return true;
    if (joining.block) return false;
    const last = this.#partOf(event[event.length - 1]!);
    if (isUnfinished(last)) {
      joining.block = !isIndented(last);
      return false;
    }
    if (isFragment(part)) return false;
    if (isLabelled(part)) return true;
    // So many lines are no message.
    if (event.length >= manyLines) joining.mixed = true;
    return joining.mixed === true;
  }

  /** Whether the last line of an event is indented and says that more comes: `  nested exception is:`. */
  #wasAsked(event: readonly string[]): boolean {
    const last = this.#partOf(event[event.length - 1]!);
    return isIndented(last) && last.line.startsWith(':', last.end - 1);
  }

  /** Whether a trace belongs to the open event: its line does not say that all is well. */
  #takesTrace({ layout, lines }: Joining, event: readonly string[]): boolean {
    if (lines !== 1) return layout !== 'unknown';
    const first = this.#partOf(event[0]!);
    if (isOfServer(first)) return false;
    const level = leadingLevel(first) ?? (layout === 'unknown' ? null : headLevel(first));
    if (level === null) return layout !== 'unknown';
    return level !== 'INFO';
  }

  #partOf(line: string): Part {
    const plain = plainText(line);
    this.#content.read(plain);
    return { line: plain, start: this.#content.start, end: this.#content.end };
  }
}

/** Begins an event with plain text, and remembers that the source does so. */
function plainly(part: Part, joining: Joining): boolean {
  joining.mixed ||= !isThrown(part) && leadingLevel(part) === null;
  return true;
}

/** Whether a line names something that was thrown, be it as PHP names the next of several, or Elixir. */
function isThrown({ line, start }: Part): boolean {
  const at = line.startsWith('** (', start) ? start + 4 : line.startsWith('Next ', start) ? start + 5 : start;
  return thrownEnd(line, at, false) >= 0 || line.startsWith('** (EXIT', start);
}

/** PHP names the exception that followed: `Next LogicException: worse`. */
const isNext = ({ line, start }: Part): boolean =>
  line.startsWith('Next ', start) && thrownEnd(line, start + 5, true) >= 0;

/** An event of so many lines is hardly a message: what goes on without evidence is the source's plain text. */
const manyLines = 50;
