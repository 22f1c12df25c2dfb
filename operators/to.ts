/** `to`: the end of a stream, in a sink. */
import type { SinkSpec } from '../graph/connector.ts';
import { append, type Step, type Terminal } from '../graph/stream.ts';

/**
 * Ends a stream in a sink.
 *
 * Delivery: what an epoch sends is stored with it and delivered exactly once; see ARCHITECTURE.md.
 *
 * @example
 * const doubling = job('doubling', (from) => {
 *   from('numbers', script([])).pipe(map((n) => 2 * n), to('doubled', topic('doubled')));
 * });
 * (await play(doubling, { numbers: [1, 2, END] })).topics.doubled // => [2, 4]
 */
export function to<T, K>(
  uid: string,
  sink: SinkSpec<T>,
  options: { readonly was?: readonly string[] } = {},
): Step<T, K, Terminal> {
  return (stream) => {
    append([stream], { verb: 'to', uid, was: options.was ?? [], body: { kind: 'sink', sink } });
    return { terminal: true };
  };
}
