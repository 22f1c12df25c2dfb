/** Epochs of any unit, and instants as ISO 8601. */

/** An instant to the nanosecond: `nanos` counts 0…999999 past the millisecond. */
export interface Instant {
  readonly ms: number;
  readonly nanos: number;
}

/**
 * The instant of a number of seconds, milliseconds, microseconds or nanoseconds since 1970: its size says which.
 * Null before 1973, where a number is more likely a count than a time.
 *
 * @example
 * instantOfEpoch(1674982284.967) // => { ms: 1674982284967, nanos: 0 }
 * instantOfEpoch(1546896321871) // => { ms: 1546896321871, nanos: 0 }
 * instantOfEpoch(30) // => null
 */
export function instantOfEpoch(value: number): Instant | null {
  if (!(value >= 1e8 && value < 1e19)) return null;
  if (value >= 1e17) return { ms: Math.floor(value / 1e6), nanos: 0 };
  // A double holds today's seconds to about a quarter of a microsecond, so microseconds are what can be trusted.
  const micros = value < 1e11 ? Math.round(value * 1e6) : value < 1e14 ? Math.round(value * 1e3) : Math.round(value);
  const ms = Math.floor(micros / 1e3);
  return { ms, nanos: (micros - ms * 1e3) * 1e3 };
}

/**
 * ISO 8601 in UTC with as many of 3, 6 or 9 decimals as the instant needs.
 *
 * @example
 * isoText(1674982284967, 123456) // => '2023-01-29T08:51:24.967123456Z'
 * isoText(1674982284967, 120000) // => '2023-01-29T08:51:24.967120Z'
 */
export function isoText(ms: number, nanos: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastText = secondText(second);
    lastSecond = second;
  }
  const milli = `${lastText}${padded(ms - second * 1000)}`;
  if (nanos === 0) return `${milli}Z`;
  const micros = Math.floor(nanos / 1000);
  return nanos === micros * 1000
    ? `${milli}${padded(micros)}Z`
    : `${milli}${padded(micros)}${padded(nanos - micros * 1000)}Z`;
}

/** The date and the clock up to the point before the decimals. */
function secondText(second: number): string {
  const day = Math.floor(second / secondsPerDay);
  if (day !== lastDay) {
    const text = new Date(day * secondsPerDay * 1000).toISOString();
    lastDate = text.slice(0, text.indexOf('T') + 1);
    lastDay = day;
  }
  const clock = second - day * secondsPerDay;
  const minute = Math.floor(clock / 60);
  const hour = Math.floor(minute / 60);
  return `${lastDate}${twoDigits[hour]!}:${twoDigits[minute - hour * 60]!}:${twoDigits[clock - minute * 60]!}.`;
}

/** The texts of the second and the day asked for last: most logs hold many lines of one. */
let [lastSecond, lastDay] = [Number.NaN, Number.NaN];
let [lastText, lastDate] = ['', ''];
const secondsPerDay = 86_400;
const twoDigits: readonly string[] = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));

/** A number below a thousand in three digits. */
function padded(value: number): string {
  return value > 99 ? String(value) : value > 9 ? `0${value}` : `00${value}`;
}
