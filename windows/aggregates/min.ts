/** The smallest number. */

import { float64 } from '../../codecs/codec.ts';
import { type Aggregate, finite } from '../aggregate.ts';

/**
 * The smallest number of the values; undefined for none. Errors while adding: VALUE_NOT_FINITE.
 *
 * @example
 * min((request) => request.ms).result(7) // => 7
 */
export function min<T>(of: (value: T) => number): Aggregate<T, number, number | undefined> {
  return Object.freeze({
    name: 'min',
    codec: float64,
    // Values are finite, so Infinity is free to stand for none.
    create: () => Number.POSITIVE_INFINITY,
    add: (acc: number, value: T) => Math.min(acc, finite('min', of(value))),
    merge: (a: number, b: number) => Math.min(a, b),
    result: (acc: number) => (acc === Number.POSITIVE_INFINITY ? undefined : acc),
  });
}
