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
  isWordCode,
  lowered,
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
    const gap = text.charCodeAt(this.end) === spaceCode ? 1 : 0;
    const half = lowered(text.charCodeAt(this.end + gap));
    if ((half === letterA || half === letterP) && hour <= 12) {
      const end = halfEnd(text, this.end + gap + 1);
      if (end > 0) {
        hour = (hour % 12) + (half === letterP ? 12 : 0);
        this.end = end;
      }
    }
    this.ms += hour * hourMs + minute * 60_000 + (second < 0 ? 0 : second * 1000);
    return true;
  }

  /** `hhmmss` without separators. */
  readPacked(text: string, at: number): boolean {
    const hour = digits(text, at, 2);
    const minute = digits(text, at + 2, 2);
    const second = digits(text, at + 4, 2);
    this.end = at + 6;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
    this.ms = 0;
    this.nanos = 0;
    this.readFraction(text);
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
    return seconds >= 1e8 && !isWordCode(text.charCodeAt(this.end));
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

/** The end of `M` or `.M.` at `at`, or -1. */
function halfEnd(text: string, at: number): number {
  const dotted = text.charCodeAt(at) === dotCode ? 1 : 0;
  if (lowered(text.charCodeAt(at + dotted)) !== letterM) return -1;
  const end = at + dotted + 1 + (dotted === 1 && text.charCodeAt(at + 2) === dotCode ? 1 : 0);
  return isWordCode(text.charCodeAt(end)) ? -1 : end;
}

const [letterA, letterP, letterM, upperZ] = [codeOf('a'), codeOf('p'), codeOf('m'), codeOf('Z')];
const hourMs = 3_600_000;
