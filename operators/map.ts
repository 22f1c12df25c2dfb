/** `map`: one value for each value. */
import { refuseAsync, type Sync } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';

/**
 * Replaces each value. Time and key stay as they are.
 *
 * @example
 * await outputOf([1, 2], map((n) => n * 10)) // => [10, 20]
 */
export function map<T, R, K>(f: (value: T) => Sync<R>): Op<T, K, R, K> {
  refuseAsync('map', f);
  return (stream) =>
    append([stream], {
      verb: 'map',
      body: {
        kind: 'operator',
        stateful: false,
        make: () => ({ onData: (value: T, _time, out) => out.emit(f(value)) }),
      },
    });
}
