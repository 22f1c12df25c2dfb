/**
 * What is known of a header while it is read: the text, how far it is read, what it says so far. The readers of
 * levels, brackets and bare tokens change it.
 */
import type { Level } from '../levels.ts';
import { levelOf, levelOfField } from '../levels.ts';
import { atCode, digits, isDigit, isLower, isUpper, isWordCode } from '../text.ts';
import { monthNameEnd } from '../times/month-names.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { HeaderNotes } from './notes.ts';
import { numberBehind, type Shape } from './shapes.ts';
import { Separators } from './tokens.ts';

/** How sure it is that a piece belongs to the header: `message` says that it does not. */
export type Verdict = 'sure' | 'doubtful' | 'message';

/** The state of reading one header; one is used over and over. */
export class HeaderState {
  text = '';
  level: Level | null = null;
  /** The level as the line has it. */
  word = '';
  /** Where the time stands, -1 for none. */
  timeAt = -1;
  /** Pieces so far, and those among them that are doubtful since the last sure one. */
  pieces = 0;
  doubts = 0;
  /** Where the next piece begins: behind the separator, which `separators` describes. */
  next = 0;
  readonly notes = new HeaderNotes();
  readonly separators = new Separators();
  readonly scanner: TimestampScanner;

  constructor(scanner: TimestampScanner) {
    this.scanner = scanner;
  }

  /** Begins with another text. */
  begin(text: string): void {
    this.text = text;
    this.level = null;
    this.word = '';
    this.timeAt = -1;
    this.pieces = this.doubts = 0;
    this.notes.clear();
  }

  /** Reads the separator that begins at `end`. */
  goOn(end: number): void {
    this.next = this.separators.read(this.text, end);
  }

  /** Whether a piece before this one is sure. */
  isHeaded(): boolean {
    return this.pieces > this.doubts;
  }

  /** A level counts unless a sure piece has named one. */
  noteLevel(level: Level | null, word: string): void {
    if (level === null || (this.level !== null && this.doubts === 0 && this.word.length > 1)) return;
    this.level = level;
    this.word = word;
  }

  /** Takes the level that a pair has named. */
  notePairs(): void {
    const { level } = this.notes;
    if (level !== '') this.noteLevel(levelOfField(level), level);
  }

  /** Whether a time stands here; a second one is the program's own and wins over the first, unless it has no date. */
  isTime(at: number): boolean {
    const { text, scanner } = this;
    const code = text.charCodeAt(at);
    if (!isDigit(code) && (this.timeAt >= 0 || !(isUpper(code) || this.#opensDate(at, code)))) return false;
    // glog writes the level's letter and the date as one word, with the year or without.
    if (!isDigit(code) && digits(text, at + 1, 4) > 0 && plainLetters.includes(text.charAt(at))) {
      const start = digits(text, at + 1, 6) > 0 ? at + 1 : at;
      if (scanner.scan(text, start)) this.noteLevel(levelOf(text.charAt(at)), text.charAt(at));
      at = start;
    }
    if (!scanner.scan(text, at) || isWordCode(text.charCodeAt(scanner.end))) return false;
    if (this.timeAt < 0) this.timeAt = at;
    else if (scanner.epoch) return false;
    else if (scanner.dated) {
      this.timeAt = at;
      this.level = null;
    }
    return true;
  }

  /** Whether a line begins with a date in small letters, `janv. 29`, or with a label of TAI64. */
  #opensDate(at: number, code: number): boolean {
    return this.pieces === 0 && (code === atCode || (isLower(code) && monthNameEnd(this.text, at) > at));
  }

  /** Notes a token as what its shape says. */
  noteShape(shape: Shape, token: string): void {
    const notes = this.notes;
    switch (shape) {
      case 'number':
        return notes.number(token);
      case 'hex':
        return notes.add('process.thread.id', token);
      case 'id':
        return notes.add('http.request.id', token);
      case 'address':
        return notes.address(token);
      case 'pair':
        notes.pair(token);
        return this.notePairs();
      case 'dotted':
        return notes.logger(token);
      case 'name':
        return notes.name(token, false);
      case 'place': {
        const at = numberBehind(token, 0, token.length);
        return notes.place(token.slice(0, at - 1), token.slice(at));
      }
    }
  }
}

/** The letters of glog's levels. */
export const plainLetters = 'DIWEF';
