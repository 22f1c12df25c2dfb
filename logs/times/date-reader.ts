/**
 * Dates that are rarer than `yyyy-mm-dd`, and that people order differently: `1/29/2026`, `29.01.2026`, `29-01-2026`,
 * `17/06/09`, `29/Jan/2026`, `Jan-29`, `29 janv. 2026`, `2026 Jan 29`, `01-29`, `2026-1-9`, `2026-029`, `2026-W05-4`,
 * `2026年01月29日`. Of two numbers that may both be a month the source decides (date-order.ts).
 */
import { dayMs, dayStart } from '../../time/civil.ts';
import {
  barCode,
  closeBracketCode,
  codeOf,
  colonCode,
  commaCode,
  digits,
  dotCode,
  isDigit,
  isLetter,
  isUpper,
  minusCode,
  openBracketCode,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { DateOrder, slashedDates } from './date-order.ts';
import { behindDot, monthNamed, monthNameEnd } from './month-names.ts';

/**
 * Reads dates.
 *
 * @example
 * const dates = new DateReader();
 * dates.read('29-01-2026 08:51:24', 0, { source: 'web', now: 0 }) // => true
 * dates.month // => 1
 * dates.end // => 10
 */
export class DateReader {
  /** Results of the last reading that returned true; a year of -1 is none. */
  year = 0;
  month = 0;
  day = 0;
  end = 0;
  /** Whether month and day could be the other way round, and the source has not shown which. */
  guessed = false;
  /** Whether it is a month and a day in numbers alone, which may be anything. */
  bare = false;

  readonly order = new DateOrder();
  /** The last date with the name of its month and a year, as it was written: the next lines mostly have the same. */
  #written = '';
  #named = { year: 0, month: 0, day: 0 };
  #source = '';
  #now = 0;

  /** Whether a date starts at `at`, in text of a stream at a moment in milliseconds: dates are nearest before it. */
  read(text: string, at: number, { source, now }: { readonly source: string; readonly now: number }): boolean {
    this.#source = source;
    this.#now = now;
    this.guessed = this.bare = false;
    if (isLetter(text.charCodeAt(at))) return this.#monthFirst(text, at);
    if (this.#isWritten(text, at)) return true;
    const first = widthAt(text, at, 4);
    const sign = text.charCodeAt(at + first);
    if (first === 4) return sign === yearSign ? this.#signed(text, at) : this.#yearFirst(text, at, sign);
    if (first === 0 || first === 3) return false;
    if (!(isSeparator(sign) || sign === spaceCode)) return isUpper(sign) && this.#dayFirst(text, at, first);
    // `29. Januar 2026` has a blank behind its dot.
    const gap = sign === dotCode && text.charCodeAt(at + first + 1) === spaceCode ? 2 : 1;
    if (isLetter(text.charCodeAt(at + first + gap))) return this.#dayFirst(text, at, first + gap);
    if (sign === spaceCode) return false;
    const second = widthAt(text, at + first + 1, 2);
    const third = at + first + second + 2;
    if (second === 0) return false;
    const [a, b] = [digits(text, at, first), digits(text, at + first + 1, second)];
    if (text.charCodeAt(third - 1) !== sign) {
      this.end = third - 1;
      this.bare = true;
      return sign === minusCode && first === 2 && second === 2 && this.#set(-1, a, b);
    }
    const width = widthAt(text, third, 5);
    this.end = third + width;
    if (width === 4) return this.#ordered(digits(text, third, 4), { a, b, american: sign === slashCode });
    if (width !== 2 || (sign !== slashCode && first + second < 4)) return false;
    return this.#short([a, b, digits(text, third, 2)], { yearMayLead: first === 2, american: sign === slashCode });
  }

  /** `Jan-29`, `janv. 29`, `January 29, 2026`. */
  #monthFirst(text: string, at: number): boolean {
    const nameEnd = monthNameEnd(text, at);
    const day = behindDot(text, nameEnd) + 1;
    const sign = text.charCodeAt(day - 1);
    if (nameEnd === at || !(isSeparator(sign) || sign === spaceCode)) return false;
    // Syslog pads the day.
    const start = text.charCodeAt(day) === spaceCode ? day + 1 : day;
    const width = widthAt(text, start, 3);
    this.end = start + width;
    if (width === 0 || width > 2) return false;
    const comma = text.charCodeAt(this.end) === commaCode ? 1 : 0;
    const next = this.end + comma + 1;
    const isYear = isSign(text.charCodeAt(next - 1), sign) && widthAt(text, next, 5) === 4;
    if (isYear) this.end = next + 4;
    return this.#set(
      isYear ? digits(text, next, 4) : -1,
      monthNamed(text.slice(at, nameEnd)),
      digits(text, start, width),
    );
  }

  /** `29/Jan/2026`, `29-Jan-26`, `29Jan2026`, `29 janv. 2026`, `29 Jan`; the month is `ahead` characters ahead. */
  #dayFirst(text: string, at: number, ahead: number): boolean {
    const start = at + ahead;
    const nameEnd = monthNameEnd(text, start);
    if (nameEnd === start) return false;
    const sign = text.charCodeAt(start - 1);
    const day = digits(text, at, widthAt(text, at, 2));
    const month = monthNamed(text.slice(start, nameEnd));
    const isJoined = isDigit(sign);
    const end = isJoined ? nameEnd - 1 : behindDot(text, nameEnd);
    if (!isJoined && text.charCodeAt(end) !== sign && !(sign === dotCode && end > nameEnd)) return false;
    const from = sign === dotCode && end > nameEnd ? end : end + 1;
    const width = widthAt(text, from, 5);
    const isYear = width === 4 || (width === 2 && sign !== spaceCode && !isJoined);
    if (!isYear && sign !== spaceCode) return false;
    this.end = isYear ? from + width : end;
    const year = isYear ? digits(text, from, width) : -1;
    if (!this.#set(width === 2 && isYear ? fullYear(year) : year, month, day)) return false;
    if (width === 4) {
      this.#written = text.slice(at, this.end);
      this.#named = { year, month, day };
    }
    return true;
  }

  /** Whether the date that stands at `at` is written as the last one with a name was. */
  #isWritten(text: string, at: number): boolean {
    const { length } = this.#written;
    if (length === 0 || !text.startsWith(this.#written, at) || isDigit(text.charCodeAt(at + length))) return false;
    const { year, month, day } = this.#named;
    this.end = at + length;
    return this.#set(year, month, day);
  }

  /** `2026-1-9` with any of the separators, `2026-Jan-29`, `2026-029`, `2026-W05-4`. */
  #yearFirst(text: string, at: number, sign: number): boolean {
    const next = text.charCodeAt(at + 5);
    const year = digits(text, at, 4);
    if (isLetter(next)) {
      const nameEnd = monthNameEnd(text, at + 5);
      if (nameEnd === at + 5) return sign === minusCode && this.#ofWeek(text, at + 5, year);
      const day = nameEnd + 1;
      const width = widthAt(text, day, 3);
      this.end = day + width;
      if (text.charCodeAt(nameEnd) !== sign || width === 0 || width > 2) return false;
      return this.#set(year, monthNamed(text.slice(at + 5, nameEnd)), digits(text, day, width));
    }
    if (!isSeparator(sign)) return false;
    const month = widthAt(text, at + 5, 4);
    this.end = at + 8;
    if (month === 3) return this.#setOnDay(year, digits(text, at + 5, 3));
    const day = widthAt(text, at + 6 + month, 2);
    this.end = at + 6 + month + day;
    if (month === 0 || month > 2 || day === 0) return false;
    if (text.charCodeAt(at + 5 + month) !== sign || isDigit(text.charCodeAt(this.end))) return false;
    return this.#set(year, digits(text, at + 5, month), digits(text, at + 6 + month, day));
  }

  /** `W05-4`: the day of a week of ISO 8601, the first of which has the 4th of January. */
  #ofWeek(text: string, at: number, year: number): boolean {
    const week = digits(text, at + 1, 2);
    const day = digits(text, at + 4, 1);
    this.end = at + 5;
    if (text.charCodeAt(at) !== upperW || text.charCodeAt(at + 3) !== minusCode) return false;
    if (week < 1 || week > 53 || day < 1 || day > 7) return false;
    // The first of January 1970 was a Thursday, the fourth day of its week.
    const fourth = (((dayStart(year, 1, 4) / dayMs + 3) % 7) + 7) % 7;
    const ordinal = 4 - fourth + (week - 1) * 7 + day - 1;
    if (ordinal < 1) return this.#setOnDay(year - 1, ordinal + daysOf(year - 1));
    return ordinal > daysOf(year) ? this.#setOnDay(year + 1, ordinal - daysOf(year)) : this.#setOnDay(year, ordinal);
  }

  /** The nth day of a year. */
  #setOnDay(year: number, ordinal: number): boolean {
    if (ordinal < 1 || ordinal > daysOf(year)) return false;
    let month = 1;
    const start = dayStart(year, 1, 1);
    while (month < 12 && dayStart(year, month + 1, 1) <= start + (ordinal - 1) * dayMs) month++;
    return this.#set(year, month, ordinal - (dayStart(year, month, 1) - start) / dayMs);
  }

  /** `2026年01月29日` */
  #signed(text: string, at: number): boolean {
    const month = widthAt(text, at + 5, 2);
    const day = widthAt(text, at + 6 + month, 2);
    this.end = at + 7 + month + day;
    if (text.charCodeAt(at + 5 + month) !== monthSign || text.charCodeAt(this.end - 1) !== daySign) return false;
    return this.#set(digits(text, at, 4), digits(text, at + 5, month), digits(text, at + 6 + month, day));
  }

  /** Two numbers that are month and day in an order that is to be found. */
  #ordered(
    year: number,
    { a, b, american }: { readonly a: number; readonly b: number; readonly american: boolean },
  ): boolean {
    const kind = american ? slashedDates(this.#source) : this.#source;
    if (a > 12 || b > 12) {
      if (a !== b) this.order.remember(kind, a > 12);
      return a > 12 ? this.#set(year, b, a) : this.#set(year, a, b);
    }
    const known = this.order.of(kind);
    this.guessed = known === undefined && a !== b;
    const isFuture = dayStart(year, a, b) > this.#now + dayMs && !(dayStart(year, b, a) > this.#now + dayMs);
    return (known ?? (!american || isFuture)) ? this.#set(year, b, a) : this.#set(year, a, b);
  }

  /** Three numbers, the year of two digits: it leads if so the date is nearer before now. */
  #short(
    [a, b, c]: readonly [number, number, number],
    { yearMayLead, american }: { readonly yearMayLead: boolean; readonly american: boolean },
  ): boolean {
    const [first, last] = [fullYear(a), fullYear(c)];
    const leading = yearMayLead ? this.#past(first, b, c) : Number.NEGATIVE_INFINITY;
    const trailing = Math.max(this.#past(last, a, b), this.#past(last, b, a));
    const leads = leading > trailing || (yearMayLead && a > 31);
    return leads ? this.#set(first, b, c) : this.#ordered(last, { a, b, american });
  }

  /** When a day began that is not in the future; else long ago. */
  #past(year: number, month: number, day: number): number {
    const start = dayStart(year, month, day);
    return start <= this.#now + dayMs ? start : Number.NEGATIVE_INFINITY;
  }

  #set(year: number, month: number, day: number): boolean {
    this.year = year;
    this.month = month;
    this.day = day;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }
}

