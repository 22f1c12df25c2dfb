import { type Level, levelOf, plainLevelOf } from '../levels.ts';
import { newLog, type ParsedLog } from '../parsed-log.ts';
import { CLOSE, isDigit, isLetter, isUpper, isWordCode, OPEN, QUOTE, skipBlanks, trimmedEnd } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/**
 * Reads a line that no format knows. A time and a level at its start (in brackets or not, parted by blanks, `-`, `|`
 * or `:`) are a header and leave the message; otherwise the whole line is the message, and a time or an unmistakable
 * level is looked for among its first words only, so that a long line costs no more than a short one.
 */
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
    if (this.timed) at = skipMarks(text, this.#scanner.end);
    const opening = skipOpening(text, at);
    const end = wordEnd(text, opening);
    if (end > opening && isHeaderEnd(text, end, this.timed)) {
      word = text.slice(opening, end);
      // Without a time, only `ERROR: …` and `[error] …` are headers; `Error: …` is how a message begins.
      const shouted = isUpper(text.charCodeAt(at)) && isUpper(text.charCodeAt(at + 1));
      if (this.timed || shouted || opening > at) level = this.timed ? levelOf(word) : plainLevelOf(word);
      if (word.length === 1 && opening === at) level = null;
      if (level !== null) at = skipMarks(text, end);
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
    const limit = Math.min(text.length, start + SNIFFED);
    let inside = false;
    for (let at = start; at < limit; at++) {
      const code = text.charCodeAt(at);
      const wordy = isWordCode(code);
      // Only dates that begin with a digit: names of months, clocks and long numbers are common in prose.
      if (isDigit(code) && !inside && this.#scanner.scan(text, at) && this.#scanner.dated && !this.#scanner.epoch)
        return true;
      inside = wordy || code === 46 || code === 45;
    }
    return false;
  }
}

/** A level in capitals, or in quotes or brackets, or before a colon, among the first words; or a well-known cry. */
function sniffLevel(text: string, start: number): [Level | null, string] {
  const limit = Math.min(text.length, start + SNIFFED);
  for (let at = start; at < limit; at++) {
    if (!isLetter(text.charCodeAt(at))) continue;
    const end = wordEnd(text, at);
    const marked = isMark(text.charCodeAt(at - 1)) && isMark(text.charCodeAt(end));
    const shouted = isUpper(text.charCodeAt(at)) && isUpper(text.charCodeAt(at + 1));
    if (end - at <= 11 && (marked || shouted || text.charCodeAt(end) === 58)) {
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
const SNIFFED = 160;

const isMark = (code: number): boolean =>
  code === OPEN || code === CLOSE || code === QUOTE || code === 60 || code === 62;

function wordEnd(text: string, at: number): number {
  const limit = at + SNIFFED;
  while (at < limit && isWordCode(text.charCodeAt(at))) at++;
  return at;
}

function skipOpening(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === OPEN || code === 60 || code === 40 ? skipBlanks(text, at + 1) : at;
}

/** A header's word ends with a closing mark or a colon, or with a blank when a time stands before it. */
function isHeaderEnd(text: string, end: number, timed: boolean): boolean {
  const code = text.charCodeAt(skipBlanks(text, end));
  if (code === CLOSE || code === 58 || code === 62 || code === 124) return true;
  return timed && end < text.length && !(text.charCodeAt(end) > 32);
}

/** Blanks and the marks that part a header from what follows. */
function skipMarks(text: string, at: number): number {
  at = skipBlanks(text, at);
  for (let i = 0; i < 3; i++) {
    const code = text.charCodeAt(at);
    const dash = code === 45 && text.charCodeAt(at + 1) === 32;
    if (code !== CLOSE && code !== 58 && code !== 124 && code !== 41 && code !== 62 && !dash) break;
    at = skipBlanks(text, at + 1);
  }
  return at;
}
