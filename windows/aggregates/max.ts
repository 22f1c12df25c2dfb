/** The largest number. */

import { float64 } from '../../codecs/codec.ts';
import { type Aggregate, finite } from '../aggregate.ts';

/**
 * The largest number of the values; undefined for none. Errors while adding: VALUE_NOT_FINITE.
 *
 * @example
 * max((request) => request.ms).result(7) // => 7
 */
export function max<T>(of: (value: T) => number): Aggregate<T, number, number | undefined> {
  return Object.freeze({
    name: 'max',
    codec: float64,
    // Values are finite, so −Infinity is free to stand for none.
    create: () => Number.NEGATIVE_INFINITY,
    add: (acc: number, value: T) => Math.max(acc, finite('max', of(value))),
    merge: (a: number, b: number) => Math.max(a, b),
    result: (acc: number) => (acc === Number.NEGATIVE_INFINITY ? undefined : acc),
  });
}
