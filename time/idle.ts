/**
 * Event time against the clock: three rules that keep one wrong or silent sender from spoiling time for everybody. Pure
 * functions; the caller hands in the clock's time and records it with the epoch, so that a replay decides the same.
 */

import type { Duration, Time } from './duration.ts';

/**
 * Whether a record claims a time more than `ahead` milliseconds in the future. Its sender's clock is broken; letting it
 * move the watermark would make everybody else late.
 *
 * @example
 * tooFarAhead(1_000_000, 990_000, 5_000) // => true
 * tooFarAhead(995_000, 990_000, 5_000) // => false
 */
export const tooFarAhead = (time: Time, clockNow: Time, ahead: Duration): boolean => time > clockNow + ahead;

/**
 * The watermark, held at the clock minus the out-of-orderness: records that are slightly ahead of the clock are let in
 * but make nobody late who is on time.
 *
 * @example
 * heldByClock(64_999, 60_000, 2_000) // => 58000
 */
export const heldByClock = (watermark: Time, clockNow: Time, outOfOrder: Duration): Time =>
  Math.min(watermark, clockNow - outOfOrder);

/**
 * The watermark while every input is idle: it follows the clock, so that a dead sender closes windows instead of
 * freezing them.
 *
 * @example
 * idleWatermark(100_000, 10_000, 60_000) // => 30000
 */
export const idleWatermark = (clockNow: Time, outOfOrder: Duration, idleAfter: Duration): Time =>
  clockNow - outOfOrder - idleAfter;
