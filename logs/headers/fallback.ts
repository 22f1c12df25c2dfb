/**
 * Reads a line that no format knows. What its header says leaves the message (header.ts); a time or an unmistakable
 * level that stand elsewhere are looked for among the first words only, so that a long line costs no more than a short
 * one.
 */
import { levelOf, mayBeLevel, plainLevelOf } from '../levels.ts';
import { newLog, type ParsedLog } from '../parsed-log.ts';
import {
  barCode,
  closeBracketCode,
  colonCode,
  dotCode,
  equalsCode,
  greaterCode,
  isBlank,
  isDigit,
  isLetter,
  isLower,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBracketCode,
  quoteCode,
  semicolonCode,
  skipBlanks,
  slashCode,
  spaceCode,
  tabCode,
  trimmedEnd,
  underscoreCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { HeaderReader } from './header.ts';
import { LevelColumns } from './level-columns.ts';
import { isFailure, levelOfIcon } from './outcomes.ts';
import { levelOfTool } from './tool-levels.ts';

/** Reads lines that no format knows. State: where sources write their levels; `timed` belongs to the line read last. */
export class Fallback {
  /** Whether the last line had a time; if so, the scanner holds it. */
  timed = false;

  readonly #scanner: TimestampScanner;
  readonly #header: HeaderReader;
  readonly columns = new LevelColumns();

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
    this.#header = new HeaderReader(scanner);
  }

  read(text: string, source: string): ParsedLog {
    const header = this.#header;
    const start = skipBlanks(text, 0);
    header.read(text, start);
    const sniffed = header.timed ? -1 : this.#sniffTime(text, start);
    this.timed = header.timed || sniffed >= 0;
    const isPrefixed = sniffed >= 0 && header.level === null && this.#isHeadedBehind(text, start, sniffed);
    const at = header.end;
    const log = newLog('text', text.slice(at, trimmedEnd(text, at)));
    if (isPrefixed) log.parsed_fields['log.prefix'] = text.slice(start, sniffed).replace(/[ \t[]+$/, '');
    header.into(log);
    if (header.barred) header.takeColumns(log);
    let { level, word } = header;
    if (level === null) {
      word = sniffLevel(text, at) || (this.timed ? letterInBrackets(text, at) : '');
      level = word !== '' ? levelOf(word) : isCry(text, at) ? 'ERROR' : null;
    }
    if (level === null) {
      word = levelInName(log);
      level = word === '' ? null : levelOf(word);
    }
    if (level === null) {
      word = levelOfTool(text, at);
      level = word === '' ? null : levelOf(word);
    }
    level ??= levelOfIcon(text, start, at);
    if (level === null) {
      word = this.columns.wordOf(text, source);
      level = word === '' ? null : levelOf(word);
    }
    log.level = level;
    if (level !== null && word !== '') log.parsed_fields['log.level'] = word;
    return log;
  }

  /**
   * Whether a time and a level head what stands behind a few words of another tool, `web.log 2026-01-29 … ERROR`; if
   * so, that header counts.
   */
  #isHeadedBehind(text: string, start: number, at: number): boolean {
    const prefix = text.slice(start, at);
    if (prefix.split(' ').length > mostPrefixes + 1 || prefix.includes('\n')) return false;
    this.#header.read(text, text.charCodeAt(at - 1) === openBracketCode ? at - 1 : at);
    if (this.#header.timed && this.#header.level !== null) return true;
    this.#header.read(text, start);
    return !this.#scanner.scan(text, at);
  }

  /** Where the first time among the first words stands, or -1. */
  #sniffTime(text: string, start: number): number {
    const limit = Math.min(text.length, start + sniffedLength);
    let inside = false;
    for (let at = start; at < limit; at++) {
      const code = text.charCodeAt(at);
      const wordy = isWordCode(code);
      // Only dates that begin with a digit: names of months, clocks and long numbers are common in prose.
      if (isDigit(code) && !inside && this.#scanner.scan(text, at) && this.#scanner.dated && !this.#scanner.epoch)
        return at;
      inside = wordy || code === dotCode || code === minusCode;
    }
    return -1;
  }
}

/** Words that another tool may have put before a time. */
const mostPrefixes = 3;

/** The level in which the name of a logger ends, in small letters: `shop.cart.error`; '' for none. */
function levelInName({ parsed_fields: fields }: ParsedLog): string {
  const name = fields['log.logger'];
  if (typeof name !== 'string') return '';
  const start = Math.max(name.lastIndexOf('.'), name.lastIndexOf(':'), name.lastIndexOf('/')) + 1;
  const word = start < 2 ? '' : name.slice(start);
  return isLower(word.charCodeAt(0)) && plainLevelOf(word) !== null ? word : '';
}

/**
 * A level among the first words: in brackets, as a key's value in quotes, before a colon, or in capitals where no
 * sentence has begun; '' for none. A word in a sentence is what the sentence speaks of.
 */
function sniffLevel(text: string, start: number): string {
  const limit = Math.min(text.length, start + sniffedLength);
  const sign = text.slice(start, limit).search(telling);
  if (sign < 0) return '';
  let from = start + sign;
  while (from > start && isWordCode(text.charCodeAt(from - 1))) from--;
  // A code in capitals may stand behind its level.
  if (text.charCodeAt(from - 1) === spaceCode) from--;
  while (from > start && isWordCode(text.charCodeAt(from - 1))) from--;
  for (let at = from; at < limit; at++) {
    if (!isLetter(text.charCodeAt(at))) continue;
    const end = wordEnd(text, at);
    if (mayBeLevel(text, at, end)) {
      const shouted = isUpper(text.charCodeAt(at)) && isUpper(text.charCodeAt(at + 1));
      const isLevel =
        isFramed(text, at, end) ||
        isSaid(text, at, end) ||
        (shouted && !isPart(text, at, end) && (isColumn(text, at) || !isInSentence(text, start, at)));
      const word = isLevel ? text.slice(at, end) : '';
      if (plainLevelOf(word) !== null) return word;
    }
    at = end;
  }
  return '';
}

/** What a level has in it or beside it; most lines have none of these, and to search for them costs little. */
const telling = /[A-Z]{2}|[:;"<>[\]]/;

/** Whether brackets stand around a word, or quotes behind an equals sign or a colon. */
function isFramed(text: string, start: number, end: number): boolean {
  const opening = text.charCodeAt(start - 1);
  if (!isBracketOrQuote(opening) || !isBracketOrQuote(text.charCodeAt(end))) return false;
  const before = text.charCodeAt(start - 2);
  return opening !== quoteCode || !(before >= spaceCode) || before === equalsCode || before === colonCode;
}

/** `cart.go:7:Add() [E] no stock`: one letter in brackets behind the first word; '' for none. */
function letterInBrackets(text: string, start: number): string {
  const open = text.slice(start, start + longestWord).indexOf(' [') + start + 2;
  if (open < start + 2 || text.charCodeAt(open + 1) !== closeBracketCode || text.indexOf(' ', start) < open - 2)
    return '';
  return levelLetters.includes(text.charAt(open)) && text.charCodeAt(open + 2) === spaceCode ? text.charAt(open) : '';
}

const longestWord = 64;
const levelLetters = 'TDIWEF';

/** Whether a word is a part of a path or a longer name: `/var/ERROR/x`, `ERROR_CODE`, `NON-FATAL`. */
function isPart(text: string, start: number, end: number): boolean {
  const next = text.charCodeAt(end);
  const before = text.charCodeAt(start - 1);
  if (next === underscoreCode || before === underscoreCode || isNone(text, end)) return true;
  if (before === minusCode && isWordCode(text.charCodeAt(start - 2))) return true;
  return (next === slashCode || next === dotCode || next === minusCode) && isWordCode(text.charCodeAt(end + 1));
}

/** Whether a word is of the name of a count that is none: `ERROR SUMMARY: 0 errors`. */
function isNone(text: string, at: number): boolean {
  let end = at + 1;
  while (end < at + longestCode && isUpper(text.charCodeAt(end))) end++;
  return end > at + 1 && text.startsWith(': 0', end) && !isWordCode(text.charCodeAt(end + 3));
}

/** Whether two words of prose stand before a position. */
function isInSentence(text: string, start: number, end: number): boolean {
  let words = 0;
  for (let at = start; at < end && words < 2; at++) {
    if (!isLetter(text.charCodeAt(at))) continue;
    if (isLower(text.charCodeAt(at + 1))) words++;
    at = wordEnd(text, at);
  }
  return words === 2;
}

/** Whether what stands before a word sets columns apart: a gap, a bar, a dash between blanks, a closing bracket. */
function isColumn(text: string, start: number): boolean {
  let at = start;
  while (isBlank(text.charCodeAt(at - 1))) at--;
  const sign = text.charCodeAt(at - 1);
  if (start - at > 1 || text.charCodeAt(at) === tabCode) return true;
  return sign === barCode || sign === closeBracketCode || (sign === minusCode && start > at);
}

/** Whether a text begins as only reports of what went wrong do. */
function isCry(text: string, start: number): boolean {
  if (isFailure(text, start)) return true;
  for (let i = 0; i < cries.length; i++) if (text.startsWith(cries[i]!, start)) return true;
  return false;
}

const cries = ['=CRASH REPORT=', '=SUPERVISOR REPORT=', 'Traceback (most recent call', 'Exception in thread'];

/** Whether a word before a colon is the level of what follows: no count (`error: 0`), no `Stack trace:`. */
function isSaid(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  // `x.trc:` is a file.
  if (isLower(text.charCodeAt(start)) && (before === dotCode || before === underscoreCode)) return false;
  if (text.charCodeAt(end) !== colonCode) return isCoded(text, end) || isNumbered(text, end);
  return !isDigit(text.charCodeAt(skipBlanks(text, end + 1))) && !text.startsWith('race:', start + 1);
}

/** Whether the code of what is wrong stands behind a level, as compilers write: `error TS2304:`. */
function isCoded(text: string, at: number): boolean {
  let end = at + 1;
  if (text.charCodeAt(at) !== spaceCode || !isUpper(text.charCodeAt(end))) return false;
  while (end < at + longestCode && isUpper(text.charCodeAt(end))) end++;
  const digitsStart = end;
  while (end < at + longestCode && isDigit(text.charCodeAt(end))) end++;
  return end > digitsStart + 1 && text.charCodeAt(end) === colonCode;
}

/** `severe (24):`, the number of what is wrong. */
function isNumbered(text: string, at: number): boolean {
  if (!text.startsWith(' (', at)) return false;
  let end = at + 2;
  while (end < at + longestCode && isDigit(text.charCodeAt(end))) end++;
  return end > at + 2 && text.startsWith('):', end);
}

const longestCode = 16;

/** How far a line is searched for a time or level that does not stand at its start. */
const sniffedLength = 160;

const isBracketOrQuote = (code: number): boolean =>
  code === openBracketCode ||
  code === closeBracketCode ||
  code === quoteCode ||
  code === semicolonCode ||
  code === lessCode ||
  code === greaterCode;

function wordEnd(text: string, at: number): number {
  const limit = at + sniffedLength;
  while (at < limit && isWordCode(text.charCodeAt(at))) at++;
  return at;
}
