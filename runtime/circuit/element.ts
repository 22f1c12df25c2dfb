import type { Upstream } from '../../graph/connector.ts';
import type { Time } from '../../time/duration.ts';

/**
 * What flows between operators: batches of values, and signals in band with them. One batch is many records, so that
 * a hop costs a call per batch and not per record; authors never see elements.
 */

/** Records of one split as columns; `keys` holds keys before a segment's gate and key slots behind it. */
export interface Batch {
  readonly kind: 'data';
  readonly values: unknown[];
  readonly times: Float64Array;
  readonly keys: unknown[] | undefined;
  readonly length: number;
  /** Index of the split that was read; event time is kept per split. */
  readonly split: number;
}

/** Signals; each follows the data that came before it and precedes what comes after. */
export type Signal =
  /** A split exists, has been read to its end since `at`, or will never bring anything again. */
  | { readonly kind: 'split'; readonly split: number; readonly state: 'open' | 'quiet' | 'ended'; readonly at: Time }
  /** No record with an event time up to and including `time` is expected any more. */
  | { readonly kind: 'watermark'; readonly time: Time }
  /** The stream will not speak for a while and holds nobody back. */
  | { readonly kind: 'idle' }
  /** The recorded clock. */
  | { readonly kind: 'tick'; readonly now: Time }
  /** One of the tasks that send to this stage says how far it has come. */
  | { readonly kind: 'upstream'; readonly upstream: Upstream }
  /** Everything before it belongs to the epoch that is about to be committed. */
  | { readonly kind: 'barrier'; readonly epoch: number }
  /** Records of a control stream on their way to a broadcast. */
  | { readonly kind: 'control'; readonly batch: Batch };

export type Element = Batch | Signal;
