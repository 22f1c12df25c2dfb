/**
 * What a window keeps of its values, described by named primitives (as in Hazelcast Jet's AggregateOperation). An
 * aggregate knows nothing of windows, keys or stores; it says how values are folded and how the accumulator becomes
 * bytes.
 */

import type { Codec } from '../codecs/codec.ts';
import { MillraceError } from '../errors.ts';
import type { Time } from '../time/duration.ts';

/**
 * Folds values of `T` into an accumulator and computes an `R` from it. Accumulators may be primitives.
 *
 * Ownership: `add` and `merge` may change their first accumulator and return it, so a caller continues with the
 * returned one. They neither change nor keep parts of `merge`'s second accumulator or of an earlier `result`.
 *
 * Laws: `merge` is associative, with `create()` as identity on both sides; folding all values equals merging the folds
 * of their parts in order; `decode(encode(acc))` behaves like `acc`. Sums of fractions obey them up to rounding,
 * sketches up to their stated error.
 *
 * `T` is declared as input only, so that an aggregate over richer values than the stream has is a compile error.
 */
export interface Aggregate<in T, Acc, out R> {
  /** Names the aggregate in plans and errors. */
  readonly name: string;
  /** How accumulators are stored. */
  readonly codec: Codec<Acc>;
  /** The accumulator of no values. */
  create(): Acc;
  /** Takes one value in; `time` is its event time. */
  add(acc: Acc, value: T, time: Time): Acc;
  /**
   * That `add` throws, if at all, before it changes its accumulator; `'storable'` says as well that its codec takes
   * every accumulator. Others are saved before each value once one of them has thrown.
   */
  readonly intact?: boolean | 'storable';
  /** The accumulator of both, the values of `a` before those of `b`. Sessions need it; sliding windows gain by it. */
  merge?(a: Acc, b: Acc): Acc;
  result(acc: Acc): R;
}

/**
 * The number itself, if it is finite. One NaN would make the result of a whole window NaN, so it is refused and its
 * record becomes a dead letter.
 * Errors: VALUE_NOT_FINITE.
 */
export function finite(aggregate: string, value: number): number {
  if (!Number.isFinite(value)) throw new MillraceError('VALUE_NOT_FINITE', { aggregate, got: String(value) });
  return value;
}
