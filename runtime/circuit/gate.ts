/**
 * Keys, and the gate at which they become slots. `assignKeys` gives a batch its keys. A gate is the entrance of a
 * segment: it makes sure that everything an element will touch is in memory before it lets the element in: the keys of
 * a batch, the keys of the timers that a watermark makes due, the sub-keys of lazy maps. When nothing is missing,
 * elements pass synchronously; otherwise they wait in order behind one round trip to the store.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import { type Cell, idOf, type KeySlot, keyOf, lazyKey } from '../../state/entry.ts';
import { admitKey, type Key, type KeyId, type KeyPart, keyId, keyText, SplitKeys } from '../../state/key.ts';
import type { KeyTable } from '../../state/key-table.ts';
import type { Timers } from '../../state/timers.ts';
import type { Time } from '../../time/duration.ts';
import { type Batch, type Element, elementOperator } from './element.ts';
import { type OnPoison, Streak } from './operate.ts';

/**
 * Gives a batch its keys. A record whose key can't be had (keyBy threw, or returned something that is no key) is set
 * aside as poison and the batch goes on without it. With `splitOf`, equal keys of different splits are different keys.
 */
export function assignKeys(
  keyOf: (value: unknown) => Key,
  splitOf: ((batch: Batch, i: number) => string) | undefined,
  poison: OnPoison,
): OperatorFunction<Element, Element> {
  const streak = new Streak();
  const splitKeys = new SplitKeys();
  const keyed = (batch: Batch): Batch => {
    const { length } = batch;
    let { values, times } = batch;
    const keys = new Array<Key>(length);
    let kept = 0;
    for (let i = 0; i < length; i++) {
      try {
        for (; i < length; i++) {
          const key = keyOf(values[i]);
          keys[kept] = splitOf === undefined ? admitKey(key) : splitKeys.of(splitOf(batch, i), key as KeyPart);
          if (kept !== i) {
            values[kept] = values[i];
            times[kept] = times[i]!;
          }
          kept++;
        }
      } catch (error) {
        poison({ value: values[i], time: times[i]!, error, streak: streak.failed(i) });
        // Other branches may hold the same columns: what is to be compacted is copied first.
        if (values === batch.values) {
          values = values.slice();
          times = times.slice();
        }
      }
    }
    streak.end(length);
    return { ...batch, values, times, keys, length: kept };
  };
  return elementOperator((element, to) => to.next(element.kind === 'data' ? keyed(element) : element));
}

/** A lazy map and how to learn which of its entries a value will ask for. */
export interface LazyMap {
  readonly cell: Cell;
  readonly prefetch: (value: unknown) => readonly KeyPart[];
}

/** Due timers are let in by slices of about this many keys, so that a backlog neither pins nor blocks everything. */
const sliceKeys = 4096;
/** The first step towards the end of time, from where steps are halved. */
const maxStep = 2 ** 42;

/** The gate of one segment. */
export class Gate {
  readonly table: KeyTable;
  /** Timers of all operators in the segment, filled while it is built. */
  readonly timers: Timers[] = [];
  readonly lazy: LazyMap[] = [];
  readonly #waiting: Element[] = [];
  #loading: Promise<void> | undefined;

  constructor(table: KeyTable) {
    this.table = table;
  }

  /** Resolves when nothing waits; undefined when nothing does now. Rejects if loading failed. */
  get loading(): Promise<void> | undefined {
    return this.#loading;
  }

  readonly operator: OperatorFunction<Element, Element> = elementOperator((element, to) => this.#enter(element, to));

  #enter(element: Element, to: Subscriber<Element>): void {
    if (this.#loading !== undefined) {
      this.#waiting.push(element);
      return;
    }
    const missing = this.#pass(element, to);
    if (missing === undefined) return;
    this.#waiting.push(element);
    this.#loading = this.#drain(missing, to);
    // The task awaits `loading`; until then a failure must not count as unhandled.
    this.#loading.catch(() => undefined);
  }

