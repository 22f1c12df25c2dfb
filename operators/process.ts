/** `process`: the general operator, with state and timers. */
import type { Handlers, OpContext } from '../graph/op.ts';
import { append, type Op, type Stream, sideOf, type Terminal } from '../graph/stream.ts';
import type { Key } from '../state/key.ts';

/** Side outputs by name, and former uids. */
export interface ProcessOptions<K> {
  readonly was?: readonly string[];
  /** A sub-pipeline per name that the handlers pass to `ctx.side`. */
  readonly sides?: { readonly [name: string]: (stream: Stream<never, K>) => Terminal };
}

/**
 * The general operator: `make` asks the context for state and returns handlers for values, event-time timers, the
 * watermark and clock ticks. Everything else here could be written with it.
 *
 * State: whatever `make` declares. Delivery: handlers run again for records after the last committed epoch, so they
 * must have no side effect but state and output.
 *
 * @example
 * await outputOf(
 *   ['x', 'y'],
 *   keyBy(() => 'all'),
 *   process('pairs', (ctx) => {
 *     const last = ctx.value('last', string);
 *     return {
 *       onData(value, _time, out) {
 *         out.emit(`${last.get() ?? '-'}${value}`);
 *         last.set(value);
 *       },
 *     };
 *   }),
 * ) // => ['-x', 'xy']
 */
export function process<T, R, K extends Key>(
  uid: string,
  make: (ctx: OpContext<T>) => Handlers<T, R>,
  options: ProcessOptions<K> = {},
): Op<T, K, R, K> {
  return (stream) => {
    const result: Stream<R, K> = append([stream], {
      verb: 'process',
      uid,
      was: options.was ?? [],
      body: { kind: 'operator', stateful: true, make },
    });
    for (const [name, side] of Object.entries(options.sides ?? {})) side(sideOf(result, name));
    return result;
  };
}
