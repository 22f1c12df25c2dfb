/**
 * The time of day in a timestamp. It is apart from timestamps.ts because every shape of date is followed by one of two
 * shapes of clock.
 */
import {
  codeOf,
  colonCode,
  commaCode,
  digits,
  dotCode,
  isDigit,
  isHex,
  isWordCode,
  lowered,
  minusCode,
  spaceCode,
  zeroCode,
} from '../text.ts';

/**
 * Reads the time of day in a timestamp, with its fraction and AM or PM.
 *
 * State: the results of the last reading.
 *
 * @example
 * const clock = new ClockReader();
 * clock.read('at 8:51:24.5 PM', 3) // => true
 * clock.ms // => 75084500
 * clock.end // => 15
 */
export class ClockReader {
  /** Milliseconds since midnight, and nanoseconds past them. */
  ms = 0;
  nanos = 0;
  /** Where the text goes on. */
  end = 0;
  hasSeconds = false;

  /** `h:mm`, `hh:mm:ss`, with a fraction, with AM or PM. */
  read(text: string, at: number): boolean {
    const width = text.charCodeAt(at + 1) === colonCode ? 1 : 2;
    let hour = digits(text, at, width);
    at += width;
    const minute = digits(text, at + 1, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || text.charCodeAt(at) !== colonCode) return false;
    at += 3;
    const second = text.charCodeAt(at) === colonCode ? digits(text, at + 1, 2) : -1;
    if (second > 60 || isDigit(text.charCodeAt(second < 0 ? at : at + 3))) return false;
    this.hasSeconds = second >= 0;
    this.end = second < 0 ? at : at + 3;
    this.ms = 0;
    this.nanos = 0;
    if (second >= 0) this.readFraction(text);
    const gap = isGap(text.charCodeAt(this.end)) ? 1 : 0;
    const half = lowered(text.charCodeAt(this.end + gap));
    if ((half === letterA || half === letterP) && hour <= 12) {
      const end = halfEnd(text, this.end + gap + 1);
      if (end > 0) {
        hour = (hour % 12) + (half === letterP ? 12 : 0);
        this.end = end;
      }
    }
    // `0:00:01.2` is how long a program runs: a day's first hour has two digits.
    else if (width === 1 && hour === 0 && this.end > at + 3) return false;
    this.ms += hour * hourMs + minute * 60_000 + (second < 0 ? 0 : second * 1000);
    return true;
  }

  /** `hh.mm.ss`, `hh-mm-ss` or `hh时mm分ss秒`, which only a date before it can tell from other numbers. */
  readSigned(text: string, at: number): boolean {
    const sign = text.charCodeAt(at + 2);
    const isNamed = hourSigns.includes(text.charAt(at + 2)) && text.charCodeAt(at + 5) === minuteSign;
    const [hour, minute, second] = [digits(text, at, 2), digits(text, at + 3, 2), digits(text, at + 6, 2)];
    if (!isNamed && ((sign !== dotCode && sign !== minusCode) || text.charCodeAt(at + 5) !== sign)) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
    this.end = at + (isNamed ? 9 : 8);
    this.hasSeconds = true;
    this.ms = this.nanos = 0;
    this.readFraction(text);
    // `2026-01-29 10.10.10.10` has an address.
    if (sign === dotCode && text.charCodeAt(at - 1) === spaceCode && this.end > at + 8 && this.end < at + 13)
      return false;
    this.ms += hour * hourMs + minute * 60_000 + second * 1000;
    return !isWordCode(text.charCodeAt(this.end)) || text.charCodeAt(this.end) === upperZ;
  }

  /**
   * `@4000000063d63a5d0c85ba04`: the seconds of TAI64 from 1970 on and nanoseconds, as programs write them that take
   * the ten seconds for granted that TAI was ahead then.
   */
  readTai(text: string, at: number): boolean {
    if (!text.startsWith('@40000000', at)) return false;
    const seconds = hexadecimal(text, at + 9);
    const nanos = hexadecimal(text, at + 17);
    this.end = at + 25;
    this.ms = (seconds - taiAhead) * 1000 + Math.floor(nanos / 1e6);
    this.nanos = nanos % 1e6;
    return seconds >= 0 && nanos >= 0 && nanos < 1e9 && !isWordCode(text.charCodeAt(this.end));
  }

