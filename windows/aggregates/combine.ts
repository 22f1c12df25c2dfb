/**
 * Several aggregates over the same values in one pass, as one aggregate with named results.
 *
 * Each part is stored with its name, so a job may gain and lose parts while windows are open: a new part starts empty
 * in them, and a removed part is forgotten.
 */

import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import { type Codec, readVersioned, writeVersioned } from '../../codecs/codec.ts';
import type { Time } from '../../time/duration.ts';
import type { Aggregate } from '../aggregate.ts';

/** The parts' accumulators, in the order of the parts. */
export type CombineAcc = unknown[];

/** An aggregate whose accumulator only itself knows. */
type Part<T> = Aggregate<T, unknown, unknown>;

/** From the first half the compiler infers the results, from the second the values. */
type Parts<T, R> = { readonly [K in keyof R]: Aggregate<T, unknown, R[K]> } & { readonly [name: string]: Part<T> };

/**
 * `combine({ total: count(), bytes: sum((r) => r.bytes) })` yields `{ total, bytes }`. It merges if all parts merge.
 * A value that one part refuses with an error has already been added to the parts before it.
 */
export function combine<T, R extends object>(parts: Parts<T, R>): Aggregate<T, CombineAcc, R> {
  const names = Object.keys(parts);
  const list = Object.values<Part<T>>(parts);
  const name = `combine(${names.map((part, i) => `${part}: ${list[i]!.name}`).join(', ')})`;
  return Object.freeze({
    name,
    codec: combineCodec(name, names, list),
    create: () => list.map((part) => part.create()),
    add(acc: CombineAcc, value: T, time: Time) {
      for (let i = 0; i < list.length; i++) acc[i] = list[i]!.add(acc[i], value, time);
      return acc;
    },
    ...(list.every((part) => part.merge) && {
      merge(a: CombineAcc, b: CombineAcc) {
        for (let i = 0; i < list.length; i++) a[i] = list[i]!.merge!(a[i], b[i]);
        return a;
      },
    }),
    result(acc: CombineAcc) {
      const results: { [name: string]: unknown } = {};
      for (let i = 0; i < list.length; i++) results[names[i]!] = list[i]!.result(acc[i]);
      return results as R;
    },
  });
}

function combineCodec<T>(name: string, names: readonly string[], list: readonly Part<T>[]): Codec<CombineAcc> {
  return Object.freeze({
    name,
    version: 1,
    encode(acc: CombineAcc) {
      const writer = new ByteWriter().varint(list.length);
      for (let i = 0; i < list.length; i++) writer.string(names[i]!).bytes(writeVersioned(list[i]!.codec, acc[i]));
      return writer.finish();
    },
    decode(bytes: Uint8Array) {
      const reader = new ByteReader(bytes, name);
      const stored = new Map<string, Uint8Array>();
      for (let left = reader.count(2); left > 0; left--) stored.set(reader.string(), reader.bytes());
      reader.end();
      return list.map((part, i) => {
        const own = stored.get(names[i]!);
        return own === undefined ? part.create() : readVersioned(part.codec, own, `${name}.${names[i]}`);
      });
    },
  });
}
