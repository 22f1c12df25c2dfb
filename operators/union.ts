/** `union`: one stream of several. */
import { append, type Stream } from '../graph/stream.ts';

/**
 * One stream of all the values of several, with the least of their watermarks. Streams with different keys do not
 * unite: that is a compile error.
 *
 * @example
 * await outputOf([1, 2], (numbers) => union(numbers, numbers.pipe(map((n) => -n)))) // => [1, 2, -1, -2]
 */
export function union<T, K>(first: Stream<T, K>, ...others: readonly Stream<NoInfer<T>, NoInfer<K>>[]): Stream<T, K> {
  return append([first, ...others], { verb: 'union', body: { kind: 'union' } });
}
