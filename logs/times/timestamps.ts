/**
 * Reads the timestamp that starts at a given offset of a text, by looking at character codes: no regular expression,
 * no allocation, and a bounded number of characters (about fifty) however long the text is.
 *
 * Shapes: ISO 8601 and its relatives (`T`, space, `:` or `-` between date and time, `-`, `/` or `.` inside the date,
 * `.`, `,` or `:` before a fraction of up to nine digits, basic form), `10/Oct/2000:13:55:36 -0700`, `29-Jan-2026
 * 08:51:24`, `29-Jan-2026::08:51:24`, `29 Jan 2026 08:51:24`, `29.01.2026 08:51:24`, `1/29/2026 8:51:24 AM`,
 * `Mon Dec 26 16:15:55.103522 2016`, `Oct 11 22:14:15`, klog's `E0129 08:51:24.967`, `161209 13:08:33`,
 * `081109 203615`, a bare `16:42:14.365`, and epochs of 10 (with or without decimals), 13, 16 or 19 digits.
 *
 * What the text leaves out: no zone means the configured one, and of an hour that comes twice in it the last pass that
 * had come by `now`; no year or no date means the one that puts the time
 * nearest before `now`, where a day (an hour without date) of lead is forgiven, because clocks and zones are off.
 */

import { dayMs, dayStart, yearOf } from '../../time/civil.ts';
import {
  codeOf,
  colonCode,
  commaCode,
  digits,
  dotCode,
  isDigit,
  isUpper,
  isWordCode,
  minusCode,
  nineCode,
  plusCode,
  slashCode,
  spaceCode,
  zeroCode,
} from '../text.ts';
import { isWeekdayAt, monthAt } from './calendar.ts';
import { ClockReader } from './clock-reader.ts';
import { scanZone, type WallClock, wallClock } from './zones.ts';

/**
 * Reads timestamps.
 *
 * State: the results of the last scan and the last day looked up.
 *
 * @example
 * const scanner = new TimestampScanner('UTC');
 * scanner.scan('at 2026-01-29T08:51:24.967123+02:00 ok', 3) // => true
 * scanner.ms === Date.UTC(2026, 0, 29, 6, 51, 24, 967) // => true
 * scanner.nanos // => 123000
 * scanner.end // => 35
 */
export class TimestampScanner {
  /** Reference for times without year or date, and for the hour that comes twice; milliseconds. */
  now = 0;
  /** Results of the last scan that returned true. */
  ms = 0;
  nanos = 0;
  end = 0;
  /** Whether the text named its zone (an epoch does). */
  zoned = false;
  /** Whether the text had a date, be it without year. */
  dated = true;
  /** Whether it is a bare number of seconds or finer units. */
  epoch = false;

  readonly #local: WallClock;
  #lastText = '';
  #lastAt = -1;
  #lastNow = 0;
  #lastFound = false;
  readonly #clock = new ClockReader();
  #dayKey = -1;
  #dayMs = 0;

  constructor(timezone: string) {
    this.#local = wallClock(timezone);
  }

  /** Whether a timestamp starts at `at`; if so, the public fields describe it. Asking again at once costs nothing. */
  scan(text: string, at: number): boolean {
    if (at !== this.#lastAt || text !== this.#lastText || this.now !== this.#lastNow) {
      this.#lastAt = at;
      this.#lastText = text;
      this.#lastNow = this.now;
      this.#lastFound = this.#scan(text, at);
    }
    return this.#lastFound;
  }

