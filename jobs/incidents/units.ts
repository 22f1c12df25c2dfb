/**
 * Units of work in the incident job: the records of a trace wait until it is closed and become a unit; the units of an
 * environment are watched every five seconds, and every ten its anomalous services become signals.
 */
import { type Codec, type Duration, type Handlers, json, type OpContext, type Time } from 'millrace';
import type { Scorer } from '../../decisions/score.ts';
import {
  endsPane,
  frozenNow,
  isWatching,
  judgeUnits,
  newVerdicts,
  type UnitVerdicts,
  unitSignals,
} from '../../decisions/unit-verdicts.ts';
import type { Signal } from '../../signals/signal.ts';
import { addToTrace, afterSilence, closesAt, newTrace, type OpenTrace } from '../../signals/units/open-trace.ts';
import type { TracedSpan } from '../../signals/units/span.ts';
import type { UntimedLine } from '../../signals/units/traced.ts';
import { type UnitOfWork, unitOf } from '../../signals/units/unit.ts';
import { addUnit, type Choice, newChoice } from '../../signals/units/unit-window.ts';
import { forgetService, judgedServices, tick, tickMs } from '../../signals/units/watch.ts';
import { bounded, type Evicted } from './bounded.ts';
import { intact, storedEdge, storedOperation } from './stored.ts';

/** Records of a trace that a unit had no room for. */
interface LeftOut {
  readonly trace: string;
  readonly records: number;
}

/** A span that came when its trace was long over: without the others it would be a unit that lacks them. */
interface LateSpan {
  readonly trace: string;
  readonly service: string;
  readonly time: Time;
}

/** A trace, and when it is next looked at. */
interface WaitingTrace extends OpenTrace {
  wake: Time;
}

/** Makes units of the records of traces; the stream is keyed by trace. */
export function makeUnits(ctx: OpContext<TracedSpan | UntimedLine>): Handlers<TracedSpan | UntimedLine, UnitOfWork> {
  const state = ctx.value('trace', json<WaitingTrace>(), { intact });
  const leftOut = ctx.side<LeftOut>('trace-full');
  const late = ctx.side<LateSpan>('trace-over');
  // A timer that moves on when it is due, or when the root has ended: one per record would be too many.
  const wakeAt = (trace: WaitingTrace, at: Time) => {
    if (trace.wake !== at) ctx.timer(at);
    trace.wake = at;
    state.set(trace);
  };
  return {
    onData(record, time) {
      const known = state.get();
      if (known === undefined && time + afterSilence <= ctx.watermark) {
        // A late line is told where lines are counted.
        if (!('place' in record)) late({ trace: record.trace, service: record.service, time });
        return;
      }
      const trace: WaitingTrace = known ?? { ...newTrace(time), wake: Number.POSITIVE_INFINITY };
      addToTrace(trace, 'place' in record ? { ...record, time } : record, time);
      wakeAt(trace, Math.min(trace.wake, closesAt(trace)));
    },
    onTimer(time, out) {
      const trace = state.get();
      if (trace === undefined || trace.wake !== time) return;
      const closed = closesAt(trace);
      if (closed > time) return wakeAt(trace, closed);
      state.clear();
      if (trace.leftOut > 0) leftOut({ trace: String(ctx.key), records: trace.leftOut });
      // Lines alone tell no edges and no operations: they are judged as templates and by their levels.
      if (trace.spans.length > 0) out.emit(unitOf(trace.spans, trace.lines, time));
    },
  };
}

/** What is kept of an environment besides its maps. */
interface Watch extends Choice {
  verdicts: UnitVerdicts;
  /** The last tick. */
  through: Time;
  /** Units of which it was told that they were left out. */
  told: number;
}

/** Units that were left out of a window, because more came than it holds. */
interface Thinned {
  readonly units: number;
  /** One trace of so many is watched. */
  readonly every: number;
}

/** Operations and edges of an environment. */
const mostKept = 5_000;
const limit = 10_000;

/** Watches the units of an environment. */
export const watchUnits =
  ({ scorer, freezeAtMost }: { readonly scorer: Scorer; readonly freezeAtMost: Duration }) =>
  (ctx: OpContext<UnitOfWork>): Handlers<UnitOfWork, Signal> => {
    const evicted = ctx.side<Evicted>('evicted');
    const thinned = ctx.side<Thinned>('units-full');
    const lately = <V extends { readonly last: Time }>(name: string, codec: Codec<V>) =>
      bounded(
        ctx.map<string, V>(name, codec, { limit, intact }),
        { name, most: mostKept, age: ({ last }) => last },
        evicted,
      );
    const operations = lately('operations', storedOperation);
    const edges = lately('edges', storedEdge);
    const units = ctx.map<string, UnitOfWork>('units', json<UnitOfWork>(), { limit, intact });
    const state = ctx.value('watch', json<Watch>(), { intact });
    const watchNow = (): Watch => state.get() ?? { ...newChoice(), verdicts: newVerdicts(), through: 0, told: 0 };
    return {
      onData(unit, time) {
        const watch = watchNow();
        const window = { units, ...watch };
        addUnit(window, unit);
        const { every, leftOut } = window;
        state.set({ ...watch, every, leftOut });
        // A unit of a trace that was late belongs to the next tick.
        ctx.timer(tickAfter(Math.max(time, watch.through)) - 1);
      },
      onTimer(time, out) {
        const now = time + 1;
        const { verdicts, told, ...choice } = watchNow();
        const window = { units, every: choice.every, leftOut: choice.leftOut };
        if (choice.leftOut > told) thinned({ units: choice.leftOut - told, every: choice.every });
        const memory = { operations, edges, window };
        const findings = tick(memory, now, frozenNow(verdicts));
        const usual = judgeUnits(verdicts, findings, { now, freezeAtMost });
        for (const service of usual) forgetService(memory, service);
        if (endsPane(now)) {
          const judged = judgedServices(memory, now);
          for (const signal of unitSignals(verdicts, { end: now, judged }, scorer)) out.emit(signal);
        }
        const { every, leftOut } = window;
        state.set({ every, leftOut, verdicts, through: now, told: leftOut });
        if (units.size > 0 || isWatching(verdicts)) ctx.timer(now + tickMs - 1);
      },
    };
  };

/** The first tick after a time. */
const tickAfter = (time: Time): Time => (Math.floor(time / tickMs) + 1) * tickMs;
