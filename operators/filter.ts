/** `filter`: some of the values. */
import { refuseAsync, refusePromise } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';

/**
 * Keeps the values for which the predicate holds.
 *
 * @example
 * await outputOf([1, 2, 3], filter((n) => n > 1)) // => [2, 3]
 */
export function filter<T, S extends T, K>(keep: (value: T) => value is S): Op<T, K, S, K>;
export function filter<T, K>(keep: (value: T) => boolean): Op<T, K, T, K>;
export function filter<T, K>(keep: (value: T) => boolean): Op<T, K, T, K> {
  refuseAsync('filter', keep);
  return (stream) =>
    append([stream], {
      verb: 'filter',
      body: {
        kind: 'operator',
        stateful: false,
        make: () => ({
          onData(value: T, _time, out) {
            const kept: unknown = keep(value);
            if (typeof kept === 'object') refusePromise(kept, 'filter');
            if (kept) out.emit(value);
          },
        }),
      },
    });
}
