/**
 * Joins a source's lines to events: a stack trace counts once, with time and level of its first line. It stands behind
 * event time, because only that tells when nothing more is to come: at the end of a recording as in a running stream.
 */
import { type Handlers, json, type OpContext } from 'millrace';
import { EventLines, type Joined, newSource, type OpenLines, wakeAt } from '../../logs/lines/event-lines.ts';
import type { LineReader, ReadLine } from '../../logs/lines/raw-line.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { paneMs } from '../../signals/panes.ts';

/** The handlers; the stream is keyed by source. */
export const joinLines =
  (reader: LineReader) =>
  (ctx: OpContext<ReadLine>): Handlers<ReadLine, ParsedLog> => {
    const state = ctx.value('open', json<OpenLines>());
    const events = new EventLines(reader);
    /** One timer per source, which moves on when it is due: a timer per line would be a change of state per line. */
    const keep = (open: OpenLines) => {
      const at = wakeAt(open, paneMs);
      if (open.wake === null || at < open.wake) {
        open.wake = at;
        ctx.timer(at);
      }
      state.set(open);
    };
    return {
      onData(line, time, out) {
        const open = state.get() ?? newSource(line.raw.source);
        const event = events.add(open, line, time);
        if (event !== null) out.emitAt(event.log, event.time);
        keep(open);
      },
      onTimer(time, out) {
        const open = state.get();
        if (open === undefined || open.wake !== time) return;
        open.wake = null;
        const event: Joined | null = events.end(open, time);
        if (event !== null) out.emitAt(event.log, event.time);
        const isOver = open.lines.length === 0 && event === null;
        // At the end of the input nothing is forgotten: more may be appended.
        if (ctx.watermark === Number.POSITIVE_INFINITY && open.lines.length === 0) state.set(open);
        else if (isOver) state.clear();
        else keep(open);
      },
    };
  };

/** The key of a source; long paths differ at their ends. */
export const sourceKey = ({ raw }: ReadLine): string => raw.source.slice(-200);
