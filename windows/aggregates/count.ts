/** The number of values. */

import { int } from '../../codecs/codec.ts';
import type { Aggregate } from '../aggregate.ts';

const counting: Aggregate<unknown, number, number> = Object.freeze({
  name: 'count',
  codec: int,
  create: () => 0,
  add: (acc: number) => acc + 1,
  merge: (a: number, b: number) => a + b,
  result: (acc: number) => acc,
});

/**
 * The number of values.
 *
 * @example
 * count().result(count().add(count().create(), 'a value', 0)) // => 1
 */
export function count<T = unknown>(): Aggregate<T, number, number> {
  return counting;
}
