/**
 * The watermark over the splits of a stream. What a split does to it depends on what is known of the split:
 *
 * | a split that is  | holds the watermark at                 | told by                                              |
 * | ---------------- | -------------------------------------- | ---------------------------------------------------- |
 * | new              | where it is                            | no record with a time yet                            |
 * | timed            | the newest of its times it believes    | records with a time                                  |
 * | unasked          | as before                              | nothing: no poll says that it is empty               |
 * | idle             | the clock when it was last asked       | polls that brought nothing, `idleAfter` apart        |
 * | without time     | the clock when it was last asked       | records without a usable time, for `idleAfter`       |
 * | gone             | where it is for `idleAfter`, if it was | its file is no more, another may come                |
 * |                  | the last one; then at the clock        |                                                      |
 * | ended            | nothing                                | its end; when all have ended, event time is over     |
 *
 * Idle and without time are one rule: no time was shown from `since` to `asked`, the last poll, and these are
 * `idleAfter` apart. What comes to such a split later comes after `asked`, so a punctual record of it is never late
 * while others move the watermark on. When no split holds it, the watermark follows the clock, `idleAfter` behind. It
 * never passes the clock; everything said here of the clock is less `outOfOrder`.
 */
import type { EventTimeOptions } from '../../graph/stream.ts';
import type { Time } from '../../time/duration.ts';
import { heldByClock, idleWatermark } from '../../time/idle.ts';
import { type Doubt, SplitWatermark } from '../../time/watermark.ts';
import type { SplitState } from './element.ts';
import type { EventTimeMemory } from './times.ts';

type Options = Required<Pick<EventTimeOptions<unknown>, 'outOfOrder' | 'granule' | 'idleAfter'>>;

/** What a task tells of a split; see `SplitState`. */
export interface SplitNews {
  readonly split: number;
  readonly state: SplitState;
  readonly at: Time;
  readonly asked: Time;
}

/** One split. */
class SplitTime {
  generator: SplitWatermark;
  state: SplitState = 'open';
  /** Since when it has shown no time; undefined while it brings some. */
  since: Time | undefined;
  /** When it was last polled, as far as it was told. */
  asked: Time = Number.NEGATIVE_INFINITY;

  constructor(generator: SplitWatermark) {
    this.generator = generator;
  }

  /** Takes the time of a record; true if the split's watermark rose. */
  observe(time: Time): boolean {
    this.since = undefined;
    return this.generator.observe(time);
  }

  /** Whether it is known to have shown no time for longer than that. */
  isSilent(idleAfter: number): boolean {
    return this.since !== undefined && this.asked - this.since > idleAfter;
  }
}

/** The watermark over the splits of a stream. */
export class SplitTimes {
  readonly #options: Options;
  readonly #splits = new Map<number, SplitTime>();
  readonly #remembered: EventTimeMemory | undefined;
  readonly #nameOf: (split: number) => string;
  /** The clock time of the last tick. */
  now: Time = Number.NEGATIVE_INFINITY;
  /** The watermark as last passed on. */
  watermark: Time;
  /** The same, but for +∞, which says that the input has ended: in a later run it may go on. */
  #reached: Time;

  constructor(parts: {
    readonly options: Options;
    readonly nameOf: (split: number) => string;
    readonly memory: EventTimeMemory | undefined;
  }) {
    this.#options = parts.options;
    this.#nameOf = parts.nameOf;
    this.#remembered = parts.memory;
    this.watermark = parts.memory?.watermark ?? Number.NEGATIVE_INFINITY;
    this.#reached = this.watermark;
  }

  splitWatermark(index: number): Time {
    return this.#splits.get(index)?.generator.watermark ?? Number.NEGATIVE_INFINITY;
  }

  isTimeless(index: number): boolean {
    const split = this.#splits.get(index);
    return split?.state === 'busy' && split.isSilent(this.#options.idleAfter);
  }

  memory(): EventTimeMemory {
    const splits: Record<string, Time> = {};
    const doubts: Record<string, Doubt> = {};
    for (const [index, { generator }] of this.#splits) {
      const { watermark, doubt } = generator;
      if (Number.isFinite(watermark)) splits[this.#nameOf(index)] = watermark;
      if (doubt !== undefined) doubts[this.#nameOf(index)] = doubt;
    }
    const memory = Object.keys(doubts).length === 0 ? { splits } : { splits, doubts };
    return Number.isFinite(this.#reached) ? { watermark: this.#reached, ...memory } : memory;
  }

  isDoubtful(index: number): boolean {
    return this.#splits.get(index)?.generator.doubt !== undefined;
  }

  /** Notes that a split has nothing to read, so that what it showed last stands; returns the watermark if it moved. */
  settle(index: number, clockNow: Time): Time | undefined {
    return this.#splits.get(index)?.generator.settle(clockNow) ? this.advance(clockNow) : undefined;
  }

  onSplit({ split: index, state, at, asked }: SplitNews): void {
    const split = this.of(index);
    // What is read again after it was gone is another file, whose times are its own.
    if (split.state === 'gone' && state === 'open') split.generator = this.#generator();
    if (state === 'open') split.since = undefined;
    else if (state === 'gone') split.since = at;
    else if (state === 'quiet') split.since ??= at;
    // A poll that brings nothing tells of all the time before it; one that brings records only of these.
    else if (split.since === undefined || asked - split.asked > this.#options.idleAfter / 2) split.since = asked;
    split.state = state;
    split.asked = asked;
  }

  /** The split, to take times of its records. */
  of(index: number): SplitTime {
    const known = this.#splits.get(index);
    if (known !== undefined) return known;
    const name = this.#nameOf(index);
    const split = new SplitTime(this.#generator(this.#remembered?.splits[name], this.#remembered?.doubts?.[name]));
    this.#splits.set(index, split);
    return split;
  }

  #generator(restored = Number.NEGATIVE_INFINITY, doubt?: Doubt): SplitWatermark {
    const { outOfOrder, granule } = this.#options;
    return new SplitWatermark({ outOfOrder, granule, restored, doubt });
  }

  /** Moves the watermark as far as nothing holds it; returns it if it moved. `clockNow` may be later than the tick. */
  advance(clockNow: Time): Time | undefined {
    const next = this.#least(clockNow);
    if (next === undefined || next <= this.watermark) return undefined;
    this.watermark = next;
    if (Number.isFinite(next)) this.#reached = next;
    return next;
  }

  /** The least watermark of the splits that count; undefined while no split exists, or the last one is just gone. */
  #least(clockNow: Time): Time | undefined {
    const { outOfOrder, idleAfter } = this.#options;
    if (this.#splits.size === 0) return undefined;
    let least = Number.POSITIVE_INFINITY;
    let asked = Number.POSITIVE_INFINITY;
    let counted = 0;
    let left = 0;
    let justGone = false;
    for (const split of this.#splits.values()) {
      if (split.state === 'ended') continue;
      left++;
      if (split.state === 'gone') justGone ||= this.now - split.since! < idleAfter;
      else if (split.isSilent(idleAfter)) asked = Math.min(asked, split.asked);
      else {
        counted++;
        least = Math.min(least, split.generator.watermark);
      }
    }
    if (left === 0) return Number.POSITIVE_INFINITY;
    if (counted > 0) return heldByClock(least, Math.min(clockNow, asked), outOfOrder);
    return justGone ? undefined : idleWatermark(Math.min(this.now, asked), outOfOrder, idleAfter);
  }
}
