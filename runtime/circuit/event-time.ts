/**
 * Gives records their event time and passes the watermark on (times.ts). A batch is cut where the split's newest time
 * crosses a granule, so that what is late depends on the records and never on how they were batched. Records without
 * a time, or too far ahead of the clock, leave by side outputs.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import { refusePromise } from '../../graph/promises.ts';
import type { EventTimeOptions } from '../../graph/stream.ts';
import type { Clock } from '../../time/clock.ts';
import { hours, minutes, seconds, type Time } from '../../time/duration.ts';
import { tooFarAhead } from '../../time/idle.ts';
import { type Batch, Collector, type Element, elementOperator, Sides } from './element.ts';
import { type OnPoison, Streak } from './operate.ts';
import { SplitTimes } from './split-times.ts';
import type { EventTimeMemory, Times } from './times.ts';

/** What a Date can hold; times beyond it mean nothing and would break the arithmetic of windows. */
const maxTime = 8.64e15;

/** The operator behind `eventTime`. */
export class EventTimes implements Times {
  readonly id: string;
  readonly #options: Required<EventTimeOptions<unknown>>;
  readonly #clock: Clock;
  readonly #splits: SplitTimes;
  readonly #out = new Collector();
  readonly #sides = new Sides(this.#out);
  readonly #untimed: (value: unknown) => void;
  readonly #ahead: (value: unknown) => void;
  readonly #poison: OnPoison;
  readonly #streak = new Streak();
  #announced = false;

  constructor(parts: {
    readonly id: string;
    readonly options: EventTimeOptions<unknown>;
    readonly clock: Clock;
    readonly nameOf: (split: number) => string;
    readonly side: (name: string) => Pick<Subscriber<Element>, 'next'>;
    readonly memory: EventTimeMemory | undefined;
    readonly poison: OnPoison;
  }) {
    this.id = parts.id;
    this.#clock = parts.clock;
    this.#poison = parts.poison;
    this.#untimed = this.#sides.emitter('untimed', parts.side('untimed'));
    this.#ahead = this.#sides.emitter('ahead', parts.side('ahead'));
    const defaults = { idleAfter: minutes(1), granule: seconds(1), ahead: hours(1), moves: () => true };
    this.#options = { ...defaults, ...parts.options };
    this.#splits = new SplitTimes({ options: this.#options, nameOf: parts.nameOf, memory: parts.memory });
  }

  get watermark(): Time {
    return this.#splits.watermark;
  }

  splitWatermark(split: number): Time {
    return this.#splits.splitWatermark(split);
  }

  isDoubtful(split: number): boolean {
    return this.#splits.isDoubtful(split);
  }

  isTimeless(split: number): boolean {
    return this.#splits.isTimeless(split);
  }

  memory(): EventTimeMemory {
    return this.#splits.memory();
  }

  readonly operator: OperatorFunction<Element, Element> = elementOperator((element, to) => this.#handle(element, to));

  #handle(element: Element, to: Subscriber<Element>): void {
    switch (element.kind) {
      case 'data':
        return this.#onBatch(element, to);
      case 'split':
        this.#announce(to);
        if (element.state !== 'open' && element.state !== 'busy') this.#settle(element.split, to);
        this.#splits.onSplit(element);
        // A split that opens can only hold time back, and the next one to open may have to.
        return element.state === 'open' ? undefined : this.#advance(to);
      case 'tick':
        this.#splits.now = element.now;
        this.#sides.signal(element);
        to.next(element);
        return this.#advance(to);
      default:
        this.#sides.signal(element);
        to.next(element);
    }
  }

  /** After a restart the operators behind learn first how far time had come, so that late stays late. */
  #announce(to: Subscriber<Element>): void {
    if (this.#announced) return;
    this.#announced = true;
    const { watermark } = this.#splits;
    if (Number.isFinite(watermark)) to.next({ kind: 'watermark', time: watermark });
  }

  #onBatch(batch: Batch, to: Subscriber<Element>): void {
    const split = this.#splits.of(batch.split);
    const { ahead, moves } = this.#options;
    const now = this.#clock.now();
    const out = this.#out;
    const keyed = batch.keys !== undefined;
    out.begin(batch.length, keyed, batch.split);
    this.#sides.begin(keyed, batch.split);
    for (let i = 0; i < batch.length; i++) {
      const value = batch.values[i];
      if (keyed) out.key = batch.keys![i];
      const time = this.#timeOf(batch, i);
      if (time === undefined) continue;
      if (!(Math.abs(time) <= maxTime)) {
        out.time = batch.times[i]!;
        this.#untimed(value);
      } else if (tooFarAhead(time, now, ahead)) {
        out.time = batch.times[i]!;
        this.#ahead(value);
      } else {
        out.emitAt(value, time);
        if (moves(value) && split.observe(time)) {
          out.flush(to);
          this.#advance(to);
          out.begin(batch.length - i, keyed, batch.split);
        }
      }
    }
    this.#streak.end(batch.length);
    out.flush(to);
    this.#sides.flush();
  }

  /** The record's time in whole milliseconds, NaN if it has none; undefined if asking for it threw. */
  #timeOf({ values, times }: Batch, i: number): Time | undefined {
    try {
      const at = this.#options.at(values[i]) ?? Number.NaN;
      const time = Math.floor(at);
      if (Number.isNaN(time)) refusePromise(at, 'eventTime');
      return time;
    } catch (error) {
      this.#poison({ value: values[i], time: times[i]!, error, streak: this.#streak.failed(i) });
      return undefined;
    }
  }

  #settle(split: number, to: Subscriber<Element>): void {
    const time = this.#splits.settle(split, this.#clock.now());
    if (time !== undefined) to.next({ kind: 'watermark', time });
  }

  #advance(to: Subscriber<Element>): void {
    const time = this.#splits.advance(this.#clock.now());
    if (time !== undefined) to.next({ kind: 'watermark', time });
  }
}
