import type { Time } from '../time/duration.ts';

/**
 * A stretch of event time: `start` belongs to it, `end` does not, so that windows touch without overlapping.
 */
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

/** What a window found, at one firing. The latest revision of a window replaces the earlier ones. */
export interface Windowed<T> {
  readonly window: Window;
  readonly value: T;
  /** 0 at the first firing; grows when late data or a merge fires the window again. */
  readonly revision: number;
  /** True: this result, fired before, no longer holds, because its session was merged into another. */
  readonly retracted: boolean;
}
