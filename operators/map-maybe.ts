/** `mapMaybe`: at most one value for each value. */
import { refuseAsync, type Sync } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';

/**
 * Replaces each value, or leaves it out where `f` returns undefined: map and filter in one step.
 *
 * @example
 * await outputOf(['1', 'x'], mapMaybe((s) => (Number.isNaN(Number(s)) ? undefined : Number(s)))) // => [1]
 */
export function mapMaybe<T, R, K>(f: (value: T) => Sync<R> | undefined): Op<T, K, R, K> {
  refuseAsync('mapMaybe', f);
  return (stream) =>
    append([stream], {
      verb: 'mapMaybe',
      body: {
        kind: 'operator',
        stateful: false,
        make: () => ({
          onData(value: T, _time, out) {
            const result = f(value);
            if (result !== undefined) out.emit(result);
          },
        }),
      },
    });
}
