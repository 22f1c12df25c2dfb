/**
 * What flows between operators: batches of values, and signals in band with them. One batch is many records, so that
 * a hop costs a call per batch and not per record; authors never see elements. Here are also the only maker of RxJS
 * operators, and the collector that gathers an operator's outputs into the next batch.
 */
import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { Progress } from '../../graph/connector.ts';
import type { Emit, Out } from '../../graph/op.ts';
import { refusePromises } from '../../graph/promises.ts';
import type { Journal, Revertible } from '../../state/journal.ts';
import type { Time } from '../../time/duration.ts';

/** Records of one split as columns; `keys` holds keys before a segment's gate and key slots behind it. */
export interface Batch {
  readonly kind: 'data';
  readonly values: unknown[];
  readonly times: Float64Array;
  readonly keys: unknown[] | undefined;
  readonly length: number;
  /** Index of the split that was read; event time is kept per split. */
  readonly split: number;
}

/**
 * What a task tells of a split: `open`, it is read from now on; `quiet`, since `at` it brought nothing; `busy`, it
 * brought something, with or without a time, and there may be more; `gone`, it brings nothing any more, but others of
 * its source may; `ended`, nothing comes any more. It was last polled at `asked`.
 */
export type SplitState = 'open' | 'quiet' | 'busy' | 'gone' | 'ended';

/** Signals; each follows the data that came before it and precedes what comes after. */
export type Signal =
  /** What is known of a split; see `SplitState`. */
  | {
      readonly kind: 'split';
      readonly split: number;
      readonly state: SplitState;
      readonly at: Time;
      readonly asked: Time;
    }
  /** No record with an event time up to and including `time` is expected any more. */
  | {
      readonly kind: 'watermark';
      readonly time: Time;
      /** Set on steps on the way to the end of the input, which is the watermark +∞. */
      readonly end?: boolean;
    }
  /** The stream is quiet for a while and does not hold the watermark back. */
  | { readonly kind: 'idle' }
  /** The recorded clock. */
  | { readonly kind: 'tick'; readonly now: Time }
  /** How far one of the tasks that send to this stage has come. */
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** Everything before it belongs to the epoch that is about to be committed. */
  | { readonly kind: 'barrier'; readonly epoch: number }
  /** Records of a control stream on their way to a broadcast. */
  | { readonly kind: 'control'; readonly batch: Batch };

/** What flows between two operators. */
export type Element = Batch | Signal;

/**
 * The only maker of RxJS operators: one of a function that is called with each element. An exception becomes the
 * stream's error, which every sink passes to the task; RxJS itself would report it elsewhere and later.
 */
export function elementOperator(
  handle: (element: Element, to: Subscriber<Element>) => void,
): OperatorFunction<Element, Element> {
  return (source) =>
    new Observable((to) =>
      source.subscribe({
        next(element) {
          try {
            handle(element, to);
          } catch (error) {
            to.error(error);
          }
        },
        error: (error) => to.error(error),
        complete: () => to.complete(),
      }),
    );
}

/** A result that could not be made, behind so many others of its batch. */
export interface Refusal {
  readonly value: unknown;
  readonly time: Time;
  readonly error: unknown;
  readonly behind: number;
}

/**
 * Gathers what an operator emits while it handles one element and sends it as one batch. The buffers leave with the
 * batch, and the next batch gets new ones, so that no reader sees its columns change.
 */
export class Collector implements Out<unknown>, Revertible {
  /** Time and key of the record or timer being handled. */
  time: Time = 0;
  key: unknown = undefined;
  /** The columns may be longer than what was gathered. */
  #values: unknown[] = [];
  #times = new Float64Array(0);
  #keys: unknown[] | undefined;
  #length = 0;
  #split = 0;
  #marked = 0;
  #refused: Refusal[] = [];
  #refusedMarked = 0;
  /** The operator whose results it gathers, for errors. */
  readonly uid: string;

  constructor(uid = 'an operator') {
    this.uid = uid;
  }

  /** Notes how much was gathered before the present handler call. */
  // hot: once per record.
  mark(): void {
    this.#marked = this.#length;
    this.#refusedMarked = this.#refused.length;
  }

