/**
 * Reads the timestamp that starts at a given offset of a text, by looking at character codes: no regular expression,
 * no allocation, and a bounded number of characters (about fifty) however long the text is.
 *
 * Shapes: ISO 8601 and its relatives (`T`, a blank, `:`, `-` or `.` between date and clock, a fraction of up to nine
 * digits), `Mon Dec 26 16:15:55.103522 2016`, `Oct 11 22:14:15`, klog's `E0129 08:51:24.967`, digits alone (`161209
 * 13:08:33`, `20260129085124`), a bare `16:42:14.365`, a date behind its clock, the rarer dates of date-reader.ts, labels
 * of TAI64, and epochs of 10 digits, 13, 16 or 19. A clock behind a date that is none of these is no time.
 * What the text leaves out: no zone means the configured one, and of an hour that comes twice in it the last pass that
 * had come by `now`; no year or no date means the one that puts the time nearest before `now`, where a day (an hour
 * without date) of lead is forgiven.
 */
import { dayMs, dayStart, yearOf } from '../../time/civil.ts';
import {
  atCode,
  codeOf,
  colonCode,
  digits,
  dotCode,
  isDigit,
  isLetter,
  isWordCode,
  minusCode,
  nineCode,
  slashCode,
  spaceCode,
  underscoreCode,
  zeroCode,
} from '../text.ts';
import { ClockReader } from './clock-reader.ts';
import { clockStart, DateReader } from './date-reader.ts';
import { LastDay } from './last-day.ts';
import { monthAt, monthNameEnd, weekdayEnd } from './month-names.ts';
import { endsUnreadDate, goesOn, isBehindCapitals } from './unread-dates.ts';
import { type WallClock, wallClock, zoneBehind } from './zones.ts';