  /** `hhmmss` without separators. */
  readPacked(text: string, at: number): boolean {
    const hour = digits(text, at, 2);
    const minute = digits(text, at + 2, 2);
    const second = digits(text, at + 4, 2);
    const millis = digits(text, at + 6, 3);
    this.end = at + (millis < 0 ? 6 : 9);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
    this.ms = 0;
    this.nanos = 0;
    if (millis < 0) this.readFraction(text);
    else this.ms = millis;
    this.ms += hour * hourMs + minute * 60_000 + second * 1000;
    return !isWordCode(text.charCodeAt(this.end)) || text.charCodeAt(this.end) === upperZ;
  }

  /** A number of 10 digits and a fraction, or of 13, 16 or 19, as milliseconds since 1970. */
  readEpoch(text: string, at: number, count: number): boolean {
    const seconds = digits(text, at, 10);
    const finer = digits(text, at + 10, count - 10) * 10 ** (19 - count);
    this.end = at + count;
    this.ms = Math.floor(finer / 1e6);
    this.nanos = finer % 1e6;
    if (count === 10 && text.charCodeAt(this.end) === dotCode) this.readFraction(text);
    this.ms += seconds * 1000;
    return seconds >= 1e9 && !isWordCode(text.charCodeAt(this.end));
  }

  /** Adds `.967`, `,967123` or `:967` at the end so far; digits past the ninth are read over. */
  readFraction(text: string): void {
    const separator = text.charCodeAt(this.end);
    if (separator !== dotCode && separator !== commaCode && separator !== colonCode) return;
    let at = this.end + 1;
    let value = 0;
    let count = 0;
    for (let code = text.charCodeAt(at); count < 20 && isDigit(code); code = text.charCodeAt(++at)) {
      if (count++ < 9) value = value * 10 + code - zeroCode;
    }
    if (count === 0 || (separator === colonCode && count !== 3)) return;
    for (let missing = 9 - count; missing > 0; missing--) value *= 10;
    this.ms = Math.floor(value / 1e6);
    this.nanos = value - this.ms * 1e6;
    this.end = at;
  }
}

/** The end of `M`, `.M.` or `. M.` at `at`, or -1. */
function halfEnd(text: string, at: number): number {
  const dotted = text.charCodeAt(at) === dotCode ? 1 : 0;
  if (dotted === 1 && isGap(text.charCodeAt(at + 1))) at++;
  if (lowered(text.charCodeAt(at + dotted)) !== letterM) return -1;
  const end = at + dotted + 1 + (dotted === 1 && text.charCodeAt(at + 2) === dotCode ? 1 : 0);
  return isWordCode(text.charCodeAt(end)) ? -1 : end;
}

/** Blanks before AM and PM; Java and browsers write narrow ones that do not break. */
const isGap = (code: number): boolean => code === spaceCode || code === noBreak || code === narrowNoBreak;

/** The number of eight hexadecimal digits at `at`, or -1. */
function hexadecimal(text: string, at: number): number {
  let value = 0;
  for (let i = at; i < at + 8; i++) {
    const code = text.charCodeAt(i);
    if (!isHex(code)) return -1;
    value = value * 16 + (isDigit(code) ? code - zeroCode : lowered(code) - letterA + 10);
  }
  return value;
}

/** What stands behind hours and minutes in Chinese and Japanese. */
const [hourSigns, minuteSign] = ['时時', '分'.charCodeAt(0)] as const;
const [noBreak, narrowNoBreak] = [0xa0, 0x202f];
const taiAhead = 10;
const [letterA, letterP, letterM, upperZ] = [codeOf('a'), codeOf('p'), codeOf('m'), codeOf('Z')];
const hourMs = 3_600_000;
