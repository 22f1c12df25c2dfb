/**
 * Lines that begin with plain text: which of them are events of their own. In a source without times they are, unless
 * a trace goes on with them. Where events begin with times, a line without one continues the event before it on
 * evidence only: the trace of a runtime, text that the lines before asked for, a sign that begins no sentence, the rest
 * of a statement, another pair or the same label, a few lines behind an error. Else it is an event: a program prints
 * plain text beside what its logger writes.
 */

import { isMild } from '../levels.ts';
import { equalsCode, isDigit, skipBlanks } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { isFrame } from '../traces/frames.ts';
import { rubyThrown, spokenOf } from '../traces/spoken.ts';
import { thrownEnd } from '../traces/thrown.ts';
import { plainText } from '../wrappers/ansi.ts';
import { LineContent, type Part } from './content.ts';
import {
  announces,
  hasOwnHeader,
  headingOf,
  headLevel,
  isDetail,
  isFragment,
  isHeld,
  isIndented,
  isLabelled,
  isOfServer,
  isRemarkOfTool,
  isRequest,
  isUnfinished,
  leadingLevel,
} from './evidence.ts';
import type { Joining } from './joining-state.ts';
import { KnownLines } from './known-lines.ts';
import { isAnyPair, isDrawn, isFramed, isPair, isRow } from './listings.ts';

