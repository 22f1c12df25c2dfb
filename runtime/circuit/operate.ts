/**
 * The one seam between handlers and RxJS. For every operator alike it orders what may happen: data is handled record
 * by record; a watermark first fires the timers it makes due, in order of time and then of key, then is shown to the
 * operator, then passed on; barriers and ticks follow what came before them.
 *
 * A record on which code of the job throws is set aside as poison and the stream goes on, unless so many follow each
 * other that the code must be at fault. What its handler had changed and emitted is taken back (state/journal.ts): the
 * call has no effect at all. A value that it may have changed in place can't be taken back unless the operator is run
 * carefully; otherwise the task fails with RECORD_REPEATED, and its next life reads the records again and is careful.
 *
 * At the end of the input every timer is due. What timers set then is fired as well, up to a limit (state/timers.ts).
 * What would expire stays, because the end of an input is no time that passes.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import { hasCode, MillraceError, reasonOf } from '../../errors.ts';
import type { Handlers } from '../../graph/op.ts';
import { refusePromise } from '../../graph/promises.ts';
import { type KeySlot, keyOf, type SlotOrKey } from '../../state/entry.ts';
import type { Journal } from '../../state/journal.ts';
import type { KeyTable } from '../../state/key-table.ts';
import type { Timers } from '../../state/timers.ts';
import type { Time } from '../../time/duration.ts';
import { type Batch, type Collector, type Element, elementOperator, type Sides } from './element.ts';

/** An operator as a task runs it. */
export interface Running {
  readonly uid: string;
  readonly handlers: Handlers<unknown, unknown>;
  readonly out: Collector;
  readonly sides: Sides;
  /** Keyed state and timers; undefined where the operator is stateless. */
  readonly keyed:
    | { readonly table: KeyTable; readonly timers: Timers; readonly expire: (now: Time) => void }
    | undefined;
  /** What the present handler call has changed. */
  readonly journal: Journal;
  /** Whether values are saved before handlers get them, and checked behind them. */
  readonly careful: boolean;
  /** Whether the present handler call could have changed a state in place. */
  readonly couldChange: () => boolean;
  /** Receives what the operator threw on. */
  readonly poison: OnPoison;
  /** A value went to a side output. */
  readonly onSide: (name: string) => void;
  /** Timers that set themselves again at the end of the input were left. */
  readonly onEndless: (count: number) => void;
  readonly streak: Streak;
  readonly timerStreak: Streak;
  readonly signalStreak: Streak;
  readonly resultStreak: Streak;
  watermark: Time;
  /** The time of the timer that fired last, and whether timers are firing, each at its own time. */
  fired: Time;
  isFiring: boolean;
  /** Whether a step on the way to the watermark +∞ is being handled, on which it is that one already. */
  isEnding: boolean;
  /** The time of the last timer that fired because the input had ended: what belongs before it is late. */
  ended: Time;
  /** Records that came in and went out since the task was opened. */
  readonly counts: { in: number; out: number };
}

/** Makes an RxJS operator of an operator's handlers. */
export function operate(op: Running): OperatorFunction<Element, Element> {
  return elementOperator((element, to) => handle(op, element, to));
}

function handle(op: Running, element: Element, to: Subscriber<Element>): void {
  const { out, sides, handlers } = op;
  switch (element.kind) {
    case 'data':
      onBatch(op, element, to);
      return;
    case 'control':
      onControl(op, element.batch);
      flush(op, to);
      return;
    case 'watermark': {
      const { time } = element;
      if (time <= op.watermark) return;
      op.watermark = time;
      op.isEnding = element.end === true;
      begin(op, 0, 0);
      if (op.keyed !== undefined) fire(op, op.keyed, element);
      out.time = time;
      out.key = undefined;
      if (handlers.onWatermark !== undefined) attempt(op, { watermark: time }, () => handlers.onWatermark!(time, out));
      // What timers before it emit between two steps on the way to the end is not late.
      op.isEnding = false;
      flush(op, to);
      break;
    }
    case 'tick': {
      const { now } = element;
      if (handlers.onTick === undefined) break;
      begin(op, 0, 0);
      out.time = now;
      out.key = undefined;
      attempt(op, { tick: now }, () => handlers.onTick!(now, out));
      flush(op, to);
      break;
    }
  }
  to.next(element);
  sides.signal(element);
}

function begin(op: Running, size: number, split: number): void {
  const keyed = op.keyed !== undefined;
  op.out.begin(size, keyed, split);
  op.sides.begin(keyed, split);
}

function flush(op: Running, to: Subscriber<Element>): void {
  let refused = 0;
  for (const { value, time, error, behind } of op.out.takeRefused()) {
    op.poison({ value, time, error, streak: op.resultStreak.failed(behind + refused++) });
  }
  const sent = op.out.flush(to);
  op.resultStreak.end(sent + refused);
  op.counts.out += sent;
  op.sides.flush(op.onSide);
}

