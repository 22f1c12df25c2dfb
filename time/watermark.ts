/**
 * Watermarks: how far event time has advanced. A watermark W says that no record with a time ≤ W is expected any more.
 *
 * `SplitWatermark` derives the watermark of one split from its records, by bounded out-of-orderness (Akidau et al.,
 * "The Dataflow Model", VLDB 2015, call it a heuristic watermark). It moves in granules: a function of the records in
 * their order, never of how they were batched, so that a replay finds the same records late. It does not believe one
 * record that leaps ahead of all others of its split, as a sender does whose clock is fast: every other record would be
 * late. `WatermarkMerge` takes
 * the minimum over several inputs. Idleness is a value of its own, not a time: an idle input neither holds the
 * others back nor claims to know how far event time has advanced.
 */

import { MillraceError } from '../errors.ts';
import { type Duration, minutes, seconds, type Time } from './duration.ts';
import { floorTo } from './floor.ts';

/** Reported by an input that has nothing to read and must not hold the others back. */
export const IDLE = 'idle';

/** A watermark, or idleness. −Infinity stands for an input that has reported nothing yet. */
export type Watermark = Time | typeof IDLE;

/**
 * The minimum of the inputs that are not idle; idle if all are.
 *
 * @example
 * minWatermark([3_000, IDLE, 1_000]) // => 1000
 * minWatermark([IDLE, IDLE]) // => 'idle'
 */
export function minWatermark(inputs: readonly Watermark[]): Watermark {
  let min: Watermark = IDLE;
  for (const input of inputs) {
    if (input !== IDLE && (min === IDLE || input < min)) min = input;
  }
  return min;
}

/**
 * The watermark of several inputs together. It stays at −Infinity until every input has reported, and it never falls:
 * an input that resumes behind the others holds the watermark where it is until it has caught up.
 *
 * @example
 * new WatermarkMerge(2).update(0, 5_000) // => undefined
 * new WatermarkMerge(1).update(0, 5_000) // => 5000
 */
export class WatermarkMerge {
  readonly #inputs: Watermark[];
  /** The highest time of each input, remembered while it is idle. */
  readonly #highest: Float64Array;
  #time: Time;
  #idle = false;

  /** `restored` is the merged watermark of the last commit. Errors: OPTION_INVALID. */
  constructor(inputs: number, restored: Time = Number.NEGATIVE_INFINITY) {
    if (!Number.isSafeInteger(inputs) || inputs < 1) throw invalid('inputs', inputs, 'a whole number from 1 on');
    this.#inputs = new Array<Watermark>(inputs).fill(Number.NEGATIVE_INFINITY);
    this.#highest = new Float64Array(inputs).fill(Number.NEGATIVE_INFINITY);
    this.#time = restored;
  }

  /** The merged watermark as last reported. */
  get current(): Watermark {
    return this.#idle ? IDLE : this.#time;
  }

  /** The highest merged watermark so far, also while every input is idle. */
  get time(): Time {
    return this.#time;
  }