/**
 * Where the clock behind a date begins: past up to four blanks, signs and a `T`; -1 where nothing separates them.
 *
 * @example
 * clockStart('1/2/2026] [08:51', 8) // => 11
 */
export function clockStart(text: string, at: number): number {
  let end = at;
  while (end - at < 4 && isBetween(text.charCodeAt(end))) end++;
  return end > at && isDigit(text.charCodeAt(end)) ? end : -1;
}

function isBetween(code: number): boolean {
  switch (code) {
    case spaceCode:
    case colonCode:
    case commaCode:
    case minusCode:
    case barCode:
    case openBracketCode:
    case closeBracketCode:
    case underscoreCode:
    case upperT:
    case lowerT:
      return true;
    default:
      return false;
  }
}

/** How many digits stand at `at`, counted up to `most`. */
function widthAt(text: string, at: number, most: number): number {
  let width = 0;
  while (width < most && isDigit(text.charCodeAt(at + width))) width++;
  return width;
}

/** The year that two digits mean. */
const fullYear = (short: number): number => (short < 70 ? 2000 : 1900) + short;

const daysOf = (year: number): number => (dayStart(year + 1, 1, 1) - dayStart(year, 1, 1)) / dayMs;

/** Whether `code` stands between the parts of a date whose first two have `sign` between them. */
const isSign = (code: number, sign: number): boolean => code === sign || code === spaceCode;

const isSeparator = (code: number): boolean => code === minusCode || code === slashCode || code === dotCode;

const [upperT, lowerT, upperW] = [codeOf('T'), codeOf('t'), codeOf('W')];
const [yearSign, monthSign, daySign] = ['年', '月', '日'].map((sign) => sign.charCodeAt(0)) as [number, number, number];
