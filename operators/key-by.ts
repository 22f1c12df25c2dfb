import { append, type Op } from '../graph/stream.ts';
import type { Key } from '../state/key.ts';

/**
 * Gives every value a key. What follows is computed per key, and on several machines values with equal keys meet on
 * one of them.
 *
 * @example
 * outputOf(['a', 'b', 'a'], keyBy((s) => s), scan('n', { codec: int }, (n, _s) => [(n ?? 0) + 1, (n ?? 0) + 1])) // => [1, 1, 2]
 */
export function keyBy<T, K0, const K extends Key>(key: (value: T) => K): Op<T, K0, T, K> {
  return (stream) => append([stream], { verb: 'keyBy', keyed: true, body: { kind: 'keyBy', key } });
}
