import type { SinkSpec } from '../graph/connector.ts';
import { append, type Step, type Terminal } from '../graph/stream.ts';

/**
 * Ends a stream in a sink.
 *
 * Delivery: what an epoch sends is stored with it and delivered exactly once; see ARCHITECTURE.md.
 *
 * @example
 * outputOf([1], map((n) => n + 1)) // => [2]
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
