import type { Codec } from '../codecs/codec.ts';
import type { Time } from '../time/duration.ts';

/**
 * Values of one key folded before they change hands, so that a service with most of the lines sends as little as any
 * other. Windows whose aggregate merges take folds in place of values.
 */

/** How an operator's values may be folded. */
export interface Fold<T, Acc> {
  readonly codec: Codec<Acc>;
  /** The time that stands for a value in its fold: values with equal ones may be folded together. */
  slot(time: Time): Time;
  /** Whether a value would come late for that watermark; such a one is sent by itself. */
  isLate(slot: Time, watermark: Time): boolean;
  create(): Acc;
  add(acc: Acc, value: T, time: Time): Acc;
}

/** What arrives in place of the values that were folded. Its time is their slot. */
export class Folded<Acc> {
  readonly acc: Acc;

  constructor(acc: Acc) {
    this.acc = acc;
  }
}