  /**
   * Takes the report of an input and returns the new merged watermark, or undefined if it did not change. Costs one
   * pass over the inputs. Errors: WATERMARK_REGRESSED if the input falls below its earlier reports, OPTION_INVALID for
   * an unknown input.
   */
  update(input: number, watermark: Watermark): Watermark | undefined {
    const highest = this.#highest[input];
    if (highest === undefined) throw invalid('input', input, `from 0 to ${this.#inputs.length - 1}`);
    if (watermark !== IDLE) {
      if (!(watermark >= highest)) {
        throw new MillraceError('WATERMARK_REGRESSED', { input, from: highest, to: watermark });
      }
      this.#highest[input] = watermark;
    }
    this.#inputs[input] = watermark;
    const before = this.current;
    const merged = minWatermark(this.#inputs);
    this.#idle = merged === IDLE;
    if (merged !== IDLE && merged > this.#time) this.#time = merged;
    return this.current === before ? undefined : this.current;
  }
}

/** How a split's watermark follows its records. */
export interface SplitWatermarkOptions {
  /** How much later than a younger record of the same split a record may come, in milliseconds. */
  readonly outOfOrder: Duration;
  /** The watermark moves in steps of this many milliseconds; by default 1 s. */
  readonly granule?: Duration;
  /** The watermark of the last commit, and the doubt that there was; a restarted generator needs nothing else. */
  readonly restored?: Time;
  readonly doubt?: Doubt | undefined;
}

/** Times that leap ahead and are not believed yet. */
export type Doubt = {
  /** How many records are ahead, and how many came since that are not. */
  readonly ahead: number;
  readonly behind: number;
  /** The least and the highest of the times ahead. */
  readonly low: Time;
  readonly high: Time;
};

/** A time that is further ahead of all before it needs witnesses. */
const leap = minutes(5);
/** So many records must be ahead, over so much time at least. */
const witnesses = 10;
const span = seconds(10);

/**
 * The watermark of one split: with M the highest time believed, W is M − outOfOrder floored to the granule, minus one.
 * A record is in bound while its time is at least M − outOfOrder, and then it is above W: no record in bound is ever
 * late. The new watermark holds after the record that crossed the granule. Times must be finite.
 *
 * A time is believed at once if it is the first one or at most five minutes ahead of M. One that is further ahead is
 * believed when ten records have such times, over ten seconds or `outOfOrder`, and most records since the first of them
 * do: then the split has moved on. Otherwise these few are senders with a wrong clock, and the count begins again. It
 * is believed as well when it is the last there is (`settle`).
 *
 * @example
 * new SplitWatermark({ outOfOrder: 2_000 }).observe(7_250) // => true
 */
export class SplitWatermark {
  readonly #outOfOrder: Duration;
  readonly #granule: Duration;
  #watermark: Time;
  /** The record time that crosses the next granule. */
  #next: Time;
  /** The doubt, as its parts; there is one while `#ahead` is not 0. */
  #ahead: number;
  #behind: number;
  #low: Time;
  #high: Time;

  /** Errors: OPTION_INVALID. */
  constructor({ outOfOrder, granule = 1_000, restored = Number.NEGATIVE_INFINITY, doubt }: SplitWatermarkOptions) {
    if (!(outOfOrder >= 0 && outOfOrder < Number.POSITIVE_INFINITY)) {
      throw invalid('outOfOrder', outOfOrder, '0 or a number of milliseconds');
    }
    if (!Number.isSafeInteger(granule) || granule < 1)
      throw invalid('granule', granule, 'whole milliseconds from 1 on');
    this.#outOfOrder = outOfOrder;
    this.#granule = granule;
    this.#watermark = restored;
    this.#ahead = doubt?.ahead ?? 0;
    this.#behind = doubt?.behind ?? 0;
    this.#low = doubt?.low ?? 0;
    this.#high = doubt?.high ?? 0;
    this.#next = restored + 1 + granule + outOfOrder;
  }

  /** −Infinity before the first record. */
  get watermark(): Time {
    return this.#watermark;
  }

  /** What is not believed yet; undefined while there is nothing. */
  get doubt(): Doubt | undefined {
    if (this.#ahead === 0) return undefined;
    return { ahead: this.#ahead, behind: this.#behind, low: this.#low, high: this.#high };
  }

  /** Takes the time of a record; true if `watermark` rose. */
  // hot: once per record.
  observe(time: Time): boolean {
    if (time < this.#next && this.#ahead === 0) return false;
    if (time > this.#next + leap && this.#watermark !== Number.NEGATIVE_INFINITY) return this.#observeLeap(time);
    if (this.#ahead > 0) this.#behind++;
    if (!(time >= this.#next)) return false;
    this.#moveTo(time);
    return true;
  }

  /**
   * Notes that there is nothing else to read. What is doubted is believed then, if no record contradicts it and it is
   * not in the future; true if `watermark` rose.
   */
  settle(clockNow: Time): boolean {
    if (this.#ahead === 0 || this.#behind > 0 || this.#high > clockNow) return false;
    this.#ahead = 0;
    this.#moveTo(this.#high);
    return true;
  }

  #observeLeap(time: Time): boolean {
    // What was doubted and has been reached since is no leap any more.
    const isFirst = this.#ahead === 0 || this.#low <= this.#next + leap;
    this.#ahead = isFirst ? 1 : this.#ahead + 1;
    if (isFirst) this.#behind = 0;
    const low = isFirst ? time : Math.min(this.#low, time);
    const high = isFirst ? time : Math.max(this.#high, time);
    this.#low = low;
    this.#high = high;
    if (this.#ahead < witnesses || high - low < Math.max(span, this.#outOfOrder)) return false;
    const isMost = this.#ahead > this.#behind;
    this.#ahead = 0;
    // Of times that leap among themselves, the least is sure.
    if (isMost) this.#moveTo(high - low > leap ? low : high);
    return isMost;
  }

  #moveTo(time: Time): void {
    const floor = floorTo(time - this.#outOfOrder, this.#granule);
    this.#watermark = floor - 1;
    this.#next = floor + this.#granule + this.#outOfOrder;
  }
}

function invalid(option: string, got: number, expected: string): MillraceError {
  return new MillraceError('OPTION_INVALID', { option, owner: 'a watermark', got, expected });
}
