/** `keyBySplit`: a key within the split. */
import { json } from '../codecs/codec.ts';
import { refuseAsync } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';

/**
 * Gives every value a key that counts within its split only (its partition or file): what follows is computed per split
 * and key. Values stay where they were read, which spares an exchange; right for what a split holds in order anyway,
 * such as the lines of one process. Keys become `[split, key]`.
 *
 * @example
 * await outputOf(
 *   ['a', 'b', 'a'],
 *   keyBySplit((word) => word),
 *   scan('seen', { codec: int }, (n = 0, word) => [n + 1, `${word}${n + 1}`]),
 * ) // => ['a1', 'b1', 'a2']
 */
export function keyBySplit<T, K0, const K extends string | number | bigint>(
  key: (value: T) => K,
): Op<T, K0, T, readonly [split: string, key: K]> {
  refuseAsync('keyBySplit', key);
  return (stream) =>
    append([stream], { verb: 'keyBySplit', keyed: true, body: { kind: 'keyBy', key, codec: json(), bySplit: true } });
}
