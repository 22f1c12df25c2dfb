/** The laws that the interface of aggregates states, as properties that a test holds one aggregate to. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { readVersioned, writeVersioned } from '../../codecs/codec.ts';
import type { Aggregate } from '../../windows/aggregate.ts';

/** The accumulator of the values, in order; the index is the time. */
export function fold<T, Acc, R>(aggregate: Aggregate<T, Acc, R>, values: readonly T[], from = aggregate.create()): Acc {
  return values.reduce((acc, value, i) => aggregate.add(acc, value, i), from);
}

/** A copy by way of its stored bytes. */
export function stored<T, Acc, R>(aggregate: Aggregate<T, Acc, R>, acc: Acc): Acc {
  return readVersioned(aggregate.codec, writeVersioned(aggregate.codec, acc), aggregate.name);
}

/** Holds an aggregate to the laws its interface states. Accumulators are compared by what is stored of them. */
export function obeysLaws<T, Acc, R>(aggregate: Aggregate<T, Acc, R>, value: fc.Arbitrary<T>): void {
  const { codec, create, merge, result } = aggregate;
  const same = (a: Acc, b: Acc) => {
    expect([...codec.encode(a)]).toEqual([...codec.encode(b)]);
    expect(result(a)).toEqual(result(b));
  };
  const values = fc.array(value, { maxLength: 30 });
  fc.assert(
    fc.property(values, values, values, (x, y, z) => {
      const make = (part: readonly T[]) => fold(aggregate, part);
      // Folding on after a restart is folding on.
      same(fold(aggregate, y, stored(aggregate, make(x))), make([...x, ...y]));
      same(stored(aggregate, make(x)), make(x));
      if (merge !== undefined) {
        same(merge(create(), make(x)), make(x));
        same(merge(make(x), create()), make(x));
        same(merge(merge(make(x), make(y)), make(z)), merge(make(x), merge(make(y), make(z))));
        same(merge(merge(make(x), make(y)), make(z)), make([...x, ...y, ...z]));
        leavesSecondAlone(aggregate, x, y);
      }
      const acc = make(x);
      const handedOut = structuredClone(result(acc));
      const kept = result(acc);
      fold(aggregate, y, acc);
      expect(kept).toEqual(handedOut);
    }),
  );
}

/** A pane is merged into many windows, so merging must neither change it nor keep parts of it. */
function leavesSecondAlone<T, Acc, R>(aggregate: Aggregate<T, Acc, R>, x: readonly T[], y: readonly T[]): void {
  const pane = fold(aggregate, y);
  const before = [...aggregate.codec.encode(pane)];
  const merged = aggregate.merge!(fold(aggregate, x), pane);
  fold(aggregate, y, merged);
  expect([...aggregate.codec.encode(pane)]).toEqual(before);
}
