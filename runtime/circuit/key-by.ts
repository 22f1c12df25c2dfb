import type { OperatorFunction } from 'rxjs';
import { admitKey, type Key, type KeyPart, SplitKeys } from '../../state/key.ts';
import type { Batch, Element } from './element.ts';
import { type OnPoison, Streak } from './poison.ts';
import { elementOperator } from './rx.ts';

/**
 * Gives a batch its keys. A record whose key can't be had (keyBy threw, or returned something that is no key) is set
 * aside as poison and the batch goes on without it. With `splitOf`, equal keys of different splits are different keys.
 */
export function assignKeys(
  keyOf: (value: unknown) => Key,
  splitOf: ((batch: Batch, i: number) => string) | undefined,
  poison: OnPoison,
): OperatorFunction<Element, Element> {
  const streak = new Streak();
  const splitKeys = new SplitKeys();
  const keyed = (batch: Batch): Batch => {
    const { length } = batch;
    let { values, times } = batch;
    const keys = new Array<Key>(length);
    let kept = 0;
    for (let i = 0; i < length; i++) {
      try {
        for (; i < length; i++) {
          const key = keyOf(values[i]);
          keys[kept] = splitOf === undefined ? admitKey(key) : splitKeys.of(splitOf(batch, i), key as KeyPart);
          if (kept !== i) {
            values[kept] = values[i];
            times[kept] = times[i]!;
          }
          kept++;
        }
      } catch (error) {
        poison({ value: values[i], time: times[i]!, error, streak: streak.failed(i) });
        // Other branches may hold the same columns: what is to be compacted is copied first.
        if (values === batch.values) {
          values = values.slice();
          times = times.slice();
        }
      }
    }
    streak.end(length);
    return { ...batch, values, times, keys, length: kept };
  };
  return elementOperator((element, to) => to.next(element.kind === 'data' ? keyed(element) : element));
}
