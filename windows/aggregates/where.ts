/** An aggregate over some of the values. */

import type { Time } from '../../time/duration.ts';
import type { Aggregate } from '../aggregate.ts';

/**
 * The aggregate over the values that the predicate accepts; the others do not count. With `combine` it reports a part
 * beside the whole: `combine({ total: count(), errors: where((e) => e.level === 'ERROR', count()) })`. The predicate
 * must be pure.
 */
export function where<T, Acc, R>(
  predicate: (value: T) => boolean,
  aggregate: Aggregate<T, Acc, R>,
): Aggregate<T, Acc, R> {
  return Object.freeze({
    name: `where(${aggregate.name})`,
    codec: aggregate.codec,
    ...(aggregate.intact !== undefined && { intact: aggregate.intact }),
    create: () => aggregate.create(),
    add: (acc: Acc, value: T, time: Time) => (predicate(value) ? aggregate.add(acc, value, time) : acc),
    ...(aggregate.merge && { merge: (a: Acc, b: Acc) => aggregate.merge!(a, b) }),
    result: (acc: Acc) => aggregate.result(acc),
  });
}
