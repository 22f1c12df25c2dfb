/**
 * Days of the proleptic Gregorian calendar without `Date`: the era method of Howard Hinnant, "chrono-compatible
 * low-level date algorithms" (days_from_civil, https://howardhinnant.github.io/date_algorithms.html).
 */
/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/**
 * Milliseconds at which a day of the proleptic Gregorian calendar begins in UTC, or NaN if there is no such day.
 *
 * @example
 * dayStart(1970, 1, 2) // => 86400000
 * dayStart(2026, 2, 29) // => NaN
 */
export function dayStart(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return Number.NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * dayMs;
}

/**
 * The year that an instant lies in, in UTC.
 *
 * @example
 * yearOf(-1) // => 1969
 */
export function yearOf(ms: number): number {
  const days = Math.floor(ms / dayMs) + 719_468;
  if (days === lastDays) return lastYear;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  lastDays = days;
  lastYear = era * 400 + yearOfEra + (dayOfYear >= 306 ? 1 : 0);
  return lastYear;
}

/** The day asked for last: all lines of a log that name no year ask for the same. */
let [lastDays, lastYear] = [Number.NaN, 0];

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}
