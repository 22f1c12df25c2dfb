/** `keyBy`: a key for every value. */
import { type Codec, json } from '../codecs/codec.ts';
import { refuseAsync } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';
import type { Key } from '../state/key.ts';

/** How values are keyed. */
export interface KeyByOptions<T> {
  /** How values are written down where they go to another process. Default: JSON. */
  readonly codec?: Codec<T>;
}

/**
 * Gives every value a key. What follows is computed per key, and on several machines values with equal keys meet on
 * one of them. A lone surrogate in a text key becomes U+FFFD, since no store could give it back: texts that differ only
 * there are one key.
 *
 * @example
 * await outputOf(
 *   ['a', 'b', 'a'],
 *   keyBy((word) => word),
 *   scan('seen', { codec: int }, (n = 0, word) => [n + 1, `${word}${n + 1}`]),
 * ) // => ['a1', 'b1', 'a2']
 */
export function keyBy<T, K0, const K extends Key>(
  key: (value: T) => K,
  options: KeyByOptions<T> = {},
): Op<T, K0, T, K> {
  refuseAsync('keyBy', key);
  const codec = options.codec ?? json<T>();
  return (stream) =>
    append([stream], { verb: 'keyBy', keyed: true, body: { kind: 'keyBy', key, codec, bySplit: false } });
}
