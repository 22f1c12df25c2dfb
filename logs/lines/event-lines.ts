/**
 * Lines of one source on their way to events. An event is complete when the next one begins, or when event time has
 * come to the end of its pane: by then the lines that belong to it are there, and no output is late because of it. A
 * source's lines come in order, so what is kept of it is the open event and how its events begin.
 */

import { type Duration, hours, type Time } from '../../time/duration.ts';
import type { ParsedLog } from '../parsed-log.ts';
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
  /** The event time at which the open event is looked at again; null when nothing is planned. */
  wake: Time | null;
}

/** An event, when it happened, and of how many lines it is. */
export interface Joined {
  readonly log: ParsedLog;
  readonly time: Time;
  readonly lines: number;
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

  #complete({ lines, log: first, source, taken, time, origin = source }: OpenLines): Joined {
    const isWhole = lines.length === 1 && first !== null;
    const log = isWhole ? first : this.#reader.readEvent(lines.join('\n'), { source, taken, time });
    log.origin = origin;
    return { log, time, lines: lines.length };
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
 * When a source is to be looked at: when the pane of its open event is over, which must not miss it, or when it may be
 * forgotten. Panes are `pane` long.
 */
export const wakeAt = ({ lines, time }: OpenLines, pane: Duration): Time =>
  lines.length > 0 ? (Math.floor(time / pane) + 1) * pane - 1 : time + forgetAfter;
