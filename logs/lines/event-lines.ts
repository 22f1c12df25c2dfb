/**
 * Lines of one source on their way to events. An event is complete when the next one begins, or when event time has
 * come to the end of its pane: by then the lines that belong to it are there, and no output is late because of it. A
 * source's lines come in order, so what is kept of it is the open event and how its events begin.
 */

import { type Duration, hours, type Time } from '../../time/duration.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { type HeadedEvent, HeadedTraces, type OpenTrace } from './headed-traces.ts';
import { LineJoining } from './joining.ts';
import { type Joining, newJoining } from './joining-state.ts';
import type { LineReader, ReadLine } from './raw-line.ts';

/** What is kept of a source. Plain JSON, changed in place. */
export interface OpenLines {
  readonly joining: Joining;
  readonly source: string;
  /** The lines of the open event; none when no event is open. */
  lines: string[];
  /** What the first of them says, unless that has not been read yet. */
  log: ParsedLog | null;
  /** When the first of them happened, and when it was taken in. */
  time: Time;
  taken: Time;
  /** What it came through. */
  origin?: string;
  /** Traces of which every line has a header, if any are open. */
  traces?: OpenTrace<Joined>[];
  /** The event time at which the open event is looked at again; null when nothing is planned. */
  wake: Time | null;
}

/** An event, and when it happened. */
export interface Joined extends HeadedEvent {
  readonly time: Time;
}

/** A source that has said nothing for this long is forgotten. */
const forgetAfter = hours(1);
/** Bounds of an event; what goes on behind them is one of its own. */
const bounds = { maxLines: 500, maxLength: 1 << 18 };

/** A source of which nothing is known. */
export const newSource = (source: string): OpenLines => ({
  joining: newJoining(),
  source,
  lines: [],
  log: null,
  time: 0,
  taken: 0,
  wake: null,
});

/** Joins lines to events, source by source. */
export class EventLines {
  readonly #reader: LineReader;
  readonly #joining = new LineJoining(bounds);
  readonly #traces = new HeadedTraces<Joined>(bounds);
  /** Of most sources no trace is open, which costs no list. */
  readonly #none: OpenTrace<Joined>[] = [];
  readonly #over: Joined[] = [];

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  /** Takes the next line of a source, which happened at `time`; returns the event that it completes, or null. */
  add(open: OpenLines, { raw, log }: Pick<ReadLine, 'raw' | 'log'>, time: Time): Joined | null {
    const alike = log !== null && isLike(log, open.log) && this.#joining.beginsAlike(raw.line, open.joining);
    if (!alike && !this.#joining.begins(raw.line, open.joining, open.lines)) {
      open.lines.push(raw.line);
      return null;
    }
    const complete = open.lines.length === 0 ? null : this.#complete(open);
    open.lines = [raw.line];
    open.log = log;
    open.time = time;
    open.taken = raw.time;
    open.origin = raw.origin ?? raw.source;
    return complete;
  }

  /** Event time has come to `time`: the event that happened by then, or null. */
  end(open: OpenLines, time: Time): Joined | null {
    if (open.lines.length === 0 || open.time > time) return null;
    const complete = this.#complete(open);
    open.lines = [];
    open.log = null;
    this.#joining.end(open.joining);
    return complete;
  }

  /**
   * Takes an event that is complete, or null; returns those to which nothing more comes, because it is there. It is one
   * of them unless it is of a trace that is open. The list is valid until the next call.
   */
  over(event: Joined | null, open: OpenLines): readonly Joined[] {
    const [none, over] = [this.#none, this.#over];
    over.length = 0;
    if (event === null) return over;
    const { traces = none } = open;
    if (!this.#traces.take(traces, event, over)) over.push(event);
    else if (traces === none) open.traces = none.splice(0);
    return over;
  }

  /** Event time has come to `time`: the traces that have begun by then. */
  endTraces(open: OpenLines, time: Time): readonly Joined[] {
    const { traces = this.#none } = open;
    const ended = traces.filter(({ event }) => event.time <= time);
    if (ended.length === traces.length) delete open.traces;
    else open.traces = traces.filter(({ event }) => event.time > time);
    return ended.map((trace) => this.#traces.end(trace));
  }

  #complete({ lines, log: first, source, taken, time, origin = source }: OpenLines): Joined {
    const isWhole = lines.length === 1 && first !== null;
    const log = isWhole ? first : this.#reader.readEvent(lines.join('\n'), { source, taken, time });
    log.origin = origin;
    return { log, time, lines: lines.length, texts: lines };
  }
}

/** Whether a line that a format reads as a whole, its time included, is like the one that began the open event. */
function isLike(log: ParsedLog, begun: ParsedLog | null): boolean {
  if (begun === null || log.format !== begun.format || log.timestampSource !== 'line' || log.format === 'text')
    return false;
  const [fields, others] = [log.parsed_fields, begun.parsed_fields];
  const pod = 'kubernetes.pod.name';
  return fields['stream'] === others['stream'] && fields[pod] === others[pod] && fields['log.flags'] === undefined;
}

/**
 * When a source is to be looked at: when the pane of its open event or of an open trace is over, which must not miss
 * it, or when it may be forgotten. Panes are `pane` long.
 */
export function wakeAt({ lines, time, traces }: OpenLines, pane: Duration): Time {
  let first = lines.length > 0 ? time : Number.POSITIVE_INFINITY;
  if (traces !== undefined) for (const { event } of traces) first = Math.min(first, event.time);
  return first < Number.POSITIVE_INFINITY ? (Math.floor(first / pane) + 1) * pane - 1 : time + forgetAfter;
}
