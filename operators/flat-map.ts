/** `flatMap`: any number of values for each value. */
import { refuseAsync, refusePromise, type Sync } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';

/**
 * Replaces each value by any number of values, at its time and under its key.
 *
 * @example
 * await outputOf(['a b', 'c'], flatMap((line) => line.split(' '))) // => ['a', 'b', 'c']
 */
export function flatMap<T, R, K>(f: (value: T) => Iterable<Sync<R>>): Op<T, K, R, K> {
  refuseAsync('flatMap', f);
  return (stream) =>
    append([stream], {
      verb: 'flatMap',
      body: {
        kind: 'operator',
        stateful: false,
        make: () => ({
          onData(value: T, _time, out) {
            const results = f(value);
            refusePromise(results, 'flatMap');
            for (const result of results) out.emit(result);
          },
        }),
      },
    });
}
