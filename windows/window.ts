/** A window, and the result of one firing. */

import type { Time } from '../time/duration.ts';

/** A span of event time: `start` belongs to it, `end` does not, so that windows touch without overlapping. */
export interface Window {
  readonly start: Time;
  readonly end: Time;
}

/**
 * The last time that belongs to the window. The window fires when the watermark reaches it.
 *
 * @example
 * maxTime({ start: 0, end: 60_000 }) // => 59999
 */
export const maxTime = (window: Window): Time => window.end - 1;

/**
 * The result of a window at one firing. A later revision of the same window replaces the earlier ones. It does not hold
 * the key, which goes along with it: `process` has it as `ctx.key`, `scan` as the third argument of its step.
 */
export interface Windowed<T> {
  readonly window: Window;
  readonly value: T;
  /** 0 at the first firing; grows when late data or a merge fires the window again. */
  readonly revision: number;
  /** Whether this earlier result no longer holds because its session was merged into another. */
  readonly retracted: boolean;
}
