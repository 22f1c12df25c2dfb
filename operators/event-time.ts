/** `eventTime`: when each event happened. */
import { requireDurations, requirePositive } from '../graph/options.ts';
import { refuseAsync } from '../graph/promises.ts';
import { append, type EventTimeOptions, type Op, type Stream, sideOf, type Terminal } from '../graph/stream.ts';

/** Where records go that have no usable event time. */
export interface EventTimeSides<T, K> {
  /** Records without a time. Default: dead letters. */
  readonly untimed?: (stream: Stream<T, K>) => Terminal;
  /** Records further ahead of the clock than allowed. Default: dead letters. */
  readonly ahead?: (stream: Stream<T, K>) => Terminal;
}

/**
 * Says when each event happened and how far out of order events may come; windows and timers need it upstream.
 *
 * Per split the watermark is the newest time believed less `outOfOrder`, in steps of `granule`; the stream's is the
 * least of its splits'. A time that leaps more than five minutes ahead is believed when most of the split has gone
 * there (see time/watermark.ts), so that one sender with a fast clock does not make the others late. A split at its end
 * for `idleAfter`, or without a usable time for so long, no longer counts, and when none does the watermark follows the
 * clock, so that a dead shipper closes windows instead of freezing them.
 *
 * @example
 * await outputOf([{ at: 5 }, { at: NaN }], eventTime({ at: (e) => e.at, outOfOrder: 0 })) // => [{ at: 5 }]
 */
export function eventTime<T, K>(options: EventTimeOptions<T>, sides: EventTimeSides<T, K> = {}): Op<T, K, T, K> {
  requirePositive('eventTime', { granule: options.granule, ahead: options.ahead });
  requireDurations('eventTime', { outOfOrder: options.outOfOrder, idleAfter: options.idleAfter });
  refuseAsync('eventTime', options.at, options.moves);
  return (stream) => {
    const timed: Stream<T, K> = append([stream], {
      verb: 'eventTime',
      timed: true,
      body: { kind: 'eventTime', options: Object.freeze({ ...options }) },
    });
    sides.untimed?.(sideOf(timed, 'untimed'));
    sides.ahead?.(sideOf(timed, 'ahead'));
    return timed;
  };
}
