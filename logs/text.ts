/**
 * Character codes and the few scans that all readers of log text share. Positions past the end read as NaN: never
 * true.
 */

export const TAB = 9;
export const SPACE = 32;
export const QUOTE = 34;
export const DOLLAR = 36;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
export const EQUALS = 61;
export const OPEN = 91;
export const BACKSLASH = 92;
export const CLOSE = 93;
export const UNDERSCORE = 95;
export const OPEN_BRACE = 123;
export const BAR = 124;

export const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
export const isUpper = (code: number): boolean => code >= 65 && code <= 90;
export const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
export const isWordCode = (code: number): boolean => isLetter(code) || isDigit(code);
export const isBlank = (code: number): boolean => code === SPACE || code === TAB;
export const isHex = (code: number): boolean => isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102);

/**
 * The number of exactly `width` digits at `at`, or -1.
 *
 * @example
 * digits('08:51', 3, 2) // => 51
 * digits('8:51', 0, 2) // => -1
 */
export function digits(text: string, at: number, width: number): number {
  let value = 0;
  for (let i = at; i < at + width; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * The number that a text stands for, or the text if that is none, or too large for one.
 *
 * @example
 * numeric('2.5') // => 2.5
 * numeric('1e999') // => '1e999'
 * numeric('-') // => '-'
 */
export function numeric(text: string): number | string {
  return text.trim() === '' ? text : finite(Number(text), text);
}

/** A number that came of a text, or the text when the number is not finite: stores and JSON know no others. */
export function finite(value: number, text: string): number | string {
  return Number.isFinite(value) ? value : text;
}

/** The first position from `at` that holds no space or tab. */
export function skipBlanks(text: string, at: number): number {
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The end of the text without white space (and line ends) behind it, not before `from`. */
export function trimmedEnd(text: string, from: number): number {
  let end = text.length;
  while (end > from && text.charCodeAt(end - 1) <= SPACE) end--;
  return end;
}

/**
 * The closing quote of a string whose content starts at `at`, or -1; a quote behind an odd number of backslashes is
 * content.
 *
 * @example
 * closingQuote('a\\"b" c', 0) // => 4
 */
export function closingQuote(text: string, at: number): number {
  for (let end = text.indexOf('"', at); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = end;
    while (slashes > at && text.charCodeAt(slashes - 1) === BACKSLASH) slashes--;
    if ((end - slashes) % 2 === 0) return end;
  }
  return -1;
}

/**
 * The whole number between two positions as a number if it fits one exactly, else as its text.
 *
 * @example
 * integer('pid 42', 4, 6) // => 42
 * integer('98765432109876543210', 0, 20) // => '98765432109876543210'
 */
export function integer(text: string, start: number, end: number): number | string {
  if (end - start > 15) return text.slice(start, end);
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + text.charCodeAt(i) - ZERO;
  return value;
}