/** Judges plain lines. Keeps nothing between two calls. */
export class PlainLines {
  readonly #scanner: TimestampScanner;
  /** Of lines of the open event, which are looked at again. */
  readonly #content = new LineContent();
  readonly #known: KnownLines;

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
    this.#known = new KnownLines(scanner);
  }

  /** Whether `part` begins an event behind the lines of `event`; changes what is known of the source. */
  begin(part: Part, joining: Joining, event: readonly string[]): boolean {
    const { trace, layout } = joining;
    if (trace === 'announced' || trace === 'python') {
      // The line that ends a traceback names the exception.
      joining.trace = trace === 'python' ? 'python, chained' : 'none';
      return false;
    }
    if (event.length === 0 || joining.record) return plainly(part, joining);
    if (layout === 'remark') return !this.#isQueried(part, event) && plainly(part, joining);
    if (layout === 'unknown') {
      if (isFramed(part) && isDrawn(this.#partOf(event[event.length - 1]!))) return false;
      const goesOn =
        event.length > 1 ? this.#wasAsked(event) || isNext(part) : isThrown(part) && this.#takesTrace(joining, event);
      return !goesOn && plainly(part, joining);
    }
    return this.#beginsBesideTimes(part, joining, event);
  }

  /** The same of a line with `#` that is no frame: below another one it goes on. */
  beginRemark(part: Part, joining: Joining, event: readonly string[]): boolean {
    const isBelow = event.length > 0 && this.#startsWith(event[event.length - 1]!, '#');
    return !isBelow && this.begin(part, joining, event);
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

  /** Whether an event begins with the sign that opens a report, such as the JVM's of its crash, or a sanitizer's. */
  isInReport(event: readonly string[], sign: string): boolean {
    return event.length > 0 && this.#startsWith(event[0]!, sign);
  }

  /** Whether a line has a time in front that another tool has put there, and the open event has not. */
  isTimedApart(line: string, start: number, event: readonly string[]): boolean {
    if (start === 0 || event.length === 0 || !this.#scanner.scan(line, 0)) return false;
    return this.#scanner.dated && !this.#scanner.epoch && this.#partOf(event[0]!).start === 0;
  }

  /** Whether a line goes on with the query below the remarks of MySQL's slow log, which a semicolon ends. */
  #isQueried(part: Part, event: readonly string[]): boolean {
    if (leadingLevel(part) !== null || isRequest(part)) return false;
    if (!this.#startsWith(event[0]!, '# ')) return false;
    const last = this.#partOf(event[event.length - 1]!);
    const isOver = last.line.startsWith(';', last.end - 1);
    return !isOver || /^(?:use|set) /i.test(last.line.slice(last.start, last.start + 4));
  }

  /** Whether a line is in the block that the event has asked for: of lines that show nothing of it, a few are. */
  #isHeld(part: Part, event: readonly string[]): boolean {
    if (isHeld(part)) return true;
    for (let i = 1; i <= linesOfProse; i++) {
      const line = event[event.length - i];
      if (line === undefined || isHeld(this.#partOf(line))) return true;
    }
    return false;
  }

  /**
   * Whether a line belongs to the report of a sanitizer: by how it begins, because a list follows, or because it speaks
   * of memory behind a blank line or a line with the report's sign.
   */
  isOfReport(part: Part, event: readonly string[]): boolean {
    const { line, start, end } = part;
    const isOpened = isRuler(this.#partOf(event[0]!));
    if (spokenOf(line, start, end) === 'sanitizer') return isOpened && event.length === 1;
    if (leadingLevel(part) !== null || isRequest(part)) return false;
    let above = event.length - 1;
    while (above > 0 && event[above]!.trim() === '') above--;
    const last = this.#partOf(event[above]!);
    // One that does not mark its lines ends with a line like its first.
    if (isRuler(last) && above > 0) return false;
    if (isRuler(part)) return !this.#startsWith(event[isOpened ? 1 : 0]!, '==');
    // What ends a report, and what may stand behind its summary.
    const isOver = last.line.startsWith('SUMMARY: ', last.start);
    if (isAbort(last) || (isOver && line.startsWith('==', start))) return !isAbort(last) && isAbort(part);
    if (line.startsWith('=', start) || line.startsWith('0x', start) || line.startsWith('SUMMARY: ', start)) return true;
    if (line.startsWith(':', end - 1) || line.indexOf('Sanitizer', start) >= 0) return true;
    return (above < event.length - 1 || last.line.startsWith('=', last.start)) && !isOver && isOfMemory(part);
  }

  #startsWith(line: string, words: string): boolean {
    const { line: plain, start } = this.#partOf(line);
    return plain.startsWith(words, start);
  }

  #beginsBesideTimes(part: Part, joining: Joining, event: readonly string[]): boolean {
    const first = this.#partOf(event[0]!);
    const heading = event.length === 1 ? headingOf(first, this.#scanner) : 'no';
    if (heading === 'bare') return false;
    if (isSlowLog(first) && this.#isQueried(part, event)) return false;
    if (leadingLevel(part) !== null || isRequest(part)) return true;
    if (this.#known.has(part)) return true;
    if (heading === 'word') return false;
    if (!isLabelled(part) && this.#isListed(part, event, first)) return false;
    if (isThrown(part) || isQualified(part)) return !this.#takesTrace(joining, event);
    if (rubyThrown(part.line, part.start, part.end) >= 0) return true;
    if (joining.block && this.#isHeld(part, event)) return false;
    joining.block = false;
    const last = this.#partOf(event[event.length - 1]!);
    if (isUnfinished(last)) {
      joining.block = !isIndented(last);
      return false;
    }
    if (isRemarkOfTool(part) || hasOwnHeader(part)) return true;
    if (isFragment(part) || isFrame(part.line, part.start, part.end) || isDetail(part, last, first)) return false;
    if (isLabelled(part)) return true;
    // Of an error more may be told, where a source writes no plain text otherwise.
    const level = event.length <= linesOfProse && !joining.mixed ? headLevel(first) : null;
    if (level !== null && !isMild(level)) return false;
    joining.mixed = true;
    return true;
  }

  /**
   * Whether a line is a row of a table or one of several pairs below the open event, or stands below a time that is
   * alone on its line.
   */
  #isListed(part: Part, event: readonly string[], first: Part): boolean {
    if (isPair(part) || isFramed(part) || (isRow(part) && headLevel(part) === null)) return true;
    if (event.length === 1) return false;
    if (isAnyPair(part) && isAnyPair(this.#partOf(event[event.length - 1]!))) return true;
    return (
      event.length <= linesOfProse &&
      headingOf(first, this.#scanner) === 'bare' &&
      isDigit(first.line.charCodeAt(first.start))
    );
  }

  /** Whether the last line of an event is indented and says that more comes: `  nested exception is:`. */
  #wasAsked(event: readonly string[]): boolean {
    return this.#asks(event) && isIndented(this.#partOf(event[event.length - 1]!));
  }

  /** Whether the last line of an event ends with a colon. */
  #asks(event: readonly string[]): boolean {
    const { line, end } = this.#partOf(event[event.length - 1]!);
    return line.startsWith(':', end - 1);
  }

  /**
   * Whether a trace belongs to the open event: its line does not say that all is well, or it announces one. A line of a
   * server that throws nothing has none.
   */
  #takesTrace({ layout, lines }: Joining, event: readonly string[]): boolean {
    const isTimed = layout !== 'unknown';
    if (lines !== 1 && !isTimed) return false;
    const first = this.#partOf(event[0]!);
    if (lines === 1 && isOfServer(first)) return false;
    const level = leadingLevel(first) ?? (isTimed ? headLevel(first) : null);
    if (level === null || !isMild(level)) return isTimed || level !== null;
    return announces(first) || (lines > 1 && this.#asks(event));
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

/** Whether a line begins with a class in its packages, of which it says something: `shop.cart.Worse: none left`. */
function isQualified({ line, start }: Part): boolean {
  const end = thrownEnd(line, start, true);
  return end > 0 && line.indexOf('.', start) < end && line.indexOf('.', start) >= 0;
}

/** Whether a line names something that was thrown, be it as PHP names the next of several, or Elixir. */
function isThrown({ line, start }: Part): boolean {
  const at = line.startsWith('** (', start) ? start + 4 : line.startsWith('Next ', start) ? start + 5 : start;
  return thrownEnd(line, at, false) >= 0 || line.startsWith('** (EXIT', start);
}

/** Whether an event of MySQL's slow log begins with a line. */
const isSlowLog = ({ line, start }: Part): boolean =>
  line.startsWith('# Time: ', start) || line.startsWith('# User@Host: ', start);

/** `=====…`, in front of a report and behind it. */
const isRuler = ({ line, start, end }: Part): boolean => {
  let at = start;
  while (line.charCodeAt(at) === equalsCode) at++;
  return at - start >= 5 && skipBlanks(line, at) >= end;
};

/** Whether a line speaks of memory or threads as sanitizers do, or hints at something. */
const isOfMemory = ({ line, start, end }: Part): boolean =>
  /^(?:HINT: |READ of|WRITE of)|\b0x[\da-f]| thread T\d/.test(line.slice(start, end));

/** `==42==ABORTING` */
const isAbort = ({ line, start }: Part): boolean =>
  line.startsWith('==', start) && line.startsWith('==ABORTING', line.indexOf('==', start + 2));

/** PHP names the exception that followed: `Next LogicException: worse`. */
const isNext = ({ line, start }: Part): boolean =>
  line.startsWith('Next ', start) && thrownEnd(line, start + 5, true) >= 0;

/** So many lines of prose in a row may stand in brackets or quotes, under a heading, or behind an error. */
const linesOfProse = 5;
