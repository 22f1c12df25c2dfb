/**
 * Traces of which every line has a header of its own: `journalctl` as text, files of syslog, lines that a platform or a
 * logger took one by one. Each such line is an event to the joiner of lines; here the events of a trace become one,
 * with time, service and origin of the first. What opens a trace is kept back until a line with the same header does
 * not go on with it, by the joiner's own rules for what stands behind the headers. Programs may alternate line by line.
 *
 * State: the traces of a source that are open, at most sixteen; plain JSON, stored with the job.
 */

import { isMild } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { noteTrace } from '../readers/stack-trace.ts';
import { spaceCode } from '../text.ts';
import { TimestampScanner } from '../times/timestamps.ts';
import { isTracePart, openingOf, traceStart } from '../traces/opening.ts';
import { isRequest, leadingLevel } from './evidence.ts';
import { LineJoining } from './joining.ts';
import { type Joining, newJoining } from './joining-state.ts';
import { type LineHead, LineHeads } from './line-head.ts';

/** How long an event may be, in lines and characters. */
interface Bounds {
  readonly maxLines: number;
  readonly maxLength: number;
}

/** An event, as the joiner of lines has made it. */
export interface HeadedEvent {
  readonly log: ParsedLog;
  /** How many lines it is of, and which; a trace that is open has them without their headers. */
  lines: number;
  texts: readonly string[];
}

/** A trace that may go on. */
export interface OpenTrace<E extends HeadedEvent> {
  readonly head: LineHead;
  readonly event: E;
  /** What its lines say, and how many of them are those of the event that opened it. */
  readonly contents: string[];
  readonly first: number;
  readonly joining: Joining;
  /** Whether it only may be a trace: what its first line says may open one. */
  isDoubtful: boolean;
}

/** Joins events to traces. */
export class HeadedTraces<E extends HeadedEvent> {
  readonly #heads = new LineHeads(new TimestampScanner('UTC'));
  readonly #rules: LineJoining;
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#rules = new LineJoining(bounds);
    this.#bounds = bounds;
  }

  /**
   * Takes the next event of a source. True if it is kept, as part of a trace of `open` or as the first line of a new
   * one; else it is the caller's. Appends the events of the traces that are over because of it to `done`.
   */
  // hot: called for every event.
  take(open: OpenTrace<E>[], event: E, done: E[]): boolean {
    for (let i = 0; i < open.length; i++) {
      const trace = open[i]!;
      const content = this.#heads.content(event.texts[0]!, event.log, trace.head);
      if (content === null) continue;
      if (this.#hasRoom(trace, event) && this.#goesOn(trace, content) && this.#isWhole(trace, event)) {
        this.#append(trace, content, event);
        trace.event.lines += event.lines;
        return true;
      }
      open.splice(i--, 1);
      done.push(this.end(trace));
    }
    return this.#opens(open, event, done);
  }

  /** The event of a trace to which nothing more comes. */
  end({ event, contents, first }: OpenTrace<E>): E {
    const { log } = event;
    if (contents.length > first) {
      const fields = log.parsed_fields;
      // Labels and a name in front of a trace are part of its header, and the word with which it begins is not.
      const start = traceStart(log.message);
      const isAnnounced = openingOf(log) === 'may' && start === 0;
      const name = log.message.slice(0, start).trimEnd();
      if (/^\w[\w./-]*$/.test(name)) fields['log.logger'] ??= name;
      log.message = isAnnounced ? [log.message, ...contents.slice(first)].join('\n') : contents.join('\n');
      delete fields['error.stack_trace'];
      noteTrace(log, '');
      const isError = fields['error.stack_trace'] !== undefined || fields['error.type'] !== undefined;
      if (isError && (log.level === null || isMild(log.level))) log.level = 'ERROR';
    }
    return event;
  }

  #goesOn(trace: OpenTrace<E>, content: string): boolean {
    const { joining, contents } = trace;
    const part = { line: content, start: 0, end: content.length };
    if (leadingLevel(part) !== null || isRequest(part)) return false;
    if (!trace.isDoubtful) return !this.#rules.begins(content, joining, contents);
    if (!isTracePart(content)) return false;
    trace.isDoubtful = false;
    if (isTracePart(contents[0]!)) return !this.#rules.begins(content, joining, contents);
    // From its first line on a trace has rules of its own: what is thrown next is another one.
    Object.assign(joining, newJoining());
    this.#rules.begins(content, joining, []);
    return true;
  }

  /** Whether a trace with the lines of an event is no longer than an event may be. */
  #hasRoom({ contents }: OpenTrace<E>, { texts }: E): boolean {
    if (contents.length + texts.length > this.#bounds.maxLines) return false;
    const length = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length + 1, 0);
    return length(contents) + length(texts) <= this.#bounds.maxLength;
  }

  /** Whether all lines of an event are of a trace, not only the one with the header. */
  #isWhole({ head }: OpenTrace<E>, { texts, log }: E): boolean {
    for (let i = 1; i < texts.length; i++) {
      const said = this.#heads.content(texts[i]!, log, head) ?? texts[i]!;
      if (said.charCodeAt(0) > spaceCode && !isTracePart(said)) return false;
    }
    return true;
  }

  #append({ contents, joining, head }: OpenTrace<E>, content: string, { texts, log }: E): void {
    contents.push(content);
    for (let i = 1; i < texts.length; i++) {
      const said = this.#heads.content(texts[i]!, log, head) ?? texts[i]!;
      this.#rules.begins(said, joining, contents);
      contents.push(said);
    }
  }

  #opens(open: OpenTrace<E>[], event: E, done: E[]): boolean {
    const { log, texts } = event;
    const opening = openingOf(log);
    if (opening === 'no' || (opening === 'may' && texts.length > 1)) return false;
    const headed = this.#heads.read(texts[0]!, log);
    if (headed === null) return false;
    const { head, content } = headed;
    const joining = newJoining();
    const isDoubtful = opening === 'may';
    const trace: OpenTrace<E> = { head, event, contents: [], first: texts.length, joining, isDoubtful };
    this.#rules.begins(content, joining, []);
    this.#append(trace, content, event);
    event.texts = [];
    if (open.length >= mostOpen) done.push(this.end(open.shift()!));
    open.push(trace);
    return true;
  }
}

/** Of one source. */
const mostOpen = 16;