/**
 * Reads timestamps.
 * State: the results of the last scan and the last day looked up.
 *
 * @example
 * const scanner = new TimestampScanner('UTC');
 * scanner.scan('at 2026-01-29T08:51:24.967123+02:00 ok', 3) // => true
 * scanner.ms === Date.UTC(2026, 0, 29, 6, 51, 24, 967) // => true
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
  /** Whether it is a bare number of seconds or finer units; whether month and day could be the other way round. */
  epoch = false;
  guessed = false;
  /** The stream that the text is from: what it wrote before says which of two numbers is the month. */
  source = '';

  readonly #local: WallClock;
  /** Of the place that the text names. */
  #place: WallClock | undefined;
  #lastText = '';
  #lastAt = -1;
  #lastNow = 0;
  #lastFound = false;
  #lastSource = '';
  readonly #clock = new ClockReader();
  readonly dates = new DateReader();
  readonly #day = new LastDay();

  constructor(timezone: string) {
    this.#local = wallClock(timezone);
  }

  /** Whether a timestamp starts at `at`; if so, the public fields describe it. Asking again at once costs nothing. */
  scan(text: string, at: number): boolean {
    if (
      at !== this.#lastAt ||
      text !== this.#lastText ||
      this.now !== this.#lastNow ||
      this.source !== this.#lastSource
    ) {
      this.#lastSource = this.source;
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
    this.epoch = this.guessed = false;
    if (first > nineCode)
      return isLetter(first) ? this.#named(text, at) : first === atCode && this.#instant(this.#clock.readTai(text, at));
    const midnight = this.#day.writtenAt(text, at);
    if (!Number.isNaN(midnight) && this.#onWritten(text, at, midnight)) return true;
    const fifth = text.charCodeAt(at + 4);
    const isSeparated = fifth === minusCode || fifth === slashCode || fifth === dotCode;
    if (isSeparated && isDigit(text.charCodeAt(at + 1)) && isDigit(text.charCodeAt(at + 2)))
      return this.#yearFirst(text, at) || this.#rare(text, at) || (fifth === slashCode && this.#daysOnly(text, at));
    let count = 1;
    while (count < 20 && isDigit(text.charCodeAt(at + count))) count++;
    switch (count) {
      case 1:
      case 2:
        return text.charCodeAt(at + count) === colonCode ? this.#clockOnly(text, at) : this.#rare(text, at);
      case 6:
        return this.#packed(text, at, 2);
      case 8:
      case 14:
      case 17:
        return this.#packed(text, at, 4);
      default:
        if (count < 10 || count % 3 !== 1) return this.#rare(text, at);
        this.epoch = true;
        return this.#instant(this.#clock.readEpoch(text, at, count));
    }
  }

  #yearFirst(text: string, at: number): boolean {
    const separator = text.charCodeAt(at + 4);
    if (digits(text, at, 4) < 0 || text.charCodeAt(at + 7) !== separator) return false;
    const next = text.charCodeAt(at + 10);
    if (joints[next] !== 1 || !this.#readClock(text, at + 11)) return false;
    const found = this.#finish(text, digits(text, at, 4), digits(text, at + 5, 2), digits(text, at + 8, 2));
    if (found) this.#day.note(text.slice(at, at + 10));
    return found;
  }

  /** A clock behind a date that is written as the last one was. */
  #onWritten(text: string, at: number, midnight: number): boolean {
    if (joints[text.charCodeAt(at + 10)] !== 1 || !this.#readClock(text, at + 11)) return false;
    this.#resolve(midnight + this.#clock.ms, this.#zone(text));
    return true;
  }

  /** A date of a rarer shape, and a clock. */
  #rare(text: string, at: number): boolean {
    const dates = this.dates;
    const clock = dates.read(text, at, this) ? clockStart(text, dates.end) : -1;
    if (clock < 0) return false;
    if (!this.#readClock(text, clock) && !(dates.year > 0 && this.#took(this.#clock.readSigned(text, clock))))
      return false;
    // A month and a day alone are numbers of anything; a fraction or a level beside them says that they are not.
    if (dates.bare && this.#clock.end - clock < 9 && !isBehindCapitals(text, at)) return false;
    this.guessed = dates.guessed;
    return this.#finish(text, dates.year, dates.month, dates.day);
  }

  /** A date without separators: `161209 13:08:33`, `081109 203615`, `20260129T085124`, `20260129085124`. */
  #packed(text: string, at: number, yearDigits: 2 | 4): boolean {
    let year = digits(text, at, yearDigits);
    if (yearDigits === 2) year += year < 70 ? 2000 : 1900;
    const date = at + yearDigits;
    let clock = date + 4;
    const next = text.charCodeAt(clock);
    const separated = next === minusCode || next === dotCode || next === underscoreCode;
    if (next === upperT || next === spaceCode || (separated && yearDigits === 4)) clock++;
    if (text.charCodeAt(clock) === spaceCode) clock++;
    if (!this.#readClock(text, clock) && !this.#took(this.#clock.readPacked(text, clock))) return false;
    return this.#finish(text, year, digits(text, date, 2), digits(text, date + 2, 2));
  }

  #daysOnly(text: string, at: number): boolean {
    return this.#took(this.#clock.readPacked(text, at + 5)) && this.end > at + 12 && this.#onDay(text, at);
  }

  #onDay(text: string, at: number): boolean {
    return this.#finish(text, noYear, digits(text, at, 2), digits(text, at + 2, 2));
  }

  /** Starts with a letter: weekday, month, or klog's level. */
  #named(text: string, at: number): boolean {
    if (digits(text, at + 1, 4) >= 0) {
      const isKlog = klogLevels.includes(text.charAt(at)) && text.charCodeAt(at + 5) === spaceCode;
      return isKlog && this.#readClock(text, at + 6) && this.#onDay(text, at + 1);
    }
    const weekday = weekdayEnd(text, at);
    if (weekday > 0) {
      at = weekday + 1;
      if (isDigit(text.charCodeAt(at))) return this.#scan(text, at);
    }
    const month = monthAt(text, at);
    if (month === 0 || text.charCodeAt(at + 3) !== spaceCode)
      return monthNameEnd(text, at) > at && this.#rare(text, at);
    const start = at + (text.charCodeAt(at + 4) === spaceCode ? 5 : 4);
    const end = start + (isDigit(text.charCodeAt(start + 1)) ? 2 : 1);
    const day = digits(text, start, end - start);
    if (day < 0 || text.charCodeAt(end) !== spaceCode || !this.#readClock(text, end + 1)) return this.#rare(text, at);
    return weekday > 0 ? this.#yearLast(text, month, day) : this.#finish(text, noYear, month, day);
  }

  /** `Sat May 04 10:00:00 CST 2013`: the year stands behind the zone, if there is one. */
  #yearLast(text: string, month: number, day: number): boolean {
    const clockEnd = this.end;
    const zone = this.#zone(text);
    const at = this.end;
    const year = text.charCodeAt(at) === spaceCode ? digits(text, at + 1, 4) : -1;
    if (year >= 0) return this.#resolveOn(dayStart(year, month, day), zone, at + 5);
    this.end = clockEnd;
    return this.#finish(text, noYear, month, day);
  }

  /** Takes over an instant that the clock has read. */
  #instant(found: boolean): boolean {
    if (!this.#took(found)) return false;
    this.ms = this.#clock.ms;
    return (this.zoned = true);
  }

  #clockOnly(text: string, at: number): boolean {
    if (!this.#readClock(text, at) || !this.#clock.hasSeconds || goesOn(text, this.end)) return false;
    if (at > 0 && endsUnreadDate(text, at)) return false;
    const zone = this.#zone(text);
    // The date may stand behind.
    if (
      text.charCodeAt(this.end) === spaceCode &&
      isDigit(text.charCodeAt(this.end + 1)) &&
      this.#dateBehind(text, zone)
    )
      return true;
    this.dated = false;
    let midnight = (Math.floor(this.now / dayMs) + 1) * dayMs;
    for (let back = 0; back < 3; back++, midnight -= dayMs) {
      this.#resolve(midnight + this.#clock.ms, zone);
      if (this.ms <= this.now + hourMs) break;
    }
    return true;
  }

  #dateBehind(text: string, zone: number | null): boolean {
    const dates = this.dates;
    if (!dates.read(text, this.end + 1, this) || dates.year < 0 || isWordCode(text.charCodeAt(dates.end))) return false;
    if (text.charCodeAt(dates.end + 3) === colonCode) return false; // A whole timestamp follows on the clock.
    this.guessed = dates.guessed;
    return this.#resolveOn(dayStart(dates.year, dates.month, dates.day), zone, dates.end);
  }

  #readClock(text: string, at: number): boolean {
    return this.#took(this.#clock.read(text, at));
  }

  /** Takes over where the clock ended, if it has read a time. */
  #took(found: boolean): boolean {
    if (found) {
      this.end = this.#clock.end;
      this.nanos = this.#clock.nanos;
    }
    return found;
  }

  /** Minutes east of a zone behind the clock; null when there is none. */
  #zone(text: string): number | null {
    const zone = zoneBehind(text, this.end);
    this.#place = zone?.clock;
    if (zone === null) return null;
    this.end = zone.end;
    return zone.minutes;
  }

  // hot: called for every line with a date.
  #finish(text: string, year: number, month: number, day: number): boolean {
    const zone = this.#zone(text);
    if (year !== noYear) return this.#resolveOn(this.#day.start(year, month, day), zone, this.end);
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

  #resolveOn(midnight: number, zone: number | null, end: number): boolean {
    if (Number.isNaN(midnight)) return false;
    this.end = end;
    this.#resolve(midnight + this.#clock.ms, zone);
    return true;
  }

  #resolve(wall: number, zone: number | null): void {
    this.zoned = zone !== null;
    const clock = zone === null ? this.#local : this.#place;
    this.ms = clock === undefined ? wall - zone! * 60_000 : clock(wall, this.now);
  }
}

const [hourMs, noYear] = [3_600_000, -1] as const;
const [upperT, lowerZ, klogLevels] = [codeOf('T'), codeOf('z'), 'DIWEF'];
const joints = Uint8Array.from({ length: 128 }, (_, code) => Number('Tt :-.'.includes(String.fromCharCode(code))));
