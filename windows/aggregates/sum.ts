/** The sum. */

import { float64 } from '../../codecs/codec.ts';
import { type Aggregate, finite } from '../aggregate.ts';

/**
 * The sum of a number per value; 0 for none. Exact for whole numbers up to 2^53, otherwise rounded as doubles are.
 * Errors while adding: VALUE_NOT_FINITE.
 *
 * @example
 * sum((order) => order.total).add(10, { total: 5 }, 0) // => 15
 */
export function sum<T>(of: (value: T) => number): Aggregate<T, number, number> {
  return Object.freeze({
    name: 'sum',
    codec: float64,
    create: () => 0,
    add: (acc: number, value: T) => acc + finite('sum', of(value)),
    merge: (a: number, b: number) => a + b,
    result: (acc: number) => acc,
  });
}