function onBatch(op: Running, batch: Batch, to: Subscriber<Element>): void {
  const { handlers, out, journal, careful } = op;
  const { values, times, keys, length } = batch;
  op.counts.in += length;
  const table = op.keyed?.table;
  out.begin(length, keys !== undefined, batch.split);
  op.sides.begin(keys !== undefined, batch.split);
  // A record that throws is set aside and the loop goes on behind it; the try stands outside so that it costs nothing.
  for (let i = 0; i < length; i++) {
    try {
      for (; i < length; i++) {
        const time = times[i]!;
        out.time = time;
        if (keys !== undefined) {
          out.key = keys[i];
          if (table !== undefined) table.current = keys[i] as KeySlot;
        }
        journal.begin();
        out.mark();
        const returned: unknown = handlers.onData(values[i], time, out);
        if (returned !== undefined) refusePromise(returned, op.uid);
        if (careful) journal.check();
      }
    } catch (error) {
      setAside(op, { value: values[i], time: times[i]!, error, streak: op.streak.failed(i), split: batch.split });
    }
  }
  op.streak.end(length);
  flush(op, to);
}

function onControl(op: Running, batch: Batch): void {
  const { handlers, out } = op;
  begin(op, 0, batch.split);
  out.key = undefined;
  for (let i = 0; i < batch.length; i++) {
    const time = batch.times[i]!;
    out.time = time;
    op.journal.begin();
    out.mark();
    try {
      const returned: unknown = handlers.onControl?.(batch.values[i], time, out);
      if (returned !== undefined) refusePromise(returned, op.uid);
      if (op.careful) op.journal.check();
    } catch (error) {
      setAside(op, { value: batch.values[i], time, error, streak: 1 });
    }
  }
}

function fire(
  op: Running,
  { table, timers, expire }: NonNullable<Running['keyed']>,
  { time: until, end: atEnd = until === Number.POSITIVE_INFINITY }: { readonly time: Time; readonly end?: boolean },
): void {
  const { out, handlers, journal } = op;
  let handled = 0;
  op.isFiring = true;
  while (timers.isDue(until)) {
    const { time, due } = timers.take(atEnd);
    op.fired = time;
    out.time = time;
    for (const owner of due) {
      const slot = slotOf(table, owner);
      table.current = slot;
      out.key = slot;
      journal.begin();
      out.mark();
      timers.firing(slot.id);
      try {
        const returned: unknown = handlers.onTimer?.(time, out);
        if (returned !== undefined) refusePromise(returned, op.uid);
        if (op.careful) journal.check();
      } catch (error) {
        // Keys whose timers never end come together, as many as there are: that is no streak.
        const streak = hasCode(error, 'TIMER_ENDLESS') ? 1 : op.timerStreak.failed(handled);
        setAside(op, { value: slot.key, time, error, streak });
      }
      handled++;
    }
  }
  op.isFiring = false;
  op.timerStreak.end(handled);
  const left = timers.rest(until);
  if (!atEnd) return expire(until);
  op.ended = Math.max(op.ended, op.fired);
  if (left > 0) op.onEndless(left);
}

/** The gate has loaded the keys of all due timers before it let the watermark in. */
function slotOf(table: KeyTable, owner: SlotOrKey): KeySlot {
  const slot = table.slotOf(owner);
  if (slot === undefined) throw new Error(`key ${String(keyOf(owner))} was not loaded before its timer fired`);
  return slot;
}

/** Shows the operator a watermark or a tick. If it throws, `what` is the dead letter, and the signal goes on. */
function attempt(op: Running, what: Readonly<Record<string, Time>>, act: () => void): void {
  op.journal.begin();
  op.out.mark();
  try {
    const returned: unknown = act();
    if (returned !== undefined) refusePromise(returned, op.uid);
    if (op.careful) op.journal.check();
  } catch (error) {
    setAside(op, { value: what, time: op.out.time, error, streak: op.signalStreak.failed(0) });
  }
  op.signalStreak.end(1);
}

/** Takes back what a handler did that threw, and makes poison of its record. Errors: RECORD_REPEATED. */
function setAside(op: Running, poison: Poison): void {
  const { uid, journal, out } = op;
  const { error } = poison;
  journal.undo();
  out.dropMarked();
  if (!op.careful && !hasCode(error, 'PROMISE_REFUSED') && op.couldChange()) {
    throw new MillraceError('RECORD_REPEATED', { uid, reason: reasonOf(error) }, { cause: error });
  }
  op.poison(poison);
}

/** A record, or the key of a timer, on which something threw. */
export interface Poison {
  readonly value: unknown;
  readonly time: Time;
  readonly error: unknown;
  /** How many failed in a row, this one included. */
  readonly streak: number;
  /** The index of the split of its batch; a timer has none. */
  readonly split?: number;
}

/** Receives poison; throws in turn if the task must fail. */
export type OnPoison = (poison: Poison) => void;

/** Counts failures in a row, across batches. */
export class Streak {
  #count = 0;
  #last = -1;

  /** Notes that record `i` of the present batch failed; returns the length of the streak. */
  failed(i: number): number {
    this.#count = this.#last === i - 1 ? this.#count + 1 : 1;
    this.#last = i;
    return this.#count;
  }

  /** Ends a batch of `length` records. */
  end(length: number): void {
    if (this.#last !== length - 1) this.#count = 0;
    this.#last = -1;
  }
}
