/** `scan`: a state per key that each value moves on. */
import type { Codec } from '../codecs/codec.ts';
import type { StateOptions } from '../graph/op.ts';
import { refuseAsync, refusePromise, type Sync } from '../graph/promises.ts';
import { append, type Op } from '../graph/stream.ts';
import type { Key } from '../state/key.ts';

/** How scan keeps its state. */
export interface ScanOptions<S> extends StateOptions {
  readonly codec: Codec<S>;
  readonly was?: readonly string[];
}

/**
 * Walks through each key's values with a state: `step` gets the state (undefined at first), the value and the key, and
 * returns the next state and what to emit, undefined for nothing.
 *
 * State: one value per key.
 *
 * @example
 * await outputOf(
 *   [1, 2, 3],
 *   keyBy(() => 'all'),
 *   scan('sum', { codec: float64 }, (sum = 0, n) => [sum + n, sum + n]),
 * ) // => [1, 3, 6]
 */
export function scan<T, S, R, K extends Key>(
  uid: string,
  options: ScanOptions<S>,
  step: (state: S | undefined, value: T, key: K) => readonly [state: S, result: Sync<R> | undefined],
): Op<T, K, R, K> {
  const { codec, was = [] } = options;
  refuseAsync(uid, step);
  return (stream) =>
    append([stream], {
      verb: 'scan',
      uid,
      was,
      body: {
        kind: 'operator',
        stateful: true,
        make(ctx) {
          const state = ctx.value<S>('state', codec, options);
          return {
            onData(value: T, _time, out) {
              const stepped = step(state.get(), value, ctx.key as K);
              if (!Array.isArray(stepped)) refusePromise(stepped, uid);
              const [next, result] = stepped;
              state.set(next);
              if (result !== undefined) out.emit(result);
            },
          };
        },
      },
    });
}