  async #drain(missing: Missing, to: Subscriber<Element>): Promise<void> {
    let wanted: Missing | undefined = missing;
    while (wanted !== undefined) {
      await this.#load(wanted);
      wanted = undefined;
      while (this.#waiting.length > 0 && wanted === undefined) {
        wanted = this.#pass(this.#waiting[0]!, to);
        if (wanted === undefined) this.#waiting.shift();
      }
    }
    this.#loading = undefined;
  }

  async #load({ keys, lazy }: Missing): Promise<void> {
    if (keys.length > 0) await this.table.load(keys);
    for (const [cell, entries] of lazy) await this.table.prefetch(cell, entries);
  }

  /** Lets the element in, or returns what is missing. */
  #pass(element: Element, to: Subscriber<Element>): Missing | undefined {
    switch (element.kind) {
      case 'data':
        return this.#passBatch(element, to);
      case 'watermark':
        return this.#passWatermark(element, to);
      default:
        to.next(element);
        return undefined;
    }
  }

  #passBatch(batch: Batch, to: Subscriber<Element>): Missing | undefined {
    const { length } = batch;
    const keys = batch.keys as Key[];
    const slots = new Array<KeySlot | undefined>(length);
    let missing: Map<KeyId, Key> | undefined;
    for (let i = 0; i < length; i++) {
      const slot = this.table.find(keys[i]!);
      slots[i] = slot;
      if (slot === undefined) (missing ??= new Map()).set(keyId(keys[i]!), keys[i]!);
    }
    if (missing !== undefined) return { keys: [...missing.values()], lazy: [] };
    const ready = { ...batch, keys: slots };
    const lazy = this.lazy.length === 0 ? [] : this.#missingEntries(ready);
    if (lazy.length > 0) return { keys: [], lazy };
    to.next(ready);
    return undefined;
  }

  #missingEntries(batch: Batch): Missing['lazy'] {
    return this.lazy.flatMap(({ cell, prefetch }) => {
      const wanted: [KeySlot, KeyPart][] = [];
      for (let i = 0; i < batch.length; i++) {
        const slot = batch.keys![i] as KeySlot;
        const held = this.table.entries(slot, cell);
        for (const sub of prefetch(batch.values[i])) {
          if (!held.has(sub) && isStorable(slot.key, sub)) wanted.push([slot, sub]);
        }
      }
      return wanted.length === 0 ? [] : [[cell, wanted] as const];
    });
  }

  /** Advances in steps of event time, each with at most about `sliceKeys` due timers. */
  #passWatermark(
    { time: until, end = until === Number.POSITIVE_INFINITY }: { readonly time: Time; readonly end?: boolean },
    to: Subscriber<Element>,
  ): Missing | undefined {
    for (;;) {
      const step = this.#step(until);
      const missing = new Map<KeyId, Key>();
      for (const timers of this.table.isComplete ? [] : this.timers) {
        for (const owner of timers.due(step)) {
          if (this.table.slotOf(owner) === undefined) missing.set(idOf(owner), keyOf(owner));
        }
      }
      if (missing.size > 0) return { keys: [...missing.values()], lazy: [] };
      to.next(end ? { kind: 'watermark', time: step, end } : { kind: 'watermark', time: step });
      if (step === until) return undefined;
    }
  }

  #step(until: Time): Time {
    const first = Math.min(...this.timers.map((t) => t.next));
    let step = until;
    while (step > first && this.#exceeds(step)) {
      const half = Number.isFinite(step) ? first + Math.floor((step - first) / 2) : first + maxStep;
      if (half >= step) break;
      step = half;
    }
    return step;
  }

  #exceeds(until: Time): boolean {
    let keys = 0;
    for (const timers of this.timers) for (const _ of timers.due(until)) if (++keys > sliceKeys) return true;
    return false;
  }
}

/** What leaves a segment: keys in place of slots. */
export const ungate = elementOperator((element, to) => {
  if (element.kind !== 'data') return to.next(element);
  const keys = element.keys?.slice(0, element.length).map((slot) => (slot as KeySlot | undefined)?.key);
  to.next({ ...element, keys });
});

/** A sub-key too long for any store is not there; writing it will be refused. */
function isStorable(key: Key, sub: KeyPart): boolean {
  try {
    return keyText(lazyKey(key, sub)) !== '';
  } catch {
    return false;
  }
}

interface Missing {
  readonly keys: readonly Key[];
  readonly lazy: readonly (readonly [Cell, readonly (readonly [KeySlot, KeyPart])[]])[];
}
