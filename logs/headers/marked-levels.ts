/**
 * Levels that what stands around them shows: the first word of a line with a time behind it, whatever signs stand
 * between (`Error  2026-…`, `"warning"; 2026-…`), and a word among signs that set it apart (`=== [ALERT]`, `*error*`,
 * `# error #`).
 */
import { type Level, levelOf, levelOfColumn, mayBeLevel, plainLevelOf } from '../levels.ts';
import {
  codeOf,
  colonCode,
  dotCode,
  isBlank,
  isLetter,
  isUpper,
  isWordCode,
  minusCode,
  quoteCode,
  skipBlanks,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { type HeaderState, plainLetters } from './state.ts';
import { partnerOf } from './tokens.ts';

/**
 * Where the time stands, or the bracket around it, behind the level that is the first word at `start`, which is noted;
 * -1 for no level or no time. What a sentence says with a time in it (`Error at 2026-…`) has a word between them.
 */
// hot: called for every line that no format knows; most begin with a digit or with a word that is no level.
export function levelBeforeTime(state: HeaderState, start: number): number {
  const { text } = state;
  const at = timeBehindLevel(text, start, state.scanner);
  if (at < 0) return -1;
  const from = behindSigns(text, start);
  const word = text.slice(from, wordEnd(text, from));
  state.noteLevel(levelOfColumn(word), word);
  return partnerOf(text.charCodeAt(at - 1)) === 0 ? at : at - 1;
}

/**
 * Where a time stands behind a level that is the first word at `start`, with signs alone between them; -1 for none.
 *
 * @example
 * timeBehindLevel('"Error"; 2026-01-29 08:51:24 no stock', 0, new TimestampScanner('UTC')) // => 9
 * timeBehindLevel('Error at 2026-01-29 08:51:24', 0, new TimestampScanner('UTC')) // => -1
 */
export function timeBehindLevel(text: string, start: number, scanner: TimestampScanner): number {
  // What is in brackets is read as one piece.
  if (partnerOf(text.charCodeAt(start)) !== 0) return -1;
  const from = behindSigns(text, start);
  const end = wordEnd(text, from);
  // Three capitals may abbreviate one: `NTC 2026-…`.
  const isShort = end === from + 3 && isUpper(text.charCodeAt(from));
  if (end === from || (!isShort && !mayBeLevel(text, from, end))) return -1;
  const isLetterAlone = end === from + 1;
  if (isLetterAlone && !isUpper(text.charCodeAt(from))) return -1;
  const at = behindSigns(text, end);
  if (at === end || (at === end + 1 && joins(text.charCodeAt(end))) || !scanner.scan(text, at)) return -1;
  // A long number behind a word may be what it speaks of.
  if (scanner.epoch && at === end + 1) return -1;
  return levelOfColumn(text.slice(from, end)) === null ? -1 : at;
}

/**
 * Where the text goes on behind a level that stands behind a run of one sign at `at`, if a bracket is around it, the
 * same sign closes it, or it is in capitals; -1 for anything else.
 */
export function levelAmongSigns(state: HeaderState, at: number): number {
  const { text } = state;
  const sign = text.charCodeAt(at);
  if (!marks.has(sign)) return -1;
  let from = runEnd(text, at, sign);
  const isSpaced = isBlank(text.charCodeAt(from));
  if (sign === slashCode && from === at + 1 && !isSpaced) return -1;
  from = skipBlanks(text, from);
  const partner = partnerOf(text.charCodeAt(from));
  if (partner !== 0) from = skipBlanks(text, from + 1);
  const end = wordEnd(text, from);
  const word = text.slice(from, end);
  const level = levelBetween(state, word, partner !== 0 || !isSpaced);
  if (level === null) return -1;
  let behind = end;
  if (partner !== 0) {
    behind = skipBlanks(text, end);
    if (text.charCodeAt(behind) !== partner) return -1;
    behind++;
  }
  const close = isSpaced ? skipBlanks(text, behind) : behind;
  const closed = text.charCodeAt(close) === sign ? runEnd(text, close, sign) : behind;
  const next = text.charCodeAt(closed);
  const isClosed = (closed > behind && isBlank(next)) || (next === colonCode && (closed > behind || state.isHeaded()));
  if (partner === 0 && !isClosed && !(isSpaced && isShouted(text, from, end))) return -1;
  state.noteLevel(level, word);
  if (sign === quoteCode && !isCell(text, closed)) return -1;
  return isClosed ? closed : behind;
}

/** The level that a word between signs names; one that stands close to them may be shorter or mean something else. */
function levelBetween(state: HeaderState, word: string, isTight: boolean): Level | null {
  if (word.length === 1) return isTight && plainLetters.includes(word) ? levelOf(word) : null;
  return plainLevelOf(word) ?? (isTight && state.isHeaded() ? levelOfColumn(word) : null);
}

/** Whether another cell of a row follows on what ends at `at`. */
const isCell = (text: string, at: number): boolean => text.charCodeAt(skipBlanks(text, at)) === quoteCode;

/** The end of a few signs at `at`. */
function behindSigns(text: string, at: number): number {
  let end = at;
  while (end < at + mostSigns && isSign(text.charCodeAt(end))) end++;
  return end;
}

function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < at + longestWord && isWordLike(text.charCodeAt(end))) end++;
  return end;
}

function runEnd(text: string, at: number, sign: number): number {
  let end = at;
  while (end < at + mostSigns && text.charCodeAt(end) === sign) end++;
  return end;
}

/** A word in capitals with a blank or a colon behind it. */
function isShouted(text: string, start: number, end: number): boolean {
  const next = text.charCodeAt(end);
  return isUpper(text.charCodeAt(start + 1)) && (next === spaceCode || next === colonCode);
}

/** Letters of any alphabet. */
const isWordLike = (code: number): boolean => isLetter(code) || (code > lastAscii && !isSymbol(code));

/** What may stand between a level and a time: blanks, signs, icons. */
const isSign = (code: number): boolean =>
  isBlank(code) || (code > spaceCode && code <= lastAscii && !isWordCode(code)) || isSymbol(code);

/** Arrows, dashes, dingbats, and the halves and joints of emoji. */
const isSymbol = (code: number): boolean =>
  (code >= 0x2010 && code <= 0x2bff) || (code >= 0xd83b && code < 0xe000) || code === 0xb7 || code === 0xfe0f;

/** Signs that make one name of what is on both sides: `error-2026-…`, `error.2026…`. */
const joins = (code: number): boolean => code === minusCode || code === dotCode || code === underscoreCode;

const marks = new Set([...Array.from('=*#~/\\!+%&^-·|', codeOf), quoteCode]);
const longestWord = 15;
const mostSigns = 8;
const lastAscii = 127;
