/**
 * How far event time has come in a circuit, and what holds it back. A watermark is made at two kinds of place:
 *
 * - behind `eventTime`, from the splits of its sources (`SplitTimes`). It is held by an open split without a record,
 *   else by the split whose newest time is least, else by the clock: it never passes the clock less `outOfOrder`. A
 *   split at its end for `idleAfter` holds nothing; when all are idle, the watermark follows the clock.
 * - behind an exchange, from the tasks that send (`SenderTimes`). It is held by a sender that has not reported yet, else
 *   by the one that reported least. A crashed sender holds it, because it is not idle. A restarted one may repeat
 *   itself; what it reports below its own past is ignored.
 *
 * Further on, `union` takes the least of its inputs (merge-inputs.ts), and a gate that loads keys lets a watermark wait
 * behind the data before it (gate.ts). Nothing else delays one.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import type { Progress } from '../../graph/connector.ts';
import type { EventTimeOptions } from '../../graph/stream.ts';
import type { Time } from '../../time/duration.ts';
import { heldByClock, idleWatermark } from '../../time/idle.ts';
import { IDLE, minWatermark, SplitWatermark, type Watermark } from '../../time/watermark.ts';
import { type Element, elementOperator } from './element.ts';

/** What must be found again after a restart. Watermarks of −∞ are left out. */
export interface EventTimeMemory {
  readonly watermark?: Time;
  readonly splits: { readonly [split: string]: Time };
  /** Of a stage that receives, whose splits are the tasks that send to it: how many there are and which were idle. */
  readonly senders?: { readonly of: number; readonly idle: readonly number[] };
}

/** One place in a circuit at which watermarks are made. */
export interface Times {
  /** Names its memory in an epoch's metadata. */
  readonly id: string;
  /** The watermark as last passed on; −∞ before the first. */
  readonly watermark: Time;
  /** The watermark of one split, −∞ before its first record; the reader compares splits by it. */
  splitWatermark(split: number): Time;
  memory(): EventTimeMemory;
}

/** All places of a circuit at which watermarks are made. */
export class CircuitTimes {
  readonly #all: Times[] = [];
  readonly #bySource = new Map<string, Times[]>();

  /** Adds the place behind `sources`, which are uids. */
  add(times: Times, sources: readonly string[]): void {
    this.#all.push(times);
    for (const uid of sources) this.#bySource.set(uid, [...(this.#bySource.get(uid) ?? []), times]);
  }

  /** The names of all places, under which their memories are stored. */
  get ids(): readonly string[] {
    return this.#all.map((times) => times.id);
  }

