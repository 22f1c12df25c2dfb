/** `flatMap`: any number of values for each value. */
import { append, type Op } from '../graph/stream.ts';

/**
 * Replaces each value by any number of values, at its time and under its key.
 *
 * @example
 * await outputOf(['a b', 'c'], flatMap((line) => line.split(' '))) // => ['a', 'b', 'c']
 */
export function flatMap<T, R, K>(f: (value: T) => Iterable<R>): Op<T, K, R, K> {
  return (stream) =>
    append([stream], {
      verb: 'flatMap',
      body: {
        kind: 'operator',
        stateful: false,
        make: () => ({
          onData(value: T, _time, out) {
            for (const result of f(value)) out.emit(result);
          },
        }),
      },
    });
}
