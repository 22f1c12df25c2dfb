/**
 * The one seam between handlers and RxJS. For every operator alike it orders what may happen: data is handled record
 * by record; a watermark first fires the timers it makes due, in order of time and then of key, then is shown to the
 * operator, then passed on; barriers and ticks follow what came before them. A record on which code of the job throws
 * is set aside as poison and the stream goes on, unless so many follow each other that the code must be at fault.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import type { Handlers } from '../../graph/op.ts';
import { type KeySlot, keyOf, type SlotOrKey } from '../../state/entry.ts';
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
  /** Receives what the operator threw on. */
  readonly poison: OnPoison;
  readonly streak: Streak;
  readonly timerStreak: Streak;
  watermark: Time;
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
    case 'watermark':
      if (element.time <= op.watermark) return;
      op.watermark = element.time;
      begin(op, 0, 0);
      if (op.keyed !== undefined) fire(op, op.keyed, element.time);
      out.time = element.time;
      out.key = undefined;
      handlers.onWatermark?.(element.time, out);
      flush(op, to);
      break;
    case 'tick':
      if (handlers.onTick !== undefined) {
        begin(op, 0, 0);
        out.time = element.now;
        out.key = undefined;
        handlers.onTick(element.now, out);
        flush(op, to);
      }
      break;
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
  op.counts.out += op.out.flush(to);
  op.sides.flush();
}

function onBatch(op: Running, batch: Batch, to: Subscriber<Element>): void {
  const { handlers, out } = op;
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
        handlers.onData(values[i], time, out);
      }
    } catch (error) {
      op.poison({ value: values[i], time: times[i]!, error, streak: op.streak.failed(i) });
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
    out.time = batch.times[i]!;
    try {
      handlers.onControl?.(batch.values[i], batch.times[i]!, out);
    } catch (error) {
      op.poison({ value: batch.values[i], time: batch.times[i]!, error, streak: 1 });
    }
  }
}

function fire(op: Running, keyed: NonNullable<Running['keyed']>, until: Time): void {
  const { table, timers, expire } = keyed;
  const { out, handlers } = op;
  let handled = 0;
  while (timers.isDue(until)) {
    const { time, due } = timers.take();
    out.time = time;
    for (const owner of due) {
      const slot = slotOf(table, owner);
      table.current = slot;
      out.key = slot;
      try {
        handlers.onTimer?.(time, out);
      } catch (error) {
        op.poison({ value: slot.key, time, error, streak: op.timerStreak.failed(handled) });
      }
      handled++;
    }
  }
  op.timerStreak.end(handled);
  expire(until);
}

/** The gate has loaded the keys of all due timers before it let the watermark in. */
function slotOf(table: KeyTable, owner: SlotOrKey): KeySlot {
  const slot = table.slotOf(owner);
  if (slot === undefined) throw new Error(`key ${String(keyOf(owner))} was not loaded before its timer fired`);
  return slot;
}

/** A record, or the key of a timer, on which something threw. */
export interface Poison {
  readonly value: unknown;
  readonly time: Time;
  readonly error: unknown;
  /** How many failed in a row, this one included. */
  readonly streak: number;
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
