/**
 * Dates that are rarer than `yyyy-mm-dd`, and that people order differently: `1/29/2026`, `29.01.2026`, `29-01-2026`,
 * `17/06/09`, `29/Jan/2026`, `01-29`, `2026-1-9`, `2026年01月29日`. Of two numbers that may both be a month the source decides: once
 * one of its dates could be read in one way only, all are read so. Until then slashes are American, unless that would
 * be in the future, and all else is European; `guessed` says so.
 *
 * State: what the sources have shown, in two generations: when the young one is full it becomes the old one, and the
 * old one, sources not heard of since, is forgotten.
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
  minusCode,
  openBracketCode,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { monthAt } from './calendar.ts';

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

  #source = '';
  #now = 0;
  #young = new Map<string, boolean>();
  #old = new Map<string, boolean>();

  /** Whether a date starts at `at`, in text of a stream at a moment in milliseconds: dates are nearest before it. */
  read(text: string, at: number, { source, now }: { readonly source: string; readonly now: number }): boolean {
    this.#source = source;
    this.#now = now;
    this.guessed = this.bare = false;
    const first = widthAt(text, at, 4);
    const sign = text.charCodeAt(at + first);
    if (first === 4)
      return sign === yearSign ? this.#signed(text, at) : isSeparator(sign) && this.#yearFirst(text, at, sign);
    if (first === 0 || first === 3 || !(isSeparator(sign) || sign === spaceCode)) return false;
    if (isLetter(text.charCodeAt(at + first + 1))) return this.#named(text, at + first + 1, digits(text, at, first));
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
    return (
      width === 2 && first === 2 && second === 2 && sign === slashCode && this.#short(a, b, digits(text, third, 2))
    );
  }

  /** `29/Jan/2026`, `29-Jan-26`, `29 January 2026`, `29 Jan`, from the month on. */
  #named(text: string, at: number, day: number): boolean {
    const month = monthAt(text, at);
    if (month === 0) return false;
    let end = at + 3;
    while (end - at < longestMonth && isLetter(text.charCodeAt(end))) end++;
    const sign = text.charCodeAt(at - 1);
    if (text.charCodeAt(end) !== sign) return false;
    const width = widthAt(text, end + 1, 5);
    const isYear = width === 4 || (width === 2 && sign !== spaceCode);
    if (!isYear && sign !== spaceCode) return false;
    this.end = isYear ? end + 1 + width : end;
    const year = isYear ? digits(text, end + 1, width) : -1;
    return this.#set(width === 2 && isYear ? 2000 + year : year, month, day);
  }

  /** `2026-1-9`, with any of the separators. */
  #yearFirst(text: string, at: number, sign: number): boolean {
    const month = widthAt(text, at + 5, 2);
    const day = widthAt(text, at + 6 + month, 2);
    this.end = at + 6 + month + day;
    if (month === 0 || day === 0 || text.charCodeAt(at + 5 + month) !== sign || isDigit(text.charCodeAt(this.end)))
      return false;
    return this.#set(digits(text, at, 4), digits(text, at + 5, month), digits(text, at + 6 + month, day));
  }

  /** `2026年01月29日` */
  #signed(text: string, at: number): boolean {
    const month = widthAt(text, at + 5, 2);
    const day = widthAt(text, at + 6 + month, 2);
    this.end = at + 7 + month + day;
    if (text.charCodeAt(at + 5 + month) !== monthSign || text.charCodeAt(this.end - 1) !== daySign) return false;
    return this.#set(digits(text, at, 4), digits(text, at + 5, month), digits(text, at + 6 + month, day));
  }

  #ordered(
    year: number,
    { a, b, american }: { readonly a: number; readonly b: number; readonly american: boolean },
  ): boolean {
    if (a > 12 || b > 12) {
      if (a !== b) this.#remember(a > 12);
      return a > 12 ? this.#set(year, b, a) : this.#set(year, a, b);
    }
    const known = this.#young.get(this.#source) ?? this.#old.get(this.#source);
    this.guessed = known === undefined && a !== b;
    const isFuture = dayStart(year, a, b) > this.#now + dayMs && !(dayStart(year, b, a) > this.#now + dayMs);
    return (known ?? (!american || isFuture)) ? this.#set(year, b, a) : this.#set(year, a, b);
  }

  /** Three numbers of two digits: the order that is a date, and nearest before now. */
  #short(a: number, b: number, c: number): boolean {
    let [best, bestStart] = [-1, Number.NEGATIVE_INFINITY];
    const orders = [
      [a, b, c],
      [c, a, b],
      [c, b, a],
    ] as const;
    for (let i = 0; i < orders.length; i++) {
      const [year, month, day] = orders[i]!;
      const start = dayStart(2000 + year, month, day);
      if (start <= this.#now + dayMs && start > bestStart) [best, bestStart] = [i, start];
    }
    if (best < 0) return false;
    const [year, month, day] = orders[best]!;
    return this.#set(2000 + year, month, day);
  }

  #remember(dayFirst: boolean): void {
    if (this.#young.get(this.#source) === dayFirst) return;
    if (this.#young.size >= maxSources) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(this.#source, dayFirst);
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

const isSeparator = (code: number): boolean => code === minusCode || code === slashCode || code === dotCode;

const [upperT, lowerT] = [codeOf('T'), codeOf('t')];
const longestMonth = 9;
const [yearSign, monthSign, daySign] = ['年', '月', '日'].map((sign) => sign.charCodeAt(0)) as [number, number, number];
const maxSources = 10_000;
