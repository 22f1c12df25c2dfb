/**
 * Reads a line that no format knows. A time and a level at its start (in brackets or not, separated by blanks, `-`, `|`
 * or `:`) are a header and leave the message; otherwise the whole line is the message, and a time or an unmistakable
 * level is looked for among its first words only, so that a long line costs no more than a short one.
 */
import { type Level, levelOf, plainLevelOf } from '../levels.ts';
import { newLog, type ParsedLog } from '../parsed-log.ts';
import {
  barCode,
  closeBracketCode,
  closeParenCode,
  colonCode,
  dotCode,
  greaterCode,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBracketCode,
  openParenCode,
  quoteCode,
  skipBlanks,
  spaceCode,
  trimmedEnd,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/** Reads lines that no format knows. State: none; `timed` belongs to the line read last. */
export class Fallback {
  /** Whether the last line had a time; if so, the scanner holds it. */
  timed = false;

  readonly #scanner: TimestampScanner;

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
  }

  read(text: string): ParsedLog {
    const start = skipBlanks(text, 0);
    let at = start;
    let level: Level | null = null;
    let word = '';
    const before = skipOpening(text, at);
    this.timed = this.#scanner.scan(text, before);
    if (this.timed) at = skipSeparators(text, this.#scanner.end);
    const opening = skipOpening(text, at);
    const end = wordEnd(text, opening);
    if (end > opening && isHeaderEnd(text, end, this.timed)) {
      word = text.slice(opening, end);
      // Without a time, only `ERROR: …` and `[error] …` are headers; `Error: …` is how a message begins.
      const shouted = isUpper(text.charCodeAt(at)) && isUpper(text.charCodeAt(at + 1));
      if (this.timed || shouted || opening > at) level = this.timed ? levelOf(word) : plainLevelOf(word);
      if (word.length === 1 && opening === at) level = null;
      if (level !== null) at = skipSeparators(text, end);
    }
    const log = newLog('text', text.slice(at, trimmedEnd(text, at)));
    if (!this.timed) this.timed = this.#sniffTime(text, start);
    if (level === null) [level, word] = sniffLevel(text, at);
    log.level = level;
    if (level !== null && word !== '') log.parsed_fields['log.level'] = word;
    return log;
  }

  /** The first time among the first words. */
  #sniffTime(text: string, start: number): boolean {
    const limit = Math.min(text.length, start + sniffedLength);
    let inside = false;
    for (let at = start; at < limit; at++) {
      const code = text.charCodeAt(at);
      const wordy = isWordCode(code);
      // Only dates that begin with a digit: names of months, clocks and long numbers are common in prose.
      if (isDigit(code) && !inside && this.#scanner.scan(text, at) && this.#scanner.dated && !this.#scanner.epoch)
        return true;
      inside = wordy || code === dotCode || code === minusCode;
    }
    return false;
  }
}

/** A level in capitals, or in quotes or brackets, or before a colon, among the first words; or a well-known cry. */
function sniffLevel(text: string, start: number): [Level | null, string] {
  const limit = Math.min(text.length, start + sniffedLength);
  for (let at = start; at < limit; at++) {
    if (!isLetter(text.charCodeAt(at))) continue;
    const end = wordEnd(text, at);
    const isEnclosed = isBracketOrQuote(text.charCodeAt(at - 1)) && isBracketOrQuote(text.charCodeAt(end));
    const shouted = isUpper(text.charCodeAt(at)) && isUpper(text.charCodeAt(at + 1));
    if (end - at <= 11 && (isEnclosed || shouted || text.charCodeAt(end) === colonCode)) {
      const word = text.slice(at, end);
      const level = plainLevelOf(word);
      if (level !== null) return [level, word];
    }
    at = end;
  }
  if (text.startsWith('Traceback (most recent call', start)) return ['ERROR', ''];
  if (text.startsWith('Exception in thread', start)) return ['ERROR', ''];
  return [null, ''];
}

/** How far a line is searched for a time or level that does not stand at its start. */
const sniffedLength = 160;

const isBracketOrQuote = (code: number): boolean =>
  code === openBracketCode ||
  code === closeBracketCode ||
  code === quoteCode ||
  code === lessCode ||
  code === greaterCode;

function wordEnd(text: string, at: number): number {
  const limit = at + sniffedLength;
  while (at < limit && isWordCode(text.charCodeAt(at))) at++;
  return at;
}

function skipOpening(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === openBracketCode || code === lessCode || code === openParenCode ? skipBlanks(text, at + 1) : at;
}

/** A header's word ends with a closing sign or a colon, or with a blank when a time stands before it. */
function isHeaderEnd(text: string, end: number, timed: boolean): boolean {
  const code = text.charCodeAt(skipBlanks(text, end));
  if (code === closeBracketCode || code === colonCode || code === greaterCode || code === barCode) return true;
  return timed && end < text.length && !(text.charCodeAt(end) > spaceCode);
}

/** Blanks and the signs that separate a header from what follows. */
function skipSeparators(text: string, at: number): number {
  at = skipBlanks(text, at);
  for (let i = 0; i < 3; i++) {
    const code = text.charCodeAt(at);
    const dash = code === minusCode && text.charCodeAt(at + 1) === spaceCode;
    if (
      code !== closeBracketCode &&
      code !== colonCode &&
      code !== barCode &&
      code !== closeParenCode &&
      code !== greaterCode &&
      !dash
    )
      break;
    at = skipBlanks(text, at + 1);
  }
  return at;
}
