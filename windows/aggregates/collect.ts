/** A bounded sample of the values in a window. */

import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import { type Codec, json, readVersioned, writeVersioned } from '../../codecs/codec.ts';
import { MillraceError } from '../../errors.ts';
import type { Aggregate } from '../aggregate.ts';

/** The first values, and how many came after them. */
export interface Collected<T> {
  readonly items: readonly T[];
  readonly omitted: number;
}

/** A collection under construction. */
export interface CollectAcc<T> {
  readonly items: T[];
  omitted: number;
}

/**
 * The first `limit` values in their order of arrival, and the number of values left out: a sample for people, of
 * bounded size. Values are stored by `codec`, by default JSON. Errors: OPTION_INVALID.
 *
 * @example
 * collect(2).result({ items: ['a', 'b'], omitted: 5 }) // => { items: ['a', 'b'], omitted: 5 }
 */
export function collect<T>(limit: number, codec: Codec<T> = json<T>()): Aggregate<T, CollectAcc<T>, Collected<T>> {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    const detail = { option: 'limit', owner: 'collect', got: limit, expected: 'a whole number from 1 on' };
    throw new MillraceError('OPTION_INVALID', detail);
  }
  const take = (acc: CollectAcc<T>, value: T): CollectAcc<T> => {
    if (acc.items.length < limit) acc.items.push(value);
    else acc.omitted++;
    return acc;
  };
  return Object.freeze({
    name: `collect(${limit})`,
    codec: collectCodec(codec),
    intact: true,
    create: () => ({ items: [], omitted: 0 }),
    add: take,
    merge(a: CollectAcc<T>, b: CollectAcc<T>) {
      for (const item of b.items) take(a, item);
      a.omitted += b.omitted;
      return a;
    },
    result: (acc: CollectAcc<T>) => ({ items: acc.items.slice(), omitted: acc.omitted }),
  });
}

function collectCodec<T>(item: Codec<T>): Codec<CollectAcc<T>> {
  const name = `collect(${item.name})`;
  return Object.freeze({
    name,
    version: 1,
    encode(acc: CollectAcc<T>) {
      const writer = new ByteWriter().varint(acc.omitted).varint(acc.items.length);
      for (const value of acc.items) writer.bytes(writeVersioned(item, value));
      return writer.finish();
    },
    decode(bytes: Uint8Array) {
      const reader = new ByteReader(bytes, name);
      const omitted = reader.varint();
      const items: T[] = [];
      for (let left = reader.count(1); left > 0; left--) items.push(readVersioned(item, reader.bytes(), name));
      reader.end();
      return { items, omitted };
    },
  });
}
