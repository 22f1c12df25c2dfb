/**
 * Joins the lines of a source. Those from before the first that tells a time, such as a banner, are held for a moment:
 * a file of the past may be read, in which they happened with that line and not now.
 */
import type { Out, Time } from 'millrace';
import { EventLines, type Joined, type OpenLines, wakeAt } from '../../logs/lines/event-lines.ts';
import type { LineReader, RawLine, ReadLine } from '../../logs/lines/raw-line.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { paneMs } from '../../signals/panes.ts';
import type { Named } from './names.ts';

/** What is kept of a source. */
export interface SourceLines extends OpenLines, Named {
  /** Lines from before the first that told a time. */
  head?: readonly RawLine[];
}

/** More lines than a head has, and more characters. */
const mostHead = 200;
const mostHeadLength = 1 << 18;
/** More sources than there are; which of them told a time is then learned again. */
const mostTimed = 20_000;

/** Joins the lines of any source, whose state it is handed. */
export class SourceJoiner {
  readonly #reader: LineReader;
  readonly #events: EventLines;
  readonly #emit: (event: Joined, open: SourceLines, out: Out<ParsedLog>) => void;
  /** Sources of which this process need not wait for a time. */
  readonly #timed = new Set<string>();

  constructor(reader: LineReader, emit: (event: Joined, open: SourceLines, out: Out<ParsedLog>) => void) {
    this.#reader = reader;
    this.#events = new EventLines(reader);
    this.#emit = emit;
  }

  /** Takes a line of a source, and emits the event that it completes. */
  take(open: SourceLines, { line, time }: { readonly line: ReadLine; readonly time: Time }, out: Out<ParsedLog>): void {
    const { head = [] } = open;
    const isKnown = line.timeIsSure || line.isTold;
    if (!this.#timed.has(open.source)) {
      if (!isKnown && hasRoom(head)) {
        open.head = [...head, line.raw];
        return;
      }
      this.#endHead(open, line.isTold ? time : undefined, out);
    }
    this.#tell(this.#events.over(this.#events.add(open, line, time), open), open, out);
  }

  /** Event time has come to `time`: emits the event that happened by then; says whether the source may be forgotten. */
  end(open: SourceLines, time: Time, out: Out<ParsedLog>): boolean {
    open.wake = null;
    if (open.head?.length) this.#endHead(open, undefined, out);
    const event = this.#events.end(open, time);
    this.#tell(this.#events.over(event, open), open, out);
    const isIdle = event === null && open.traces === undefined;
    this.#tell(this.#events.endTraces(open, time), open, out);
    return isIdle && open.lines.length === 0;
  }

  /**
   * Whether a source is to be looked at before that is planned; plans it. Its timer moves on when it is due: a timer
   * per line would be a change of state per line.
   */
  wakesSooner(open: SourceLines): boolean {
    const at = open.head?.length ? paneEnd(open.head[0]!.time) : wakeAt(open, paneMs);
    if (open.wake !== null && at >= open.wake) return false;
    open.wake = at;
    return true;
  }

  #tell(events: readonly Joined[], open: SourceLines, out: Out<ParsedLog>): void {
    for (let i = 0; i < events.length; i++) this.#emit(events[i]!, open, out);
  }

  /** Lets the head go; without a `time` its lines happened when they were taken in. */
  #endHead(open: SourceLines, time: Time | undefined, out: Out<ParsedLog>): void {
    const { head = [] } = open;
    open.head = [];
    for (const raw of head) {
      const at = time ?? raw.time;
      const event = this.#events.add(open, { raw, log: readAt(this.#reader, raw, at) }, at);
      this.#tell(this.#events.over(event, open), open, out);
    }
    if (this.#timed.size >= mostTimed) this.#timed.clear();
    this.#timed.add(open.source);
  }
}

/** What a line says of which it is known otherwise when it happened; null of one that is read with its event. */
function readAt(reader: LineReader, { line, source, time: taken }: RawLine, time: Time): ParsedLog | null {
  return /^\s/.test(line) ? null : reader.readEvent(line, { source, taken, time });
}

function hasRoom(head: readonly RawLine[]): boolean {
  return head.length < mostHead && head.reduce((sum, { line }) => sum + line.length, 0) < mostHeadLength;
}

/** The last millisecond of the pane of a time. */
export const paneEnd = (time: Time): Time => (Math.floor(time / paneMs) + 1) * paneMs - 1;
