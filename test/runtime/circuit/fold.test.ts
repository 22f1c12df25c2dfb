import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { int } from '../../../codecs/codec.ts';
import { type Fold, Folded } from '../../../graph/op.ts';
import type { Element } from '../../../runtime/circuit/element.ts';
import { foldValues } from '../../../runtime/circuit/fold.ts';
import type { Poison } from '../../../runtime/circuit/operate.ts';

/** Sums per ten milliseconds; throws on what is negative. */
const sums: Fold<number, number> = {
  codec: int,
  slot: (time) => Math.floor(time / 10) * 10,
  isLate: (slot, watermark) => slot + 9 <= watermark,
  create: () => 0,
  add(acc, value) {
    if (value < 0) throw new Error('negative');
    return acc + value;
  },
};

/** What leaves as lines: `key value @time`, a fold as `key Σsum @slot`, signals by name. */
function folding() {
  const source = new Subject<Element>();
  const seen: string[] = [];
  const poisoned: Poison[] = [];
  source.pipe(foldValues(sums as Fold<unknown, unknown>, (poison) => poisoned.push(poison))).subscribe((element) => {
    if (element.kind !== 'data') return seen.push(element.kind);
    for (let i = 0; i < element.length; i++) {
      const value = element.values[i];
      const text = value instanceof Folded ? `Σ${value.acc}` : String(value);
      seen.push(`${String(element.keys![i])} ${text} @${element.times[i]}`);
    }
    return undefined;
  });
  return {
    seen,
    poisoned,
    data: (...records: readonly (readonly [key: string | number, value: number, time: number])[]) =>
      source.next({
        kind: 'data',
        keys: records.map(([key]) => key),
        values: records.map(([, value]) => value),
        times: Float64Array.from(records, ([, , time]) => time),
        length: records.length,
        split: 0,
      }),
    signal: (element: Element) => source.next(element),
  };
}

describe('values on their way to another stage', () => {
  test('leave as one fold per key and slot when the epoch ends, before its barrier', () => {
    const f = folding();
    f.data(['a', 1, 1], ['a', 2, 9], ['b', 5, 3], ['a', 4, 12], [7, 1, 0]);
    f.data(['a', 8, 2]);
    expect(f.seen).toEqual([]);
    f.signal({ kind: 'barrier', epoch: 1 });
    expect(f.seen.toSorted()).toEqual(['7 Σ1 @0', 'a Σ11 @0', 'a Σ4 @10', 'b Σ5 @0', 'barrier']);
    expect(f.seen.at(-1)).toBe('barrier');
    f.signal({ kind: 'barrier', epoch: 2 });
    expect(f.seen.slice(5)).toEqual(['barrier']);
  });

  test('leave at once and as they are when they are late for this task already', () => {
    const f = folding();
    f.signal({ kind: 'watermark', time: 9 });
    f.data(['a', 1, 5], ['a', 2, 15]);
    expect(f.seen).toEqual(['watermark', 'a 1 @5']);
    f.signal({ kind: 'barrier', epoch: 1 });
    expect(f.seen.slice(2)).toEqual(['a Σ2 @10', 'barrier']);
  });

  test('are set aside one by one when folding them throws', () => {
    const f = folding();
    f.data(['a', 1, 1], ['a', -1, 1], ['a', 2, 1]);
    f.signal({ kind: 'barrier', epoch: 1 });
    expect(f.seen).toEqual(['a Σ3 @0', 'barrier']);
    expect(f.poisoned.map(({ value }) => value)).toEqual([-1]);
  });
});
