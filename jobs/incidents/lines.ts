/**
 * Joins a source's lines to events: a stack trace counts once, with time and level of its first line. It stands behind
 * event time, because only that tells when nothing more is to come: at the end of a recording as in a running stream.
 *
 * The stream is keyed by what lines come through, their origin, which may carry many sources: a file with the lines of
 * many containers, a partition with those of many pods. Each is joined for itself, and so many are held at once.
 */
import { type Handlers, json, type OpContext, type Out, type Time, type ValueState } from 'millrace';
import type { UnderstoodLines } from '../../logs/explained/understood.ts';
import { newSource } from '../../logs/lines/event-lines.ts';
import type { LineReader, ReadLine } from '../../logs/lines/raw-line.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { carriedSources } from './carried-sources.ts';
import { serviceNames } from './names.ts';
import { SourceJoiner, type SourceLines } from './source-joiner.ts';
import { intact } from './stored.ts';

/** The handlers; the stream is keyed by origin. What of the lines is understood is counted for who asks. */
export const joinLines =
  (reader: LineReader, understood?: UnderstoodLines) =>
  (ctx: OpContext<ReadLine>): Handlers<ReadLine, ParsedLog> => {
    /** The source that is its own origin, and all others. */
    const own = ctx.value('open', json<SourceLines>(), { intact });
    const names = serviceNames(ctx);
    const joiner = new SourceJoiner(reader, (event, open, out) => {
      names.settle(event, open);
      understood?.add(event.log, event.lines);
      out.emitAt(event.log, event.time);
    });
    const carried = carriedSources(ctx, joiner);
    return {
      onData(line, time, out) {
        const { raw, origin } = line;
        if (raw.source !== origin) return carried.take(line, time, out);
        const open = own.get() ?? newSource(raw.source);
        joiner.take(open, { line, time }, out);
        if (joiner.wakesSooner(open)) ctx.timer(open.wake!);
        own.set(open);
      },
      onTimer(time, out) {
        endOwn(own, joiner, { time, ctx, out });
        carried.end(time, out);
        if (own.get() === undefined && carried.isEmpty()) names.forget();
      },
    };
  };

interface Ending {
  readonly time: Time;
  readonly ctx: OpContext<ReadLine>;
  readonly out: Out<ParsedLog>;
}

/** Ends the open event of the source that is its own origin, if it is due, and forgets a source that is silent. */
function endOwn(own: ValueState<SourceLines>, joiner: SourceJoiner, { time, ctx, out }: Ending): void {
  const open = own.get();
  if (open === undefined || open.wake !== time) return;
  const isOver = joiner.end(open, time, out);
  // At the end of the input nothing is forgotten: more may be appended.
  const isEnd = ctx.watermark === Number.POSITIVE_INFINITY && open.lines.length === 0;
  if (isOver && !isEnd) return own.clear();
  if (!isEnd && joiner.wakesSooner(open)) ctx.timer(open.wake!);
  own.set(open);
}
