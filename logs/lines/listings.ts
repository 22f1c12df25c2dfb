/**
 * What shows that a line without a time is one of a list which the lines before it began: rows of a table, pairs of a
 * name and its value, frames drawn around a text.
 */
import { isMild, levelOfField } from '../levels.ts';
import {
  colonCode,
  digits,
  isBlank,
  isDigit,
  isLetter,
  isWordCode,
  minusCode,
  plusCode,
  skipBlanks,
  spaceCode,
} from '../text.ts';
import type { Part } from './content.ts';

/**
 * Whether a line has three columns or more with gaps between them, or is drawn as a table or a frame.
 *
 * @example
 * isRow({ line: '/dev/a   10     20', start: 0, end: 18 }) // => true
 * isRow({ line: 'no stock,  sorry', start: 0, end: 16 }) // => false
 */
export function isRow(part: Part): boolean {
  const { line, start, end } = part;
  if (isFramed(part)) return true;
  if (line.charCodeAt(start) === plusCode && line.charCodeAt(start + 1) === minusCode) return true;
  let gaps = 0;
  for (let at = start; at < end && gaps < fewestGaps; at++) {
    if (!isBlank(line.charCodeAt(at))) continue;
    const next = skipBlanks(line, at);
    if (next - at > 1 && next < end) gaps++;
    at = next;
  }
  return gaps >= fewestGaps;
}

/**
 * Whether a line begins with a sign that goes on with a frame or ends it: `│ no stock`, `├── shop`, `└ @ Main cart.jl:7`.
 *
 * @example
 * isFramed({ line: '│ no stock', start: 0, end: 10 }) // => true
 * isFramed({ line: '┌ Warning: low', start: 0, end: 14 }) // => false
 */
export const isFramed = ({ line, start }: Part): boolean => frames.has(line.charCodeAt(start));

/** Whether a line begins with any sign of a frame. */
export const isDrawn = ({ line, start }: Part): boolean => {
  const code = line.charCodeAt(start);
  return code >= firstDrawn && code <= lastDrawn;
};

/**
 * Whether a line is a name with a value that is no sentence, `port: 8080`, `debug: false`, or with a colon in a column
 * of its own, `PID    : 42`.
 *
 * @example
 * isPair({ line: 'port: 8080', start: 0, end: 10 }) // => true
 * isPair({ line: 'worker: ready', start: 0, end: 13 }) // => false
 */
export function isPair({ line, start, end }: Part): boolean {
  const name = nameEnd(line, start, end);
  const colon = skipBlanks(line, name);
  if (name === start || line.charCodeAt(colon) !== colonCode || isBad(line, start, name)) return false;
  const value = skipBlanks(line, colon + 1);
  return value > colon + 1 && (colon > name + 1 || isLiteral(line, value, end));
}

/** Whether a line is a name with any value. */
export function isAnyPair({ line, start, end }: Part): boolean {
  const colon = nameEnd(line, start, end);
  return colon > start && line.charCodeAt(colon) === colonCode && line.charCodeAt(colon + 1) === spaceCode;
}

/**
 * Whether what stands at `at` up to the end of a line is a value alone: a number, a truth, nothing, a list.
 *
 * @example
 * isLiteral('debug: false', 7, 12) // => true
 * isLiteral('debug: false alarm', 7, 18) // => false
 */
export function isLiteral(line: string, at: number, end: number): boolean {
  let stop = end;
  while (stop > at && !(line.charCodeAt(stop - 1) > spaceCode)) stop--;
  if (stop === at || stop - at > longestValue) return false;
  const first = line.charAt(at);
  if (first === '"' || first === "'" || first === '[' || first === '{') return line.charAt(stop - 1) === closing[first];
  const value = line.slice(at, stop);
  if (value.includes(' ')) return false;
  return isDigit(value.charCodeAt(0)) || digits(value, 1, 1) >= 0 || truths.has(value.toLowerCase());
}

/** Whether a name ends in a word for what is wrong, which its value says more of: `Internal Error: 7`. */
function isBad(line: string, start: number, end: number): boolean {
  let at = end;
  while (at > start && isLetter(line.charCodeAt(at - 1))) at--;
  const level = levelOfField(line.slice(at, end));
  return level !== null && !isMild(level);
}

/** The end of a name of up to four words. */
function nameEnd(line: string, start: number, end: number): number {
  if (!isLetter(line.charCodeAt(start))) return start;
  const limit = Math.min(end, start + longestName);
  let at = start;
  for (let words = 0; words < mostWords && at < limit; words++) {
    while (at < limit && isNameCode(line.charCodeAt(at))) at++;
    if (line.charCodeAt(at) !== spaceCode || !isWordCode(line.charCodeAt(at + 1))) return at;
    at++;
  }
  return start;
}

const isNameCode = (code: number): boolean => isWordCode(code) || nameSigns.has(code);

const nameSigns = new Set(Array.from('._-/', (sign) => sign.charCodeAt(0)));
const truths = new Set('true false yes no on off null none nil undefined enabled disabled - n/a'.split(' '));
const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']', '{': '}' };
/** The signs of a frame's side, of what branches off it and of its lower corners. */
const frames = new Set(Array.from('│┃║┆┇┊┋╎╏├┝┞┟┠┡┢┣╞╟╠└┕┖┗╘╙╚╰╵╹', (sign) => sign.charCodeAt(0)));
const [firstDrawn, lastDrawn] = [0x2500, 0x257f];
const fewestGaps = 2;
const [longestName, longestValue, mostWords] = [48, 200, 4];
