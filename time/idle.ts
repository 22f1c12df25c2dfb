/**
 * Event time compared with the clock: three rules that keep one wrong or silent sender from disturbing event time for
 * all others. The functions are pure: the caller passes the clock's time and records it with the epoch, so that a
 * replay decides the same.
 */

import type { Duration, Time } from './duration.ts';

/**
 * Whether a record claims a time more than `ahead` milliseconds in the future. Its sender's clock is wrong; if it
 * moved the watermark, the records of all other senders would be late.
 *
 * @example
 * tooFarAhead(1_000_000, 990_000, 5_000) // => true
 * tooFarAhead(995_000, 990_000, 5_000) // => false
 */
export const tooFarAhead = (time: Time, clockNow: Time, ahead: Duration): boolean => time > clockNow + ahead;

/**
 * The watermark, limited to the clock minus the out-of-orderness: records slightly ahead of the clock are accepted, but
 * they do not make punctual records late.
 *
 * @example
 * heldByClock(64_999, 60_000, 2_000) // => 58000
 */
export const heldByClock = (watermark: Time, clockNow: Time, outOfOrder: Duration): Time =>
  Math.min(watermark, clockNow - outOfOrder);

/**
 * The watermark while every input is idle: it follows the clock, so that windows close although a sender stopped.
 *
 * @example
 * idleWatermark(100_000, 10_000, 60_000) // => 30000
 */
export const idleWatermark = (clockNow: Time, outOfOrder: Duration, idleAfter: Duration): Time =>
  clockNow - outOfOrder - idleAfter;
