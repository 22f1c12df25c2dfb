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

/** A part of packed text: a record or a list of records, or what stands there and is neither. */
export interface Piece {
  readonly text: string;
  readonly isRecord: boolean;
}

/**
 * The records in a list whose first element is at `at`, or for 0 those that stand one behind the other, with or without
 * commas. What is no whole record, such as the rest of a list that was cut, is a piece of its own. Null when the text
 * is no packing: without a record in it, or with text behind the list.
 *
 * @example
 * piecesIn('{"a":1}{"b":2}', 0)?.map(({ text }) => text) // => ['{"a":1}', '{"b":2}']
 * piecesIn('[{"a":"]"}, null, {"b":2}]', 1)?.map(({ text }) => text) // => ['{"a":"]"}', 'null', '{"b":2}']
 * piecesIn('[{"a":1}, {"b":', 1)?.map(({ isRecord }) => isRecord) // => [true, false]
 * piecesIn('{"a":1} and more', 0) // => null
 */
export function piecesIn(text: string, at: number): readonly Piece[] | null {
  const isList = at > 0;
  const pieces: Piece[] = [];
  /** Where what is no record begins. */
  let other = -1;
  const endOther = (end: number): void => {
    if (other >= 0) pieces.push({ text: text.slice(other, endOfPiece(text, other, end)), isRecord: false });
    other = -1;
  };
  let start = skipSpace(text, at);
  for (; start < text.length; start = skipSpace(text, start)) {
    const code = text.charCodeAt(start);
    if (code === commaCode) {
      start++;
      continue;
    }
    if (isList && code === closeBracketCode) {
      if (skipSpace(text, start + 1) < text.length) return null;
      break;
    }
    const opens = code === openBraceCode || (isList && code === openBracketCode);
    const end = opens ? endOfValue(text, start) : -1;
    if (end >= 0) {
      endOther(start);
      pieces.push({ text: text.slice(start, end), isRecord: true });
      start = end;
    } else {
      if (other < 0) other = start;
      start = isList && !opens ? endOfScalar(text, start) : text.length;
    }
  }
  endOther(start);
  return isPacking(pieces, isList) ? pieces : null;
}

/** Braces alone are common in text. One object and text behind it are a line; one and the begin of the next are not. */
function isPacking(pieces: readonly Piece[], isList: boolean): boolean {
  const records = pieces.filter(({ isRecord }) => isRecord);
  if (!records.some(({ text }) => text.charCodeAt(0) === openBracketCode || beginsRecord(text))) return false;
  if (isList) return true;
  if (!records.every(({ text }) => beginsRecord(text) || text.charCodeAt(skipSpace(text, 1)) === closeBraceCode))
    return false;
  return records.length > 1 || pieces.some(({ text, isRecord }) => !isRecord && beginsRecord(text));
}

const beginsRecord = (text: string): boolean =>
  text.charCodeAt(0) === openBraceCode && text.charCodeAt(skipSpace(text, 1)) === quoteCode;

/** The position of the comma or the bracket behind a value that is no list or object, or the end of the text. */
function endOfScalar(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === commaCode || code === closeBracketCode) return i;
    if (code === quoteCode) {
      i = closingQuote(text, i + 1);
      if (i < 0) break;
    }
  }
  return text.length;
}

/** The end of the piece from `at` without commas and white space behind it. */
function endOfPiece(text: string, at: number, end: number): number {
  while (end > at && (text.charCodeAt(end - 1) <= spaceCode || text.charCodeAt(end - 1) === commaCode)) end--;
  return end;
}

/** The position behind the object or list that opens at `at`, or -1 if it does not end. */
function endOfValue(text: string, at: number): number {
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

/** The first position from `at` that holds no white space, which the separator of JSON text sequences is too. */
export function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= spaceCode) at++;
  return at;
}
