/**
 * Steps over JSON in the bytes of a buffer without decoding it. Every method takes where a token begins and returns
 * where it ends, or -1 where JSON.parse would refuse it (RFC 8259) or where it nests deeper than is worth
 * looking into. Each byte is looked at once, of a string's four at a time, by the arithmetic on bytes of a word of
 * https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord.
 */
import {
  backslash,
  carriageReturn,
  closing,
  closingList,
  colon,
  comma,
  dot,
  isDigit,
  letterA,
  letterE,
  letterF,
  letterU,
  lineFeed,
  minus,
  opening,
  openingList,
  plus,
  quote,
  small,
  space,
  tab,
  zero,
} from './ascii.ts';

const deepest = 64;

/** 1 for the bytes of which a string is made, escapes and its end not. Beyond ASCII all are: the decoder mends them. */
const inString = Uint8Array.from({ length: 256 }, (_, b) => Number(b >= space && b !== quote && b !== backslash));

export class JsonScanner {
  bytes: Buffer = Buffer.alloc(0);
  view = new DataView(this.bytes.buffer);
  /** Where the record ends. */
  end = 0;
  /** Whether the string stepped over last has escapes. */
  escaped = false;

  /** Looks at a record from now on, which ends at `end`. */
  open(bytes: Buffer, end: number): void {
    this.end = end;
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Behind white space. */
  skipSpace(at: number): number {
    const { bytes, end } = this;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte > space || !(byte === space || byte === lineFeed || byte === carriageReturn || byte === tab)) break;
      at++;
    }
    return at;
  }

  /** Behind one value; `at` is its first byte. */
  skipValue(at: number, depth = 0): number {
    if (at >= this.end) return -1;
    switch (this.bytes[at]) {
      case quote:
        return this.skipString(at + 1);
      case opening:
        return depth === deepest ? -1 : this.#skipObject(at + 1, depth + 1);
      case openingList:
        return depth === deepest ? -1 : this.#skipList(at + 1, depth + 1);
      case 0x74:
        return this.#skipWord(at, 'true');
      case 0x66:
        return this.#skipWord(at, 'false');
      case 0x6e:
        return this.#skipWord(at, 'null');
      default:
        return this.#skipNumber(at);
    }
  }

  /** Behind a string's closing quote; `at` is behind the opening one. */
  skipString(at: number): number {
    const { bytes, view, end } = this;
    this.escaped = false;
    for (;;) {
      for (; at + 4 <= end; at += 4) {
        const word = view.getInt32(at, true);
        const quotes = word ^ 0x22222222;
        const escapes = word ^ 0x5c5c5c5c;
        const below = (word - 0x20202020) & ~word;
        const found = ((quotes - 0x01010101) & ~quotes) | ((escapes - 0x01010101) & ~escapes) | below;
        if ((found & 0x80808080) !== 0) break;
      }
      while (at < end && inString[bytes[at]!] === 1) at++;
      if (at >= end) return -1;
      if (bytes[at] === quote) return at + 1;
      if (bytes[at] !== backslash) return -1;
      this.escaped = true;
      at = this.#skipEscape(at + 1);
      if (at < 0) return -1;
    }
  }

  #skipEscape(at: number): number {
    const { bytes, end } = this;
    if (at >= end) return -1;
    if (bytes[at] !== letterU) return '"\\/bfnrt'.includes(String.fromCharCode(bytes[at]!)) ? at + 1 : -1;
    for (let i = 1; i <= 4; i++) if (at + i >= end || !isHex(bytes[at + i]!)) return -1;
    return at + 5;
  }

  #skipNumber(at: number): number {
    const { bytes, end } = this;
    if (bytes[at] === minus) at++;
    const whole = this.#skipDigits(at);
    if (whole === at || (bytes[at] === zero && whole > at + 1)) return -1;
    at = whole;
    if (at < end && bytes[at] === dot) {
      const fraction = this.#skipDigits(at + 1);
      if (fraction === at + 1) return -1;
      at = fraction;
    }
    if (at < end && small(bytes[at]!) === letterE) {
      const sign = at + 1 < end && (bytes[at + 1] === minus || bytes[at + 1] === plus) ? 1 : 0;
      const exponent = this.#skipDigits(at + 1 + sign);
      if (exponent === at + 1 + sign) return -1;
      at = exponent;
    }
    return at;
  }

  #skipDigits(at: number): number {
    const { bytes, end } = this;
    while (at < end && isDigit(bytes[at]!)) at++;
    return at;
  }

  #skipWord(at: number, word: string): number {
    if (at + word.length > this.end) return -1;
    for (let i = 1; i < word.length; i++) if (this.bytes[at + i] !== word.charCodeAt(i)) return -1;
    return at + word.length;
  }

  #skipObject(at: number, depth: number): number {
    const { bytes, end } = this;
    at = this.skipSpace(at);
    if (at < end && bytes[at] === closing) return at + 1;
    for (;;) {
      if (at >= end || bytes[at] !== quote) return -1;
      const key = this.skipString(at + 1);
      if (key < 0) return -1;
      at = this.skipSpace(key);
      if (at >= end || bytes[at] !== colon) return -1;
      const value = this.skipValue(this.skipSpace(at + 1), depth);
      if (value < 0) return -1;
      at = this.skipSpace(value);
      if (at >= end) return -1;
      if (bytes[at] === closing) return at + 1;
      if (bytes[at] !== comma) return -1;
      at = this.skipSpace(at + 1);
    }
  }

  #skipList(at: number, depth: number): number {
    const { bytes, end } = this;
    at = this.skipSpace(at);
    if (at < end && bytes[at] === closingList) return at + 1;
    for (;;) {
      const value = this.skipValue(at, depth);
      if (value < 0) return -1;
      at = this.skipSpace(value);
      if (at >= end) return -1;
      if (bytes[at] === closingList) return at + 1;
      if (bytes[at] !== comma) return -1;
      at = this.skipSpace(at + 1);
    }
  }
}

const isHex = (byte: number): boolean => isDigit(byte) || (small(byte) >= letterA && small(byte) <= letterF);
