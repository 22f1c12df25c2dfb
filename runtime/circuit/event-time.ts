import type { OperatorFunction, Subscriber } from 'rxjs';
import type { EventTimeOptions } from '../../graph/stream.ts';
import type { Clock } from '../../time/clock.ts';
import { hours, minutes, seconds, type Time } from '../../time/duration.ts';
import { heldByClock, idleWatermark, tooFarAhead } from '../../time/idle.ts';
import { SplitWatermark } from '../../time/watermark.ts';
import { Collector, Sides } from './collector.ts';
import type { Batch, Element } from './element.ts';
import { type OnPoison, Streak } from './poison.ts';
import { elementOperator } from './rx.ts';

/**
 * Gives records their event time and makes the watermark. A batch is cut where the split's newest time crosses a
 * granule, so that what is late depends on the records and never on how they were batched. Splits that are open hold
 * the watermark at −∞ until they have spoken; a split at its end for `idleAfter` is left out; when every split is
 * quiet that long, the watermark follows the clock. The watermark never passes the clock less `outOfOrder`.
 */

/** What a Date can hold; times beyond it are nobody's and would break the arithmetic of windows. */
const maxTime = 8.64e15;

interface SplitTime {
  readonly generator: SplitWatermark;
  /** When the split was first found at its end; undefined while it brings records. */
  quietSince: Time | undefined;
  ended: boolean;
}

/** What must be found again after a restart. Watermarks of −∞ are left out. */
export interface EventTimeMemory {
  readonly watermark?: Time;
  readonly splits: { readonly [split: string]: Time };
  /** Of a stage that receives, whose splits are the tasks that send to it: how many there are and which were idle. */
  readonly senders?: { readonly of: number; readonly idle: readonly number[] };
}

/** Where a circuit's event time comes from. */
export interface Times {
  /** Names its memory in an epoch's metadata. */
  readonly id: string;
  readonly watermark: Time;
  /** The watermark of one split; tells the reader which split runs ahead. */
  of(split: number): Time;
  memory(): EventTimeMemory;
}

export class EventTimes implements Times {
  /** The source's uid and a number; names the memory in an epoch's metadata. */
  readonly id: string;
  readonly #options: Required<EventTimeOptions<unknown>>;
  readonly #clock: Clock;
  readonly #splits = new Map<number, SplitTime>();
  readonly #remembered: EventTimeMemory['splits'];
  readonly #nameOf: (split: number) => string;
  readonly #out = new Collector();
  readonly #sides = new Sides(this.#out);
  readonly #untimed: (value: unknown) => void;
  readonly #ahead: (value: unknown) => void;
  readonly #poison: OnPoison;
  readonly #streak = new Streak();
  #announced = false;
  #now: Time = Number.NEGATIVE_INFINITY;
  #watermark: Time = Number.NEGATIVE_INFINITY;

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
    this.#nameOf = parts.nameOf;
    this.#remembered = parts.memory?.splits ?? {};
    this.#watermark = parts.memory?.watermark ?? Number.NEGATIVE_INFINITY;
    this.#untimed = this.#sides.emitter('untimed', parts.side('untimed'));
    this.#ahead = this.#sides.emitter('ahead', parts.side('ahead'));
    const defaults = { idleAfter: minutes(1), granule: seconds(1), ahead: hours(1), moves: () => true };
    this.#options = { ...defaults, ...parts.options };
  }

  get watermark(): Time {
    return this.#watermark;
  }

  /** The watermark of one split; −∞ before its first record. Tells the reader which split runs ahead. */
  of(split: number): Time {
    return this.#splits.get(split)?.generator.watermark ?? Number.NEGATIVE_INFINITY;
  }

  memory(): EventTimeMemory {
    const splits: Record<string, Time> = {};
    for (const [index, { generator }] of this.#splits) {
      if (Number.isFinite(generator.watermark)) splits[this.#nameOf(index)] = generator.watermark;
    }
    return Number.isFinite(this.#watermark) ? { watermark: this.#watermark, splits } : { splits };
  }

  readonly operator: OperatorFunction<Element, Element> = elementOperator((element, to) => this.#handle(element, to));

  #handle(element: Element, to: Subscriber<Element>): void {
    switch (element.kind) {
      case 'data':
        return this.#onBatch(element, to);
      case 'split':
        this.#announce(to);
        this.#onSplit(element.split, element.state, element.at);
        // A split that opens can only hold time back, and the next one to open may have to.
        return element.state === 'open' ? undefined : this.#advance(to);
      case 'tick':
        this.#now = element.now;
        this.#sides.signal(element);
        to.next(element);
        return this.#advance(to);
      default:
        this.#sides.signal(element);
        to.next(element);
    }
  }

  /** After a restart downstream hears first how far it had come, so that late stays late. */
  #announce(to: Subscriber<Element>): void {
    if (this.#announced) return;
    this.#announced = true;
    if (Number.isFinite(this.#watermark)) to.next({ kind: 'watermark', time: this.#watermark });
  }

  #onSplit(index: number, state: 'open' | 'quiet' | 'ended', at: Time): void {
    const split = this.#split(index);
    if (state === 'ended') split.ended = true;
    if (state === 'quiet') split.quietSince ??= at;
  }

  #split(index: number): SplitTime {
    const known = this.#splits.get(index);
    if (known !== undefined) return known;
    const { outOfOrder, granule } = this.#options;
    const restored = this.#remembered[this.#nameOf(index)] ?? Number.NEGATIVE_INFINITY;
    const generator = new SplitWatermark({ outOfOrder, granule, restored });
    const split = { generator, quietSince: undefined, ended: false };
    this.#splits.set(index, split);
    return split;
  }

  #onBatch(batch: Batch, to: Subscriber<Element>): void {
    const split = this.#split(batch.split);
    split.quietSince = undefined;
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
        if (moves(value) && split.generator.observe(time)) {
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
      return Math.floor(this.#options.at(values[i]) ?? Number.NaN);
    } catch (error) {
      this.#poison({ value: values[i], time: times[i]!, error, streak: this.#streak.failed(i) });
      return undefined;
    }
  }

  #advance(to: Subscriber<Element>): void {
    const next = this.#least();
    if (next === undefined || next <= this.#watermark) return;
    this.#watermark = next;
    to.next({ kind: 'watermark', time: next });
  }

  /** The least watermark of the splits that count; undefined while one has not spoken or there is nothing to say. */
  #least(): Time | undefined {
    const { outOfOrder, idleAfter } = this.#options;
    let least = Number.POSITIVE_INFINITY;
    let counted = 0;
    let ended = 0;
    for (const split of this.#splits.values()) {
      if (split.ended) {
        ended++;
        continue;
      }
      if (split.quietSince !== undefined && this.#now - split.quietSince >= idleAfter) continue;
      counted++;
      least = Math.min(least, split.generator.watermark);
    }
    if (this.#splits.size === 0) return undefined;
    if (ended === this.#splits.size) return Number.POSITIVE_INFINITY;
    if (counted > 0) return heldByClock(least, this.#clock.now(), outOfOrder);
    return idleWatermark(this.#now, outOfOrder, idleAfter);
  }
}
