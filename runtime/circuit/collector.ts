import type { Subscriber } from 'rxjs';
import type { Emit, Out } from '../../graph/op.ts';
import type { Time } from '../../time/duration.ts';
import type { Batch, Element } from './element.ts';

/**
 * Gathers what an operator emits while it handles one element and hands it on as one batch. The buffers go with the
 * batch; new ones are made for the next, so nobody's data changes behind his back.
 */
export class Collector implements Out<unknown> {
  /** Time and key of the record or timer being handled. */
  time: Time = 0;
  key: unknown = undefined;
  #values: unknown[] = [];
  #times = new Float64Array(0);
  #keys: unknown[] | undefined;
  #split = 0;

  /** Prepares for about `size` results of records of `split`. */
  begin(size: number, keyed: boolean, split: number): void {
    if (this.#times.length < size) this.#times = new Float64Array(size);
    this.#keys = keyed ? [] : undefined;
    this.#split = split;
  }

  emit(value: unknown): void {
    this.emitAt(value, this.time);
  }

  emitAt(value: unknown, time: Time): void {
    const n = this.#values.length;
    if (n === this.#times.length) this.#grow(n);
    this.#values.push(value);
    this.#times[n] = time;
    this.#keys?.push(this.key);
  }

  #grow(n: number): void {
    const larger = new Float64Array(Math.max(16, n * 2));
    larger.set(this.#times);
    this.#times = larger;
  }

  /** Sends what was gathered, if anything, and says how much that was. */
  flush(to: Pick<Subscriber<Element>, 'next'>): number {
    const length = this.#values.length;
    if (length === 0) return 0;
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
    to.next(batch);
    return length;
  }
}

/** Side outputs of one operator: collectors that share the main one's time and key. */
export class Sides {
  readonly #main: Collector;
  readonly #ports = new Map<
    string,
    { readonly collector: Collector; readonly to: Pick<Subscriber<Element>, 'next'>; readonly emit: Emit<unknown> }
  >();

  constructor(main: Collector) {
    this.#main = main;
  }

  /** The function that sends to `name`; the same one however often it is asked for. */
  emitter<X>(name: string, to: Pick<Subscriber<Element>, 'next'>): Emit<X> {
    const known = this.#ports.get(name);
    if (known !== undefined) return known.emit;
    const collector = new Collector();
    const emit = (value: unknown) => {
      collector.key = this.#main.key;
      collector.emitAt(value, this.#main.time);
    };
    this.#ports.set(name, { collector, to, emit });
    return emit;
  }

  begin(keyed: boolean, split: number): void {
    for (const { collector } of this.#ports.values()) collector.begin(0, keyed, split);
  }

  flush(): void {
    for (const { collector, to } of this.#ports.values()) collector.flush(to);
  }

  /** Passes a signal on to every side. */
  signal(signal: Element): void {
    for (const { to } of this.#ports.values()) to.next(signal);
  }
}
