/** One statement held against the truth. */
import type { Time } from '../../time/duration.ts';

/** What was said when, and whether it is so. */
export interface Verdict {
  /** What is stated, such as `lines a minute`. */
  readonly kind: string;
  readonly at: Time;
  readonly isTrue: boolean;
  /** The statement as it was made, and what is so. */
  readonly said: string;
  readonly truth: string;
}

/**
 * The time of day in UTC.
 *
 * @example
 * clock(3_723_000) // => '01:02:03'
 */
export const clock = (time: Time): string =>
  Number.isFinite(time) ? new Date(time).toISOString().slice(11, 19) : String(time);

/**
 * The moment of a time of day that is nearest to another moment.
 *
 * @example
 * momentOf('23:59:00', Date.parse('2026-01-02T00:01:00Z')) // => Date.parse('2026-01-01T23:59:00Z')
 */
export function momentOf(text: string, near: Time): Time {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  const day = 86_400_000;
  const ofDay = (hours * 3_600 + minutes * 60 + seconds) * 1_000;
  const today = Math.floor(near / day) * day + ofDay;
  return [today - day, today, today + day].reduce((a, b) => (Math.abs(b - near) < Math.abs(a - near) ? b : a));
}

/** Whether a number lies between two others, give or take a share of each and an absolute part. */
export const isWithin = (
  value: number,
  [least, most]: readonly [number, number],
  { share, absolute }: { readonly share: number; readonly absolute: number },
): boolean => value >= least * (1 - share) - absolute && value <= most * (1 + share) + absolute;
