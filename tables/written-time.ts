/**
 * Days and times of day in text that do not exist, or that lack their day. ClickHouse moves them without a word: the
 * 30th of February becomes the 2nd of March, 10:60 becomes 11:00, and a time without a day gets one of its own.
 */

/**
 * Whether text of a `DateTime` says a day or a time of day that there is not, or too little for a time. Text that is
 * written another way, with the name of a month or as seconds since 1970, is not judged.
 *
 * @example
 * isNoTime('2026-02-30T10:00:00Z') // => true
 * isNoTime('2026-01-29 10:60') // => true
 * isNoTime('10:00:00') // => true
 * isNoTime('2026-01-29T24:00:00Z') // => false
 */
export function isNoTime(text: string): boolean {
  const day = dayPattern.exec(text);
  if (day !== null && !isDay(day)) return true;
  if (partPattern.test(text)) return true;
  const clock = day?.[7] === undefined ? clockPattern.exec(text) : [day[0], day[7], day[8], day[9]];
  if (clock === null) return false;
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  return minute > 59 || second > 59 || hour > 24 || (hour === 24 && minute + second > 0);
}

/**
 * Whether text of a `Date` is no day that there is.
 *
 * @example
 * isNoDay('2026-02-28') // => false
 * isNoDay('2026-02-29') // => true
 * isNoDay('2026-02-28T10:00:00Z') // => true
 */
export function isNoDay(text: string): boolean {
  const day = dayPattern.exec(text);
  return day === null || day[0].length < text.length || day[7] !== undefined || !isDay(day);
}

/** 2026-01-29 and 2026/1/29, or 20260129 and 20260129T100000; three groups of a day each, then the time of day. */
const dayPattern =
  /^(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d))?(?!\d))/;

/** A year, a month or a time of day alone. */
const partPattern = /^\d{1,4}(?:[-/.]\d{1,2})?$|^\d{1,2}:\d/;

const clockPattern = /(?:^|[T ])(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?/;

function isDay(found: RegExpExecArray): boolean {
  const [year, month, day] = [found[1] ?? found[4], found[2] ?? found[5], found[3] ?? found[6]].map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  // A day that its month does not have falls into another month.
  return date.getUTCMonth() === month! - 1;
}