  /** Forgets what was gathered since `mark`. */
  dropMarked(): void {
    this.#length = this.#marked;
    this.#refused.length = this.#refusedMarked;
  }

  /** Forgets the last value. */
  revert(): void {
    this.#length--;
  }

  /** Prepares for about `size` results of records of `split`: columns of that length are written, not grown. */
  begin(size: number, keyed: boolean, split: number): void {
    if (this.#times.length < size) {
      this.#times = new Float64Array(size);
      this.#values = new Array(size);
    }
    if (!keyed) this.#keys = undefined;
    else if (this.#keys === undefined || this.#keys.length < size) this.#keys = new Array(size);
    this.#split = split;
  }

  emit(value: unknown): void {
    this.emitAt(value, this.time);
  }

  emitAt(value: unknown, time: Time): void {
    const n = this.#length++;
    if (n === this.#times.length) this.#grow(n);
    this.#values[n] = value;
    this.#times[n] = time;
    if (this.#keys !== undefined) this.#keys[n] = this.key;
  }

  refuse(value: unknown, time: Time, error: unknown): void {
    this.#refused.push({ value, time, error, behind: this.#length });
  }

  /** Hands over what was refused since the last time. */
  takeRefused(): readonly Refusal[] {
    return this.#refused.length === 0 ? this.#refused : this.#refused.splice(0);
  }

  #grow(n: number): void {
    const larger = new Float64Array(Math.max(16, n * 2));
    larger.set(this.#times);
    this.#times = larger;
  }

  /** Sends what was gathered, if anything, and returns how much that was. */
  flush(to: Pick<Subscriber<Element>, 'next'>): number {
    const length = this.#length;
    if (length === 0) return 0;
    this.#values.length = length;
    if (this.#keys !== undefined) this.#keys.length = length;
    // The first stands for all, because an async function returns nothing but promises.
    if (typeof this.#values[0] === 'object') refusePromises(this.#values, this.uid);
    const batch: Batch = {
      kind: 'data',
      values: this.#values,
      times: this.#times,
      keys: this.#keys,
      length,
      split: this.#split,
    };
    this.#values = [];
    this.#times = new Float64Array(0);
    this.#keys = undefined;
    this.#length = 0;
    to.next(batch);
    return length;
  }
}

/** Side outputs of one operator: collectors that share the main one's time and key. */
export class Sides {
  readonly #main: Collector;
  readonly #journal: Journal | undefined;
  readonly #ports = new Map<string, Port>();

  /** `journal` notes what is emitted, where a handler's outputs may have to be taken back. */
  constructor(main: Collector, journal?: Journal) {
    this.#main = main;
    this.#journal = journal;
  }

  /** The function that sends to `name`; the same one however often it is asked for. */
  emitter<X>(name: string, to: Pick<Subscriber<Element>, 'next'>): Emit<X> {
    const known = this.#ports.get(name);
    if (known !== undefined) return known.emit;
    const collector = new Collector(this.#main.uid);
    const emit = (value: unknown) => {
      collector.key = this.#main.key;
      collector.emitAt(value, this.#main.time);
      this.#journal?.note(collector, undefined, undefined);
    };
    this.#ports.set(name, { name, collector, to, emit });
    return emit;
  }

  begin(keyed: boolean, split: number): void {
    for (const { collector } of this.#ports.values()) collector.begin(0, keyed, split);
  }

  /** Sends what was gathered, and tells `onSent` of each value. */
  flush(onSent?: (name: string) => void): void {
    for (const { name, collector, to } of this.#ports.values()) {
      const sent = collector.flush(to);
      if (onSent !== undefined) for (let n = 0; n < sent; n++) onSent(name);
    }
  }

  /** Passes a signal on to every side. */
  signal(signal: Element): void {
    for (const { to } of this.#ports.values()) to.next(signal);
  }
}

/** A side output. */
interface Port {
  readonly name: string;
  readonly collector: Collector;
  readonly to: Pick<Subscriber<Element>, 'next'>;
  readonly emit: Emit<unknown>;
}
