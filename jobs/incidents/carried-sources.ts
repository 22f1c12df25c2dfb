/**
 * The sources that one origin carries: the containers whose lines one file holds, the pods of a partition. Input names
 * them, so only so many are held at once. Where another begins, those heard of longest ago are let go: their open
 * events end there, which is told, and what was learnt of them is learnt again.
 */
import { hours, json, type OpContext, type Out, type Time } from 'millrace';
import { newSource } from '../../logs/lines/event-lines.ts';
import type { ReadLine } from '../../logs/lines/raw-line.ts';
import { boundedName } from '../../logs/lines/source-name.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { paneEnd, type SourceJoiner, type SourceLines } from './source-joiner.ts';
import { intact } from './stored.ts';

/** What is kept of an origin that carries sources. */
interface Carried {
  /** How many sources there are. */
  sources: number;
  /** The event time at which they are looked at again; null when nothing is planned. */
  wake: Time | null;
  /** Events that had to end since it was last told, and when that was. */
  ended: number;
  told: Time | null;
}

/** Events that ended before their time, because more sources wrote at once than are held. */
interface SourcesFull {
  readonly origin: string;
  readonly events: number;
  readonly most: number;
}

/** The sources of the origin whose key is current. */
export interface CarriedSources {
  take(line: ReadLine, time: Time, out: Out<ParsedLog>): void;
  /** Event time has come to `time`: ends what is over by then. */
  end(time: Time, out: Out<ParsedLog>): void;
  isEmpty(): boolean;
}

/** Sources of an origin; a sixteenth is let go where there is no room. */
export const mostSources = 2_000;
const tellAgainAfter = hours(1);

/** The sources that an origin carries, each joined by `joiner`. */
export function carriedSources(ctx: OpContext<ReadLine>, joiner: SourceJoiner): CarriedSources {
  const sources = ctx.map<string, SourceLines>('sources', json(), { intact });
  const carried = ctx.value<Carried>('carried', json(), { intact });
  const tellFull = ctx.side<SourcesFull>('sources-full');
  const letGo = (kept: Carried, origin: string, out: Out<ParsedLog>) => {
    const all = [...sources.entries()].sort(([, a], [, b]) => a.time - b.time);
    for (const [name, open] of all.slice(0, Math.ceil(mostSources / 16))) {
      if (open.lines.length > 0 || open.head?.length || open.traces?.length) kept.ended++;
      joiner.end(open, Number.POSITIVE_INFINITY, out);
      sources.delete(name);
      kept.sources--;
    }
    const time = all[all.length - 1]![1].time;
    if (kept.ended === 0 || (kept.told !== null && time - kept.told < tellAgainAfter)) return;
    tellFull({ origin, events: kept.ended, most: mostSources });
    kept.ended = 0;
    kept.told = time;
  };
  /** All are looked at together, at the end of a pane. */
  const plan = (kept: Carried, wake: Time) => {
    const at = paneEnd(wake);
    if (kept.wake !== null && at >= kept.wake) return;
    kept.wake = at;
    ctx.timer(at);
    carried.set(kept);
  };
  return {
    take(line, time, out) {
      const { raw, origin } = line;
      const kept = carried.get() ?? { sources: 0, wake: null, ended: 0, told: null };
      const entry = sources.at(boundedName(raw.source));
      const open = entry.value ?? newSource(raw.source);
      if (entry.value === undefined) {
        if (kept.sources >= mostSources) letGo(kept, origin, out);
        kept.sources++;
        carried.set(kept);
      }
      joiner.take(open, { line, time }, out);
      if (joiner.wakesSooner(open)) plan(kept, open.wake!);
      entry.set(open);
    },
    end(time, out) {
      const kept = carried.get();
      if (kept === undefined || kept.wake !== time) return;
      const isEnd = ctx.watermark === Number.POSITIVE_INFINITY;
      let next = Number.POSITIVE_INFINITY;
      kept.wake = null;
      for (const [name, open] of [...sources.entries()]) {
        if (open.wake !== null && open.wake <= time) {
          const isOver = joiner.end(open, time, out);
          // At the end of the input nothing is forgotten: more may be appended.
          if (isOver && !isEnd) {
            sources.delete(name);
            kept.sources--;
            continue;
          }
          joiner.wakesSooner(open);
          sources.set(name, open);
        }
        const isPlanned = open.wake !== null && (!isEnd || open.lines.length > 0);
        if (isPlanned) next = Math.min(next, open.wake!);
      }
      if (kept.sources === 0) return carried.clear();
      if (next < Number.POSITIVE_INFINITY) plan(kept, next);
      carried.set(kept);
    },
    isEmpty: () => carried.get() === undefined,
  };
}
