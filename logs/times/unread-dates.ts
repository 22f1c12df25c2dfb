/**
 * Whether a clock stands behind a date that no shape fits: with a day that is a guess it would be worse than no time.
 */
import {
  colonCode,
  digits,
  dotCode,
  greaterCode,
  isBlank,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  minusCode,
  openBracketCode,
  slashCode,
  spaceCode,
} from '../text.ts';
import { clockStart } from './date-reader.ts';

/**
 * Whether what ends before the clock at `at` is the end of a date: numbers with dashes, slashes or dots between them, a
 * year behind a word, or a word and a day that begin the text.
 *
 * @example
 * endsUnreadDate('31/31/2026 08:51:24', 11) // => true
 * endsUnreadDate('sty 29 08:51:24 web-1', 7) // => true
 * endsUnreadDate('10.0.0.7 08:51:24', 9) // => false
 * endsUnreadDate('web-1 08:51:24', 6) // => false
 */
export function endsUnreadDate(text: string, at: number): boolean {
  let end = at;
  while (end > 0 && at - end < 4 && clockStart(text, end - 1) === at) end--;
  if (end === at || end === 0 || !isDigit(text.charCodeAt(end - 1))) return false;
  let start = end;
  let [parts, letters, dashed] = [1, 0, false];
  for (; start > 0 && end - start <= longestDate; start--) {
    const code = text.charCodeAt(start - 1);
    if (isLetter(code)) letters++;
    else if (isSign(code)) parts++;
    else if (!isDigit(code)) break;
    dashed ||= code === minusCode || code === slashCode;
  }
  if (end - start > longestDate || !isWordCode(text.charCodeAt(start))) return false;
  if (parts > 1) return letters <= 1 && isDigit(text.charCodeAt(start)) && (parts === 3 || dashed);
  if (letters > 0 || !isBlank(text.charCodeAt(start - 1))) return false;
  // `29 sty 2026 08:51:24`, `sty 29 08:51:24`.
  const word = wordStart(text, start - 1);
  if (start - 1 - word < shortestMonth) return false;
  if (end - start === 4) return isDigit(text.charCodeAt(word - 2));
  const day = digits(text, start, end - start);
  return day >= 1 && day <= 31 && (word === 0 || isOpening(text.charCodeAt(word - 1)));
}

/**
 * Whether a colon goes on with a clock that ends at `at`.
 *
 * @example
 * goesOn('08:51:24:x', 8) // => true
 * goesOn('08:51:24: ready', 8) // => false
 */
export const goesOn = (text: string, at: number): boolean =>
  text.charCodeAt(at) === colonCode && text.charCodeAt(at + 1) > spaceCode;

/**
 * Whether a word in capitals ends before a blank, as levels in front of a time do.
 *
 * @example
 * isBehindCapitals('INFO 01-29 08:51:24', 5) // => true
 */
export const isBehindCapitals = (text: string, at: number): boolean =>
  text.charCodeAt(at - 1) === spaceCode && isUpper(text.charCodeAt(at - 2)) && isUpper(text.charCodeAt(at - 3));

/** Where the word of any alphabet begins that ends at `end`; a dot may end it. */
function wordStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < longestDate && isWordly(text.charCodeAt(start - 1), start === end)) start--;
  return start;
}

const isWordly = (code: number, atEnd: boolean): boolean =>
  isLetter(code) || code > lastAscii || (atEnd && code === dotCode);
const isSign = (code: number): boolean => code === minusCode || code === slashCode || code === dotCode;
const isOpening = (code: number): boolean => code === openBracketCode || code === greaterCode;

const lastAscii = 127;
const shortestMonth = 3;
const longestDate = 12;
