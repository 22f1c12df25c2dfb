/**
 * Joins a source's lines to events: a stack trace counts once, with time and level of its first line. It stands behind
 * event time, because only that tells when nothing more is to come: at the end of a recording as in a running stream.
 *
 * Lines from before the first that tells a time, such as a banner, are held for a moment: a file of the past may be
 * read, in which they happened with that line and not now.
 */
import { type Handlers, json, type OpContext, type Out, type Time } from 'millrace';
import type { UnderstoodLines } from '../../logs/explained/understood.ts';
import { EventLines, type Joined, newSource, type OpenLines, wakeAt } from '../../logs/lines/event-lines.ts';
import type { LineReader, RawLine, ReadLine } from '../../logs/lines/raw-line.ts';
import { boundedName } from '../../logs/lines/source-name.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { paneMs } from '../../signals/panes.ts';
import { type Named, serviceNames } from './names.ts';
import { intact } from './stored.ts';

/** What is kept of a source. */
interface SourceLines extends OpenLines, Named {
  /** Lines from before the first that told a time. */
  head?: readonly RawLine[];
}

/** More lines than a head has, and more characters. */
const mostHead = 200;
const mostHeadLength = 1 << 18;
/** More sources than there are; which of them told a time is then learned again. */
const mostTimed = 20_000;

/** The handlers; the stream is keyed by source. What of the lines is understood is counted for who asks. */
export const joinLines =
  (reader: LineReader, understood?: UnderstoodLines) =>
  (ctx: OpContext<ReadLine>): Handlers<ReadLine, ParsedLog> => {
    const state = ctx.value('open', json<SourceLines>(), { intact });
    const events = new EventLines(reader);
    /** Sources of which this process need not wait for a time. */
    const timed = new Set<string>();
    const noteTimed = (source: string) => {
      if (timed.size >= mostTimed) timed.clear();
      timed.add(source);
    };
    const nameService = serviceNames(ctx);
    const emit = (event: Joined | null, open: SourceLines, out: Out<ParsedLog>) => {
      if (event === null) return;
      nameService(event, open);
      understood?.add(event.log, event.lines);
      out.emitAt(event.log, event.time);
    };
    /** Lets the head go; without a `time` its lines happened when they were taken in. */
    const emitHead = (open: SourceLines, time: Time | undefined, out: Out<ParsedLog>) => {
      const { head = [] } = open;
      open.head = [];
      for (const raw of head) {
        const line = readAt(reader, raw, time ?? raw.time);
        emit(events.add(open, line, line.time), open, out);
      }
      noteTimed(open.source);
    };
    /** One timer per source, which moves on when it is due: a timer per line would be a change of state per line. */
    const keep = (open: SourceLines) => {
      const at = open.head?.length ? paneEnd(open.head[0]!.time) : wakeAt(open, paneMs);
      if (open.wake === null || at < open.wake) {
        open.wake = at;
        ctx.timer(at);
      }
      state.set(open);
    };
    return {
      onData(line, time, out) {
        const { raw, timeIsSure, isTold } = line;
        const open = state.get() ?? newSource(raw.source);
        const { head = [] }: SourceLines = open;
        const isKnown = timeIsSure || isTold;
        if (!isKnown && !timed.has(open.source) && hasRoom(head)) {
          keep({ ...open, head: [...head, raw] });
          return;
        }
        if (!timed.has(open.source)) emitHead(open, isKnown ? time : undefined, out);
        emit(events.add(open, line, time), open, out);
        keep(open);
      },
      onTimer(time, out) {
        const open = state.get();
        if (open === undefined || open.wake !== time) return;
        open.wake = null;
        if (open.head?.length) emitHead(open, undefined, out);
        const event = events.end(open, time);
        emit(event, open, out);
        const isOver = open.lines.length === 0 && event === null;
        // At the end of the input nothing is forgotten: more may be appended.
        if (ctx.watermark === Number.POSITIVE_INFINITY && open.lines.length === 0) state.set(open);
        else if (isOver) state.clear();
        else keep(open);
      },
    };
  };

/** A line of which it is known otherwise when it happened. One that begins with a blank is read with its event. */
function readAt(reader: LineReader, raw: RawLine, time: Time): ReadLine {
  const { line, source, time: taken } = raw;
  const log = /^\s/.test(line) ? null : reader.readEvent(line, { source, taken, time });
  return { raw, time, timeIsSure: false, isTold: false, log };
}

function hasRoom(head: readonly RawLine[]): boolean {
  return head.length < mostHead && head.reduce((sum, { line }) => sum + line.length, 0) < mostHeadLength;
}

const paneEnd = (time: Time): Time => (Math.floor(time / paneMs) + 1) * paneMs - 1;

/** The key of a source. */
export const sourceKey = ({ raw }: ReadLine): string => boundedName(raw.source);
