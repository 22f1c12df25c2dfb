/**
 * Reads a line into tokens in which everything that is surely a value is a hole. This is the hot path: a line is gone
 * through once, from left to right; a common word or number costs its characters and nothing else. Lines that differ
 * in values only get the same key.
 *
 * A line is read up to its first 2,048 characters, and up to the end of its first row that holds a word; the
 * rest counts as one value, because what follows there (stack traces, dumps) varies in length and depth.
 */
import { cutText } from '../../codecs/utf8.ts';
import {
  barCode,
  closeBraceCode,
  closeBracketCode,
  closeParenCode,
  commaCode,
  equalsCode,
  greaterCode,
  semicolonCode,
  spaceCode,
} from '../text.ts';
import { afterEscape, escapeCode, isEmptyAt } from './blanks.ts';
import { fold } from './fold.ts';
import { LexemeReader } from './lexeme-reader.ts';
import { charKinds, chars } from './lexemes.ts';
import { listStart, mayEndList, runStart } from './lists.ts';
import { Quotes } from './quotes.ts';
import { kinds, maxTokens, Tokens } from './tokens.ts';

const maxLength = 2048;
/** The signs that quotes.ts has something to say of. */
const mayEnclose = Uint8Array.from({ length: 128 }, (_, code) => +'([{<>"\'`'.includes(String.fromCharCode(code)));

/** The columns of all lexers: with its own, a lexer for each of many services would cost more than its lines. */
const columns = new Tokens();

/** Reads lines; what was read last, by any lexer, is in `tokens`. */
export class Lexer {
  readonly tokens = columns;
  /** The part of the line that was read. */
  line = '';
  readonly #lexemes: LexemeReader;
  readonly #quotes = new Quotes();
  /** Whether words with signs between, and no blank, are being read; and whether the line has a sign between words. */
  #isRun = false;
  #hasRow = false;

  /** `pinned`: words that are no values whatever they look like. */
  constructor(pinned: ReadonlySet<string> = new Set()) {
    this.#lexemes = new LexemeReader(columns, pinned);
  }

  /** Reads a line and returns its key, a whole number below 2^53. */
  read(whole: string): number {
    const line = part(whole);
    this.line = line;
    this.#lexemes.start(line);
    this.#quotes.start();
    this.#isRun = false;
    this.#hasRow = false;
    this.tokens.length = 0;
    const at = this.#tokens(line);
    // The row of words that a line ends in may have blanks: `online: ash, elm`.
    if (this.#hasRow) this.#collapse(runStart(this.tokens, true));
    if (at < line.length || line.length < whole.length) this.#rest(at);
    fold(this.tokens);
    return this.tokens.key();
  }

  /** Reads until the line ends or has too many tokens; returns where that is. */
  // hot: called for every line.
  #tokens(line: string): number {
    const { tokens } = this;
    const lexemes = this.#lexemes;
    let at = 0;
    while (at < line.length && tokens.length < maxTokens) {
      const code = line.charCodeAt(at);
      if (code <= spaceCode) {
        if (code === escapeCode) at = afterEscape(line, at);
        else {
          lexemes.blank = kinds.blank;
          this.#isRun = false;
          at++;
        }
      } else if (code < 128 && charKinds[code] === chars.delimiter) at = this.#delimiter(at, code);
      else {
        at = lexemes.read(at);
        if (this.#isRun && isEnd(line, at)) this.#collapse(runStart(tokens, false));
      }
    }
    return at;
  }

  /** What was not read is a value; it takes a cut word along. */
  #rest(at: number): void {
    const { tokens, line } = this;
    if (tokens.length > 0 && tokens.end[tokens.length - 1] === maxLength) tokens.length--;
    tokens.value(kinds.blank, Math.min(at, line.length), line.length);
  }

  /** Reads a sign that is a token of its own, and with it what it encloses if that tells what it is. */
  #delimiter(at: number, code: number): number {
    const { line, tokens } = this;
    const lexemes = this.#lexemes;
    const spaced = lexemes.blank !== 0;
    if (mayEnclose[code] === 0) {
      lexemes.sign(at, code);
      if (code === commaCode || code === semicolonCode || code === barCode) {
        this.#isRun = !spaced;
        this.#hasRow = true;
      }
      if (code === equalsCode) this.#assign(at + 1, spaced);
      else if (code === closeBracketCode || code === closeParenCode || code === closeBraceCode) this.#list(at, code);
      return at + 1;
    }
    const found = this.#quotes.at(line, at, spaced);
    switch (found.kind) {
      case 'comparison':
        return found.end;
      case 'value':
        lexemes.sign(at, code);
        tokens.value(0, at + 1, found.end);
        lexemes.sign(found.end, line.charCodeAt(found.end));
        return found.end + 1;
      case 'phrase':
        lexemes.sign(at, code);
        lexemes.word(at + 1, found.end);
        return found.end;
      case 'sign':
        lexemes.sign(at, code);
        if (code === greaterCode) this.#list(at, code);
        return at + 1;
    }
  }

  /** Behind `key=` stands a value also where nothing is written. */
  #assign(at: number, spaced: boolean): void {
    const { tokens, line } = this;
    if (spaced || tokens.length < 2 || (tokens.kind[tokens.length - 2]! & kinds.word) === 0) return;
    if (isEmptyAt(line, at)) tokens.value(kinds.soft, at, at);
  }

  /** Makes `[a, b, c]` a list with one value. */
  #list(at: number, code: number): void {
    const { tokens } = this;
    if (!mayEndList(tokens)) return;
    const last = --tokens.length;
    const blank = tokens.kind[last]! & kinds.blank;
    this.#collapse(listStart(tokens, code));
    this.#lexemes.blank = blank;
    this.#lexemes.sign(at, code);
  }

  /** Makes one value of the last tokens from `first` on. */
  #collapse(first: number): void {
    const { tokens } = this;
    if (first < 0) return;
    const start = tokens.start[first]!;
    const blank = tokens.kind[first]! & kinds.blank;
    const end = tokens.end[tokens.length - 1]!;
    tokens.length = first;
    tokens.value(blank | kinds.soft, start, end);
  }
}

/** What of a line is read. */
function part(whole: string): string {
  const line = cutText(whole, maxLength);
  let row = line.indexOf('\n');
  while (row >= 0 && !/[A-Za-z]/.test(line.slice(0, row))) row = line.indexOf('\n', row + 1);
  return row < 0 || row === line.length - 1 ? line : line.slice(0, row);
}

/** Whether nothing of a word or row of words follows, and what came is no key. */
function isEnd(line: string, at: number): boolean {
  const start = at;
  while (line.charCodeAt(at) <= spaceCode) at++;
  if (at >= line.length) return true;
  if (at > start) return line.charCodeAt(at) !== equalsCode;
  const code = line.charCodeAt(at);
  return code === closeParenCode || code === closeBracketCode || code === closeBraceCode;
}
