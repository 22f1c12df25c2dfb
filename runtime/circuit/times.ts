/**
 * How far event time has come in a circuit, and what holds it back. A watermark is made at two kinds of place:
 *
 * - behind `eventTime`, from the splits of its sources (split-times.ts).
 * - behind an exchange, from the tasks that send (`SenderTimes`). It is held by a sender that has not reported yet, else
 *   by the one that reported least. A crashed sender holds it, because it is not idle. A restarted one may repeat
 *   itself; what it reports below its own past is ignored.
 *
 * Further on, `union` takes the least of its inputs (merge-inputs.ts), and a gate that loads keys lets a watermark wait
 * behind the data before it (gate.ts). Nothing else delays one.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import type { Progress } from '../../graph/connector.ts';
import type { Time } from '../../time/duration.ts';
import { type Doubt, IDLE, minWatermark, type Watermark } from '../../time/watermark.ts';
import { type Element, elementOperator } from './element.ts';

/** What must be found again after a restart. Watermarks of −∞ are left out. */
export interface EventTimeMemory {
  readonly watermark?: Time;
  readonly splits: { readonly [split: string]: Time };
  /** Of splits some of whose times are not believed yet. */
  readonly doubts?: { readonly [split: string]: Doubt };
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
  /** Whether a split has shown times that are not believed yet, and are when it has nothing else. */
  isDoubtful(split: number): boolean;
  /** Whether a split brings records, but has brought none with a time for so long that it holds nothing. */
  isTimeless(split: number): boolean;
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

  /** How far a split of a source has come; undefined where its source has no event time, or its records have none. */
  splitWatermark(uid: string, split: number): Time | undefined {
    const all = this.#bySource.get(uid) ?? [];
    if (all.length === 0 || this.isTimeless(uid, split)) return undefined;
    return Math.min(...all.map((times) => times.splitWatermark(split)));
  }

  /** Whether a split has shown times that are not believed yet. */
  isDoubtful(uid: string, split: number): boolean {
    return (this.#bySource.get(uid) ?? []).some((times) => times.isDoubtful(split));
  }

  /** Whether a split brings records without a time only, and no watermark waits for it. */
  isTimeless(uid: string, split: number): boolean {
    return (this.#bySource.get(uid) ?? []).some((times) => times.isTimeless(split));
  }

  /** The memories of all places, by name. */
  memory(): Readonly<Record<string, EventTimeMemory>> {
    return Object.fromEntries(this.#all.map((times) => [times.id, times.memory()]));
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

  isDoubtful(): boolean {
    return false;
  }

  isTimeless(): boolean {
    return false;
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
