/**
 * Cuts JSON text into the values it consists of, by brackets and quotes alone, in one pass over it. The pieces are the
 * text as it was written, so that what is read from a piece is what would be read from a line of its own.
 */
import {
  closeBraceCode,
  closeBracketCode,
  closingQuote,
  commaCode,
  openBraceCode,
  openBracketCode,
  quoteCode,
  spaceCode,
} from '../text.ts';

/**
 * The objects in `text` from `at` on: one after the other, or with commas between them and a bracket behind the last.
 * Null when anything else stands there, or more than `most` objects.
 *
 * @example
 * objectsIn('{"a":1}{"b":2}', 0, 9) // => ['{"a":1}', '{"b":2}']
 * objectsIn('[{"a":"]"}, {"b":2}]', 1, 9) // => ['{"a":"]"}', '{"b":2}']
 * objectsIn('{"a":1} and more', 0, 9) // => null
 */
export function objectsIn(text: string, at: number, most: number): readonly string[] | null {
  const isList = at > 0;
  const pieces: string[] = [];
  for (let start = skipSpace(text, at); ; ) {
    const end = text.charCodeAt(start) === openBraceCode ? endOfObject(text, start) : -1;
    if (end < 0 || pieces.length >= most) return null;
    pieces.push(text.slice(start, end));
    start = skipSpace(text, end);
    if (!isList) {
      if (start >= text.length) return pieces;
    } else if (text.charCodeAt(start) === commaCode) start = skipSpace(text, start + 1);
    else
      return text.charCodeAt(start) === closeBracketCode && skipSpace(text, start + 1) >= text.length ? pieces : null;
  }
}

/** The position behind the object that opens at `at`, or -1 if it does not end. */
function endOfObject(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quoteCode) {
      i = closingQuote(text, i + 1);
      if (i < 0) return -1;
    } else if (code === openBraceCode || code === openBracketCode) depth++;
    else if ((code === closeBraceCode || code === closeBracketCode) && --depth === 0) return i + 1;
  }
  return -1;
}

/** The first position from `at` that holds no white space. */
function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= spaceCode) at++;
  return at;
}
