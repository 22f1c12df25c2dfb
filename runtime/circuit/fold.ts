/**
 * Folds values by key and slot before they are sent, until the epoch ends: what leaves is as much as there are keys,
 * however many values there were. Nothing is kept across epochs, so nothing needs to be stored.
 *
 * A value that comes late for this task's own watermark is sent by itself, so that the receiver can set it aside as
 * the value it is. All others can't be late there: the receiver's time is the least of its senders', and the progress
 * that this task sends follows its values.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import { type Fold, Folded } from '../../graph/op.ts';
import { type Key, type KeyId, keyId } from '../../state/key.ts';
import type { Time } from '../../time/duration.ts';
import { type Batch, Collector, type Element, elementOperator } from './element.ts';
import { type OnPoison, Streak } from './operate.ts';

/** The operator in front of the sink of an exchange. */
export function foldValues(fold: Fold<unknown, unknown>, poison: OnPoison): OperatorFunction<Element, Element> {
  const folding = new Folding(fold, poison);
  return elementOperator((element, to) => {
    switch (element.kind) {
      case 'data':
        return folding.add(element, to);
      case 'watermark':
        folding.watermark = element.time;
        break;
      case 'barrier':
        folding.flush(to);
        break;
    }
    to.next(element);
  });
}

/** What a key has gathered for one slot; a key seldom has more than one or two. */
interface Gathered {
  readonly key: Key;
  readonly slot: Time;
  acc: unknown;
  readonly next: Gathered | undefined;
}

/** Folds held at once; beyond it they are sent before the epoch ends. */
const most = 100_000;

class Folding {
  readonly #fold: Fold<unknown, unknown>;
  readonly #poison: OnPoison;
  readonly #streak = new Streak();
  readonly #out = new Collector();
  readonly #gathered = new Map<KeyId, Gathered>();
  #count = 0;
  watermark: Time = Number.NEGATIVE_INFINITY;

  constructor(fold: Fold<unknown, unknown>, poison: OnPoison) {
    this.#fold = fold;
    this.#poison = poison;
  }

  add(batch: Batch, to: Subscriber<Element>): void {
    const { values, times, keys, length, split } = batch;
    this.#out.begin(0, true, split);
    for (let i = 0; i < length; i++) {
      try {
        for (; i < length; i++) this.#take(keys![i] as Key, values[i], times[i]!);
      } catch (error) {
        this.#poison({ value: values[i], time: times[i]!, error, streak: this.#streak.failed(i) });
      }
    }
    this.#streak.end(length);
    this.#out.flush(to);
    if (this.#count > most) this.flush(to);
  }

  #take(key: Key, value: unknown, time: Time): void {
    const fold = this.#fold;
    const slot = fold.slot(time);
    if (fold.isLate(slot, this.watermark)) {
      this.#out.key = key;
      return this.#out.emitAt(value, time);
    }
    const id = keyId(key);
    const first = this.#gathered.get(id);
    let found = first;
    while (found !== undefined && found.slot !== slot) found = found.next;
    if (found !== undefined) {
      found.acc = fold.add(found.acc, value, time);
    } else {
      this.#gathered.set(id, { key, slot, acc: fold.add(fold.create(), value, time), next: first });
      this.#count++;
    }
  }

  flush(to: Subscriber<Element>): void {
    const out = this.#out;
    out.begin(this.#count, true, 0);
    for (const first of this.#gathered.values()) {
      for (let each: Gathered | undefined = first; each !== undefined; each = each.next) {
        out.key = each.key;
        out.emitAt(new Folded(each.acc), each.slot);
      }
    }
    this.#gathered.clear();
    this.#count = 0;
    out.flush(to);
  }
}
