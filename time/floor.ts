/** Rounding a time down to a regular grid, the arithmetic behind windows and watermarks. */

import type { Duration, Time } from './duration.ts';

/**
 * The last tick not after `time`, where ticks stand at `offset` plus whole multiples of `step`. Floors towards the
 * past, so times before 1970 fall into the same even grid.
 *
 * @example
 * floorTo(61_500, 60_000) // => 60000
 * floorTo(-1, 60_000) // => -60000
 * floorTo(61_500, 60_000, 5_000) // => 5000
 */
export const floorTo = (time: Time, step: Duration, offset: Duration = 0): Time =>
  Math.floor((time - offset) / step) * step + offset;