  /** The least watermark of all places; +∞ where there are none. */
  get watermark(): Time {
    return Math.min(...this.#all.map((times) => times.watermark));
  }

  /** All watermarks as a text that differs whenever one of them has moved. */
  get fingerprint(): string {
    return this.#all.map((times) => times.watermark).join();
  }

  /** The least watermark behind each source. */
  *bySource(): Iterable<readonly [uid: string, watermark: Time]> {
    for (const [uid, all] of this.#bySource) yield [uid, Math.min(...all.map((times) => times.watermark))];
  }

  /** How far a split of a source has come; −∞ where its source has no event time. */
  splitWatermark(uid: string, split: number): Time {
    const all = this.#bySource.get(uid) ?? [];
    if (all.length === 0) return Number.NEGATIVE_INFINITY;
    return Math.min(...all.map((times) => times.splitWatermark(split)));
  }

  /** The memories of all places, by name. */
  memory(): Readonly<Record<string, EventTimeMemory>> {
    return Object.fromEntries(this.#all.map((times) => [times.id, times.memory()]));
  }
}

interface SplitTime {
  readonly generator: SplitWatermark;
  /** When the split was first found at its end; undefined while it brings records. */
  quietSince: Time | undefined;
  ended: boolean;
}

/** The watermark over the splits of a stream. */
export class SplitTimes {
  readonly #options: Required<Pick<EventTimeOptions<unknown>, 'outOfOrder' | 'granule' | 'idleAfter'>>;
  readonly #splits = new Map<number, SplitTime>();
  readonly #remembered: EventTimeMemory['splits'];
  readonly #nameOf: (split: number) => string;
  /** The clock time of the last tick. */
  now: Time = Number.NEGATIVE_INFINITY;
  /** The watermark as last passed on. */
  watermark: Time;
  /** The same, but for +∞, which says that the input has ended: in a later run it may go on. */
  #reached: Time;

  constructor(parts: {
    readonly options: Required<Pick<EventTimeOptions<unknown>, 'outOfOrder' | 'granule' | 'idleAfter'>>;
    readonly nameOf: (split: number) => string;
    readonly memory: EventTimeMemory | undefined;
  }) {
    this.#options = parts.options;
    this.#nameOf = parts.nameOf;
    this.#remembered = parts.memory?.splits ?? {};
    this.watermark = parts.memory?.watermark ?? Number.NEGATIVE_INFINITY;
    this.#reached = this.watermark;
  }

  splitWatermark(index: number): Time {
    return this.#splits.get(index)?.generator.watermark ?? Number.NEGATIVE_INFINITY;
  }

  memory(): EventTimeMemory {
    const splits: Record<string, Time> = {};
    for (const [index, { generator }] of this.#splits) {
      if (Number.isFinite(generator.watermark)) splits[this.#nameOf(index)] = generator.watermark;
    }
    return Number.isFinite(this.#reached) ? { watermark: this.#reached, splits } : { splits };
  }

  /** Notes that a split exists, was found at its end, or will bring nothing any more. */
  onSplit(index: number, state: 'open' | 'quiet' | 'ended', at: Time): void {
    const split = this.#split(index);
    if (state === 'ended') split.ended = true;
    if (state === 'quiet') split.quietSince ??= at;
  }

  /** The generator of a split that brings records. */
  active(index: number): SplitWatermark {
    const split = this.#split(index);
    split.quietSince = undefined;
    return split.generator;
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

  /** Moves the watermark as far as nothing holds it; returns it if it moved. `clockNow` may be later than the tick. */
  advance(clockNow: Time): Time | undefined {
    const next = this.#least(clockNow);
    if (next === undefined || next <= this.watermark) return undefined;
    this.watermark = next;
    if (Number.isFinite(next)) this.#reached = next;
    return next;
  }

  /** The least watermark of the splits that count; undefined while no split exists. */
  #least(clockNow: Time): Time | undefined {
    const { outOfOrder, idleAfter } = this.#options;
    let least = Number.POSITIVE_INFINITY;
    let counted = 0;
    let ended = 0;
    for (const split of this.#splits.values()) {
      if (split.ended) {
        ended++;
        continue;
      }
      if (split.quietSince !== undefined && this.now - split.quietSince >= idleAfter) continue;
      counted++;
      least = Math.min(least, split.generator.watermark);
    }
    if (this.#splits.size === 0) return undefined;
    if (ended === this.#splits.size) return Number.POSITIVE_INFINITY;
    if (counted > 0) return heldByClock(least, clockNow, outOfOrder);
    return idleWatermark(this.now, outOfOrder, idleAfter);
  }
}

/** The watermark over the tasks that send to a stage. */
export class SenderTimes implements Times {
  readonly id: string;
  readonly #reported = new Map<number, Watermark>();
  /** The highest time of each sender, idle or not. */
  readonly #highest = new Map<number, Time>();
  /** How many tasks send. */
  #senders: number;
  #watermark: Time;
  #idle = false;
  #announced = false;

  constructor(id: string, memory: EventTimeMemory | undefined) {
    this.id = id;
    this.#watermark = memory?.watermark ?? Number.NEGATIVE_INFINITY;
    this.#senders = memory?.senders?.of ?? Number.POSITIVE_INFINITY;
    for (const [task, time] of Object.entries(memory?.splits ?? {})) {
      this.#highest.set(Number(task), time);
      this.#reported.set(Number(task), time);
    }
    for (const task of memory?.senders?.idle ?? []) this.#reported.set(task, IDLE);
  }

  get watermark(): Time {
    return this.#watermark;
  }

  splitWatermark(): Time {
    return this.#watermark;
  }

  memory(): EventTimeMemory {
    const splits: Record<string, Time> = {};
    for (const [task, time] of this.#highest) if (Number.isFinite(time)) splits[task] = time;
    const idle = [...this.#reported].flatMap(([task, reported]) => (reported === IDLE ? [task] : []));
    const senders = Number.isFinite(this.#senders) ? { senders: { of: this.#senders, idle } } : {};
    return Number.isFinite(this.#watermark)
      ? { watermark: this.#watermark, splits, ...senders }
      : { splits, ...senders };
  }

  readonly operator: OperatorFunction<Element, Element> = elementOperator((element, to) => {
    this.#announce(to);
    if (element.kind === 'progress') this.#onProgress(element.progress, to);
    else if (element.kind !== 'split') to.next(element);
  });

  /** After a restart the operators behind learn first how far time had come, so that late stays late. */
  #announce(to: Subscriber<Element>): void {
    if (this.#announced) return;
    this.#announced = true;
    if (this.#watermark > Number.NEGATIVE_INFINITY) to.next({ kind: 'watermark', time: this.#watermark });
  }

  #onProgress({ task, of: senders, watermark }: Progress, to: Subscriber<Element>): void {
    this.#senders = senders;
    const highest = this.#highest.get(task) ?? Number.NEGATIVE_INFINITY;
    if (watermark !== IDLE) this.#highest.set(task, Math.max(highest, watermark));
    this.#reported.set(task, watermark === IDLE ? IDLE : Math.max(highest, watermark));
    if (this.#reported.size < this.#senders) return;
    const least = minWatermark([...this.#reported.values()]);
    if (least === IDLE) {
      if (!this.#idle) to.next({ kind: 'idle' });
      this.#idle = true;
    } else if (least > this.#watermark || this.#idle) {
      this.#idle = false;
      this.#watermark = Math.max(least, this.#watermark);
      to.next({ kind: 'watermark', time: this.#watermark });
    }
  }
}
