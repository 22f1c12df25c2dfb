/**
 * The cells of a line of a table: text between separators, or between quotes, which are doubled inside (RFC 4180).
 * Separated by blanks, any run of them is one separator, as logs of the W3C's format have it.
 */
import { isBlank, quoteCode, spaceCode, trimmedEnd } from '../text.ts';

/** What stands between two cells; a space stands for any run of blanks. */
export type Separator = ',' | ';' | '\t' | '|' | ' ';

/**
 * The cells of a line, without their quotes; null where a quote that opens a cell is not closed, or there are more than
 * `most`. Line feeds inside of quotes belong to the cell.
 *
 * @example
 * cellsIn('a,"b, ""c""",,d', ',') // => ['a', 'b, "c"', '', 'd']
 * cellsIn('10.0.0.7  GET "a b"', ' ') // => ['10.0.0.7', 'GET', 'a b']
 * cellsIn('a,"b', ',') // => null
 */
export function cellsIn(text: string, separator: Separator, most = maxCells): string[] | null {
  const cells: string[] = [];
  const end = separator === '\t' ? lineEnd(text) : trimmedEnd(text, 0);
  const blanks = separator === ' ';
  let quotes = true;
  for (let at = 0; ; ) {
    if (separator !== '\t') while (isBlank(text.charCodeAt(at))) at++;
    if (cells.length >= most) return null;
    const close = quotes && text.charCodeAt(at) === quoteCode ? closing(text, at + 1, { end, separator }) : -1;
    if (close === unclosed && separator !== '\t' && !blanks) return null;
    // Where one is not closed, none behind it is.
    if (close === unclosed) quotes = false;
    let next = close < 0 ? nextSeparator(text, at, separator) : close + 1;
    if (next < 0 || next > end) next = end;
    cells.push(close < 0 ? text.slice(at, next) : text.slice(at + 1, close).replaceAll('""', '"'));
    if (next >= end) return cells;
    at = next + 1;
  }
}

/** Whether the last cell of a line begins with a quote that is not closed: it goes on in the next line. */
export function hasOpenQuote(text: string, separator: Separator): boolean {
  if (separator === '\t' || separator === ' ' || !text.includes('"')) return false;
  return cellsIn(text, separator) === null && cellsIn(`${text}"`, separator) !== null;
}

/**
 * The quote that closes a cell: a separator or the end stands behind it. -1 for a quote that is a part of the text,
 * `unclosed` where none closes it.
 */
function closing(text: string, from: number, { end, separator }: { end: number; separator: Separator }): number {
  for (let at = text.indexOf('"', from); at >= 0 && at < end; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) === quoteCode && at + 1 < end) continue;
    if (at + 1 === end || text[at + 1] === separator || (separator === ' ' && isBlank(text.charCodeAt(at + 1))))
      return at;
    return -1;
  }
  return unclosed;
}

function nextSeparator(text: string, at: number, separator: Separator): number {
  if (separator !== ' ') return text.indexOf(separator, at);
  while (text.charCodeAt(at) > spaceCode) at++;
  return at;
}

/** The end of a text without the end of its line; empty last cells stay. */
function lineEnd(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) < spaceCode && text[end - 1] !== '\t') end--;
  return end;
}

const unclosed = -2;
const maxCells = 256;
