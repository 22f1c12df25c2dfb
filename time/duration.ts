/**
 * Durations are plain numbers of milliseconds, so that they add up with event times without conversion.
 *
 * @example
 * minutes(1) + seconds(30) // => 90000
 */
export type Duration = number;

/** Event or clock time: milliseconds since 1970-01-01T00:00:00Z, negative before it. */
export type Time = number;

/** `n` milliseconds. */
export const milliseconds = (n: number): Duration => n;
/** `n` seconds, in milliseconds. */
export const seconds = (n: number): Duration => n * 1_000;
/** `n` minutes, in milliseconds. */
export const minutes = (n: number): Duration => n * 60_000;
/** `n` hours, in milliseconds. */
export const hours = (n: number): Duration => n * 3_600_000;
/** `n` days of 24 hours, in milliseconds. */
export const days = (n: number): Duration => n * 86_400_000;
