/**
 * Character codes and the few scans that all readers of log text share. Positions past the end read as NaN: never
 * true.
 */

export const tabCode = 9;
export const lineFeedCode = 10;
export const returnCode = 13;
export const spaceCode = 32;
export const exclamationCode = 33;
export const quoteCode = 34;
export const hashSignCode = 35;
export const dollarCode = 36;
export const percentCode = 37;
export const ampersandCode = 38;
export const apostropheCode = 39;
export const openParenCode = 40;
export const closeParenCode = 41;
export const plusCode = 43;
export const commaCode = 44;
export const minusCode = 45;
export const dotCode = 46;
export const slashCode = 47;
export const zeroCode = 48;
export const nineCode = 57;
export const colonCode = 58;
export const semicolonCode = 59;
export const lessCode = 60;
export const equalsCode = 61;
export const greaterCode = 62;
export const questionCode = 63;
export const atCode = 64;
export const openBracketCode = 91;
export const backslashCode = 92;
export const closeBracketCode = 93;
export const underscoreCode = 95;
export const openBraceCode = 123;
export const barCode = 124;
export const closeBraceCode = 125;
export const byteOrderMarkCode = 0xfeff;

export const isDigit = (code: number): boolean => code >= zeroCode && code <= nineCode;
/** Codes of letters at the ends of their ranges. */
const [upperA, upperZ, lowerA, lowerF, lowerZ] = [65, 90, 97, 102, 122] as const;

export const isUpper = (code: number): boolean => code >= upperA && code <= upperZ;
export const isLower = (code: number): boolean => code >= lowerA && code <= lowerZ;
export const isBlank = (code: number): boolean => code === spaceCode || code === tabCode;
// Looked up: in names and ids no comparison can be foretold by the processor. Past the end, NaN becomes 0.
export const isLetter = (code: number): boolean => (classes[code & 0xffff]! & letterBit) !== 0;
export const isWordCode = (code: number): boolean => (classes[code & 0xffff]! & wordBit) !== 0;
export const isHex = (code: number): boolean => (classes[code & 0xffff]! & hexBit) !== 0;
/** The code of the small letter, for the code of a letter. */
export const lowered = (code: number): number => code | 32;
/** Bits of the classes that a character is of. */
const [letterBit, wordBit, hexBit] = [1, 2, 4] as const;
const classes = Uint8Array.from({ length: 0x10000 }, (_, code) => {
  const isLetter = isUpper(code) || isLower(code);
  const isHex = isDigit(code) || (isLetter && lowered(code) <= lowerF);
  return (isLetter ? letterBit : 0) | (isLetter || isDigit(code) ? wordBit : 0) | (isHex ? hexBit : 0);
});

/**
 * The code of a character.
 *
 * @example
 * codeOf('A') // => 65
 */
export const codeOf = (character: string): number => character.charCodeAt(0);

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
    const digit = text.charCodeAt(i) - zeroCode;
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
  while (end > from && text.charCodeAt(end - 1) <= spaceCode) end--;
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
    while (slashes > at && text.charCodeAt(slashes - 1) === backslashCode) slashes--;
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
  for (let i = start; i < end; i++) value = value * 10 + text.charCodeAt(i) - zeroCode;
  return value;
}