  #scan(text: string, at: number): boolean {
    const first = text.charCodeAt(at);
    if (!(first >= zeroCode && first <= lowerZ)) return false;
    this.dated = true;
    this.epoch = false;
    if (first > nineCode) return this.#named(text, at);
    // Most lines of most logs begin with yyyy-mm-dd.
    const fifth = text.charCodeAt(at + 4);
    const isSeparated = fifth === minusCode || fifth === slashCode || fifth === dotCode;
    if (isSeparated && isDigit(text.charCodeAt(at + 1)) && isDigit(text.charCodeAt(at + 2)))
      return this.#yearFirst(text, at);
    let count = 1;
    while (count < 20 && isDigit(text.charCodeAt(at + count))) count++;
    switch (count) {
      case 1:
      case 2:
        return this.#dayFirst(text, at, count);
      case 6:
        return this.#packed(text, at, 2);
      case 8:
      case 14:
        return this.#packed(text, at, 4);
      case 10:
      case 13:
      case 16:
      case 19:
        return this.#epoch(text, at, count);
      default:
        return false;
    }
  }

  #yearFirst(text: string, at: number): boolean {
    const year = digits(text, at, 4);
    const separator = text.charCodeAt(at + 4);
    if (year < 0 || text.charCodeAt(at + 7) !== separator) return false;
    const next = text.charCodeAt(at + 10);
    if (next !== upperT && next !== spaceCode && next !== colonCode && next !== minusCode && next !== lowerT)
      return false;
    return this.#readClock(text, at + 11) && this.#finish(text, year, digits(text, at + 5, 2), digits(text, at + 8, 2));
  }

  /** Starts with one or two digits: a clock, or a date that begins with its day or, with slashes, its month. */
  #dayFirst(text: string, at: number, count: number): boolean {
    const separator = text.charCodeAt(at + count);
    if (separator === colonCode) return this.#clockOnly(text, at);
    const first = digits(text, at, count);
    const rest = at + count + 1;
    const month = monthAt(text, rest);
    if (month > 0) {
      if (text.charCodeAt(rest + 3) !== separator) return false;
      const year = digits(text, rest + 4, 4);
      if (year < 0)
        return separator === spaceCode && this.#readClock(text, rest + 4) && this.#finish(text, noYear, month, first);
      const next = text.charCodeAt(rest + 8);
      if (next !== colonCode && next !== spaceCode) return false;
      // Erlang has two colons between date and time.
      const doubled = next === colonCode && text.charCodeAt(rest + 9) === colonCode ? 1 : 0;
      return this.#readClock(text, rest + 9 + doubled) && this.#finish(text, year, month, first);
    }
    if (separator !== slashCode && separator !== dotCode) return false;
    const width = isDigit(text.charCodeAt(rest + 1)) ? 2 : 1;
    const second = digits(text, rest, width);
    const year = digits(text, rest + width + 1, 4);
    if (second < 0 || year < 0 || text.charCodeAt(rest + width) !== separator) return false;
    const comma = text.charCodeAt(rest + width + 5) === commaCode ? 1 : 0;
    if (text.charCodeAt(rest + width + 5 + comma) !== spaceCode) return false;
    if (!this.#readClock(text, rest + width + 6 + comma)) return false;
    // Slashes are American unless the first number can't be a month; dots are European.
    const american = separator === slashCode && first <= 12;
    return american ? this.#finish(text, year, first, second) : this.#finish(text, year, second, first);
  }

  /** A date without separators: `161209 13:08:33`, `081109 203615`, `20260129T085124`, `20260129085124`. */
  #packed(text: string, at: number, yearDigits: 2 | 4): boolean {
    let year = digits(text, at, yearDigits);
    if (yearDigits === 2) year += year < 70 ? 2000 : 1900;
    const date = at + yearDigits;
    let clock = date + 4;
    const next = text.charCodeAt(clock);
    if (next === upperT || next === spaceCode || (next === minusCode && yearDigits === 4)) clock++;
    if (text.charCodeAt(clock) === spaceCode) clock++;
    if (!this.#readClock(text, clock) && !this.#readClock(text, clock, true)) return false;
    return this.#finish(text, year, digits(text, date, 2), digits(text, date + 2, 2));
  }

  /** Starts with a letter: weekday, month, or klog's level. */
  #named(text: string, at: number): boolean {
    if (digits(text, at + 1, 4) >= 0) {
      const level = text.charCodeAt(at);
      if (!klogLevels.has(level)) return false;
      if (text.charCodeAt(at + 5) !== spaceCode || !this.#readClock(text, at + 6)) return false;
      return this.#finish(text, noYear, digits(text, at + 1, 2), digits(text, at + 3, 2));
    }
    const weekday = isWeekdayAt(text, at);
    if (weekday) {
      at += text.charCodeAt(at + 3) === commaCode ? 5 : 4;
      if (isDigit(text.charCodeAt(at))) return this.#dayFirst(text, at, isDigit(text.charCodeAt(at + 1)) ? 2 : 1);
    }
    const month = monthAt(text, at);
    if (month === 0 || text.charCodeAt(at + 3) !== spaceCode) return false;
    at += text.charCodeAt(at + 4) === spaceCode ? 5 : 4;
    const width = isDigit(text.charCodeAt(at + 1)) ? 2 : 1;
    const day = digits(text, at, width);
    at += width;
    if (text.charCodeAt(at) === commaCode) at++;
    if (day < 0 || text.charCodeAt(at) !== spaceCode) return false;
    const year = text.charCodeAt(at + 5) === spaceCode ? digits(text, at + 1, 4) : -1;
    if (year >= 0) return this.#readClock(text, at + 6) && this.#finish(text, year, month, day);
    if (!this.#readClock(text, at + 1)) return false;
    return weekday ? this.#yearLast(text, month, day) : this.#finish(text, noYear, month, day);
  }

  /** `Sat May 04 10:00:00 CST 2013`: the year stands behind the zone, if there is one. */
  #yearLast(text: string, month: number, day: number): boolean {
    const zone = scanZone(text, this.end + 1);
    const at = zone === null ? this.end : zone.end;
    const year = text.charCodeAt(at) === spaceCode ? digits(text, at + 1, 4) : -1;
    if (year < 0) return this.#finish(text, noYear, month, day);
    const midnight = dayStart(year, month, day);
    if (Number.isNaN(midnight)) return false;
    this.end = at + 5;
    this.#resolve(midnight + this.#clock.ms, zone === null ? null : zone.minutes);
    return true;
  }

  #epoch(text: string, at: number, count: number): boolean {
    const seconds = digits(text, at, 10);
    const clock = this.#clock;
    const finer = digits(text, at + 10, count - 10) * 10 ** (19 - count);
    clock.end = at + count;
    clock.ms = Math.floor(finer / 1e6);
    clock.nanos = finer % 1e6;
    if (count === 10 && text.charCodeAt(clock.end) === dotCode) clock.readFraction(text);
    if (isWordCode(text.charCodeAt(clock.end)) || seconds < 1e8) return false;
    this.end = clock.end;
    this.nanos = clock.nanos;
    this.ms = seconds * 1000 + clock.ms;
    this.zoned = this.epoch = true;
    return true;
  }

  #clockOnly(text: string, at: number): boolean {
    if (!this.#readClock(text, at) || !this.#clock.hasSeconds || text.charCodeAt(this.end) === colonCode) return false;
    this.dated = false;
    const zone = this.#zone(text);
    let midnight = (Math.floor(this.now / dayMs) + 1) * dayMs;
    for (let back = 0; back < 3; back++, midnight -= dayMs) {
      this.#resolve(midnight + this.#clock.ms, zone);
      if (this.ms <= this.now + hourMs) break;
    }
    return true;
  }

  /** Reads a time of day, with separators or without, and takes over where it ends. */
  #readClock(text: string, at: number, packed = false): boolean {
    const clock = this.#clock;
    if (!(packed ? clock.readPacked(text, at) : clock.read(text, at))) return false;
    this.end = clock.end;
    this.nanos = clock.nanos;
    return true;
  }

  /** Minutes east of a zone behind the clock, directly or after one space; null when there is none. */
  #zone(text: string): number | null {
    const code = text.charCodeAt(this.end);
    const gap = code === spaceCode ? 1 : 0;
    const first = gap === 0 ? code : text.charCodeAt(this.end + 1);
    if (first !== plusCode && first !== minusCode && !isUpper(first)) return null;
    const zone = scanZone(text, this.end + gap);
    // Behind a space, `-10` is a number and `Z` a word.
    if (zone === null || zone.end - this.end < gap * 4) return null;
    this.end = zone.end;
    return zone.minutes;
  }

  // hot: called for every line with a date.
  #finish(text: string, year: number, month: number, day: number): boolean {
    const zone = this.#zone(text);
    if (year !== noYear) {
      const key = (year << 9) | (month << 5) | day;
      if (key !== this.#dayKey) {
        const midnight = dayStart(year, month, day);
        if (Number.isNaN(midnight)) return false;
        this.#dayKey = key;
        this.#dayMs = midnight;
      }
      this.#resolve(this.#dayMs + this.#clock.ms, zone);
      return true;
    }
    const newest = yearOf(this.now + dayMs) + 1;
    // Eight years back there was surely a 29th of February.
    for (let back = 0; back < 10; back++) {
      const midnight = dayStart(newest - back, month, day);
      if (Number.isNaN(midnight)) continue;
      this.#resolve(midnight + this.#clock.ms, zone);
      if (this.ms <= this.now + dayMs) return true;
    }
    return false;
  }

  #resolve(wall: number, zone: number | null): void {
    this.zoned = zone !== null;
    this.ms = zone === null ? this.#local(wall, this.now) : wall - zone * 60_000;
  }
}

const hourMs = 3_600_000;
const noYear = -1;
const [upperT, lowerT, lowerZ] = [codeOf('T'), codeOf('t'), codeOf('z')];
/** Debug, info, warning, error, fatal. */
const klogLevels = new Set(Array.from('DIWEF', codeOf));
