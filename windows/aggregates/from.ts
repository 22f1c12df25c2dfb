/** An aggregate over one part of each value. */

import type { Time } from '../../time/duration.ts';
import type { Aggregate } from '../aggregate.ts';

/**
 * The aggregate over `f(value)`: `from((request) => request.ms, quantile([0.5, 0.99]))`. The function
 * must be pure.
 */
export function from<T, V, Acc, R>(f: (value: T) => V, aggregate: Aggregate<V, Acc, R>): Aggregate<T, Acc, R> {
  return Object.freeze({
    name: aggregate.name,
    codec: aggregate.codec,
    ...(aggregate.intact !== undefined && { intact: aggregate.intact }),
    create: () => aggregate.create(),
    add: (acc: Acc, value: T, time: Time) => aggregate.add(acc, f(value), time),
    ...(aggregate.merge && { merge: (a: Acc, b: Acc) => aggregate.merge!(a, b) }),
    result: (acc: Acc) => aggregate.result(acc),
  });
}
