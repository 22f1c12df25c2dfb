/** ISO 8601 times in the bytes of a record, without a text or a Date for each. */
import { dayStart } from '../../time/civil.ts';
import type { Time } from '../../time/duration.ts';
import { colon, dot, isDigit, letterT, letterZ, minus, plus, zero } from './ascii.ts';

/**
 * Reads an ISO 8601 time in place: `2026-01-31T23:59:59.123Z`, with any number of decimals (what is below a
 * millisecond is cut off) or none, and `Z` or an offset such as `+01:00`. NaN for everything else, days that do not
 * exist included: what a record says of its time must not be guessed.
 *
 * @example
 * isoTimeOf(Buffer.from('1970-01-02T00:00:00.5Z'), 0, 22) // => 86_400_500
 */
export function isoTimeOf(bytes: Uint8Array, from: number, to: number): Time {
  if (to - from < 20 || bytes[from + 4] !== minus || bytes[from + 7] !== minus || bytes[from + 10] !== letterT)
    return Number.NaN;
  if (bytes[from + 13] !== colon || bytes[from + 16] !== colon) return Number.NaN;
  const year = two(bytes, from) * 100 + two(bytes, from + 2);
  const month = two(bytes, from + 5);
  const day = two(bytes, from + 8);
  const hour = two(bytes, from + 11);
  const minute = two(bytes, from + 14);
  const second = two(bytes, from + 17);
  // A digit that is none makes its number NaN, which no comparison holds for.
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  let at = from + 19;
  let millis = 0;
  if (bytes[at] === dot) {
    const point = at++;
    for (let unit = 100; at < to && isDigit(bytes[at]!); at++) {
      if (unit >= 1) millis += (bytes[at]! - zero) * unit;
      unit /= 10;
    }
    if (at === point + 1) return Number.NaN;
  }
  const time = dayStart(year, month, day) + hour * 3_600_000 + minute * 60_000 + second * 1_000 + millis;
  return bytes[at] === letterZ && at + 1 === to ? time : time - offsetOf(bytes, at, to);
}

function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]!;
  const units = bytes[at + 1]!;
  return isDigit(tens) && isDigit(units) ? tens * 10 + units - 11 * zero : Number.NaN;
}

/** Milliseconds of `+hh:mm` or `-hh:mm`, which must end the text; else NaN. */
function offsetOf(bytes: Uint8Array, at: number, to: number): number {
  const sign = bytes[at] === plus ? 1 : bytes[at] === minus ? -1 : Number.NaN;
  if (at + 6 !== to || bytes[at + 3] !== colon) return Number.NaN;
  const hours = two(bytes, at + 1);
  const minutes = two(bytes, at + 4);
  return hours < 24 && minutes < 60 ? sign * (hours * 60 + minutes) * 60_000 : Number.NaN;
}
