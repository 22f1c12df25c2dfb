/** The arithmetic mean. */

import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import type { Codec } from '../../codecs/codec.ts';
import { type Aggregate, finite } from '../aggregate.ts';

/** A sum and how many numbers are in it. */
export interface MeanAcc {
  sum: number;
  count: number;
}

/**
 * The arithmetic mean of a number per value; undefined for none. Errors while adding: VALUE_NOT_FINITE.
 *
 * @example
 * mean((request) => request.ms).result({ sum: 9, count: 2 }) // => 4.5
 */
export function mean<T>(of: (value: T) => number): Aggregate<T, MeanAcc, number | undefined> {
  return Object.freeze({
    name: 'mean',
    codec,
    intact: 'storable',
    create: () => ({ sum: 0, count: 0 }),
    add: (acc: MeanAcc, value: T) => plus(acc, finite('mean', of(value)), 1),
    merge: (a: MeanAcc, b: MeanAcc) => plus(a, b.sum, b.count),
    result: ({ sum, count }: MeanAcc) => (count === 0 ? undefined : sum / count),
  });
}

function plus(acc: MeanAcc, sum: number, count: number): MeanAcc {
  acc.sum += sum;
  acc.count += count;
  return acc;
}

const codec: Codec<MeanAcc> = Object.freeze({
  name: 'mean',
  version: 1,
  encode: (acc: MeanAcc) => new ByteWriter().float64(acc.sum).int(acc.count).finish(),
  decode(bytes: Uint8Array) {
    const reader = new ByteReader(bytes, 'mean');
    const acc = { sum: reader.float64(), count: reader.int() };
    reader.end();
    return acc;
  },
});
