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
  colonCode,
  dotCode,
  equalsCode,
  exclamationCode,
  isDigit,
  questionCode,
  semicolonCode,
  slashCode,
  spaceCode,
} from '../text.ts';
import { fold } from './fold.ts';
import {
  charKinds,
  chars,
  type Follower,
  isHexGroups,
  kindsIn,
  meaningOf,
  numberLike,
  stemEnd,
  unusual,
} from './lexemes.ts';
import { isList, Quotes } from './quotes.ts';
import { hashA, hashB, isJoint, kinds, maxTokens, seeds, stepA, stepB, Tokens } from './tokens.ts';
import { calendar, constants, methods } from './words.ts';

const maxLength = 2048;
/** A longer lexeme without blanks is no word. */
const maxLexeme = 256;
const longestListed = 9;

/** First hashes of the words that are values though they look like none. */
const listed = new Set([...constants, ...calendar].map((word) => hashA(word)));
const requests = new Set([...methods].map((word) => hashA(word)));

/** The columns of all lexers: with its own, a lexer for each of many services would cost more than its lines. */
const columns = new Tokens();

/** Reads lines; what was read last, by any lexer, is in `tokens`. */
export class Lexer {
  readonly tokens = columns;
  /** The part of the line that was read. */
  line = '';
  /** Words that are no values whatever they look like. */
  readonly pinned: ReadonlySet<string>;
  readonly #quotes = new Quotes();
  #end = 0;
  #blank = 0;

  constructor(pinned: ReadonlySet<string> = new Set()) {
    this.pinned = pinned;
  }

  /** Reads a line and returns its key, a whole number below 2^53. */
  read(whole: string): number {
    const line = part(whole);
    const { tokens } = this;
    this.line = line;
    this.#end = line.length;
    this.#blank = 0;
    this.#quotes.start();
    tokens.length = 0;
    let at = 0;
    while (at < line.length && tokens.length < maxTokens) {
      const code = line.charCodeAt(at);
      if (code <= spaceCode) {
        this.#blank = kinds.blank;
        at++;
      } else if (code < 128 && charKinds[code] === chars.delimiter) at = this.#delimiter(at, code);
      else at = this.#lexeme(at);
    }
    if (at < line.length || line.length < whole.length) this.#rest(at);
    fold(tokens);
    return tokens.key();
  }

  /** What was not read is a value; it takes a cut word along. */
  #rest(at: number): void {
    const { tokens } = this;
    if (tokens.length > 0 && tokens.end[tokens.length - 1] === maxLength) tokens.length--;
    tokens.value(kinds.blank, Math.min(at, this.#end), this.#end);
  }

  /** Reads a sign that is a token of its own, and with it what it encloses if that tells what it is. */
  #delimiter(at: number, code: number): number {
    const { line, tokens } = this;
    const spaced = this.#blank !== 0;
    const found = this.#quotes.at(line, at, spaced);
    switch (found.kind) {
      case 'comparison':
        return found.end;
      case 'value':
        this.#sign(at, code);
        tokens.value(0, at + 1, found.end);
        this.#sign(found.end, line.charCodeAt(found.end));
        return found.end + 1;
      case 'phrase':
        this.#sign(at, code);
        this.#word(at + 1, found.end);
        return found.end;
      case 'sign':
        this.#sign(at, code);
        if (line[at] === ']') this.#list();
        return at + 1;
    }
  }

  /** Makes `[a, b, c]` a list with one value. */
  #list(): void {
    const { tokens } = this;
    const open = isList(tokens);
    if (open < 0) return;
    const last = tokens.length - 1;
    const end = tokens.end[last - 1]!;
    tokens.length = open + 1;
    tokens.value(0, tokens.end[open]!, end);
    this.#sign(tokens.end[last]! - 1, 93);
  }

  /** Reads up to the next blank or sign. */
  #lexeme(start: number): number {
    const { line } = this;
    let flags = 0;
    let a: number = seeds.a;
    let b: number = seeds.b;
    let end = start;
    for (; end < this.#end; end++) {
      const code = line.charCodeAt(end);
      if (code <= spaceCode) break;
      const kind = code < 128 ? charKinds[code]! : chars.lower | chars.beyondHex;
      if (kind === chars.delimiter) break;
      flags |= kind;
      a = stepA(a, code);
      b = stepB(b, code);
    }
    if (flags & unusual) return this.#unusual(start, end, flags);
    if (this.#isPlain(start, end, flags, a)) this.#push(kinds.word, start, end, a, b);
    else this.#byRules(start, end, 'any', flags);
    return end;
  }

  /** Whether letters are a mere word. */
  // hot: called for every token.
  #isPlain(start: number, end: number, flags: number, a: number): boolean {
    const length = end - start;
    if ((flags & (chars.lower | chars.upper)) === 0 || length > maxLexeme) return false;
    if (length <= longestListed && listed.has(a)) return false;
    return (flags & chars.beyondHex) !== 0 || length < 8;
  }

  /** Reads a lexeme with digits or signs in it; returns where it ends. */
  #unusual(start: number, end: number, flags: number): number {
    const { line, tokens } = this;
    const next = line.charCodeAt(end);
    if (
      next === equalsCode &&
      flags & chars.slash &&
      (line.charCodeAt(start) === slashCode || line.slice(start, end).includes('://'))
    ) {
      end = this.#runOn(end);
      flags = kindsIn(line, start, end);
    }
    const first = line.charCodeAt(start);
    const isNumber = isDigit(first) && (flags & ~numberLike) === 0 && !endsInSign(line, end);
    if (end - start > maxLexeme || (isNumber && this.pinned.size === 0)) this.#value(0, start, end);
    else {
      const isLead = tokens.length === 0 && line.charCodeAt(end - 1) === colonCode;
      this.#dotted(start, end, isLead ? 'colon' : line.charCodeAt(end) === equalsCode ? 'equals' : 'any');
    }
    return end;
  }

  /** Where a path or address with a query in it ends. */
  #runOn(at: number): number {
    for (; at < this.#end; at++) {
      const code = this.line.charCodeAt(at);
      if (code <= spaceCode) break;
      if (code === equalsCode || code === semicolonCode || code === barCode) continue;
      if (code < 128 && charKinds[code] === chars.delimiter) break;
    }
    return at;
  }

  /** Reads a lexeme with dots: a row of dots inside it leads from a name to its value. */
  #dotted(start: number, end: number, follower: Follower): void {
    const { line } = this;
    const at = line.slice(start, end).indexOf('...');
    const dots = start + at;
    let after = dots + 3;
    if (at > 0) while (after < end && line[after] === '.') after++;
    if (at <= 0 || after >= end) return this.#trimmed(start, end, follower);
    this.#trimmed(start, dots, 'equals');
    this.#word(dots, dots + 3);
    this.#trimmed(after, end, follower);
  }

  /** Reads a lexeme without the signs around it, which are tokens of their own. */
  #trimmed(start: number, end: number, follower: Follower): void {
    const { line } = this;
    if (line.charCodeAt(start) === colonCode && end > start + 1) {
      if (isHexGroups(line.slice(start, end))) return this.#value(0, start, end);
      this.#word(start, start + 1);
      start++;
    }
    let last = end;
    while (last > start && endsInSign(line, last)) last--;
    if (last > start) this.#byRules(start, last, follower, kindsIn(line, start, last));
    if (last < end) this.#word(last, end);
  }

  /** Reads a lexeme by the rules. */
  // hot: called for every lexeme with a digit or sign.
  #byRules(start: number, end: number, follower: Follower, flags: number): void {
    const { line, tokens } = this;
    const lexeme = line.slice(start, end);
    if (this.pinned.size > 0 && this.pinned.has(lexeme)) return this.#word(start, end);
    if (lexeme === '/' && this.#isRoot(start)) return this.#value(0, start, end);
    switch (meaningOf(lexeme, follower, flags)) {
      case 'word':
        return this.#word(start, end);
      case 'value':
        return this.#value(0, start, end);
      case 'soft':
        return this.#value(kinds.soft, start, end);
      case 'stem':
        tokens.stem(line, { kind: this.#blank, start, cut: start + stemEnd(lexeme), end });
        this.#blank = 0;
        return;
      case 'pair': {
        const colon = line.indexOf(':', start);
        this.#byRules(start, colon, 'colon', kindsIn(line, start, colon));
        this.#sign(colon, colonCode);
        this.#trimmed(colon + 1, end, follower);
      }
    }
  }

  /** Whether `/` is a path: behind a sign, or as what a request asks for. */
  #isRoot(at: number): boolean {
    const { line, tokens } = this;
    if (tokens.length === 0) return false;
    return line.charCodeAt(at - 1) > spaceCode || requests.has(tokens.a[tokens.length - 1]!);
  }

  #word(start: number, end: number): void {
    const { line } = this;
    const flags = kindsIn(line, start, end);
    if (end === start + 1 && (flags & (chars.lower | chars.upper)) === 0) this.#sign(start, line.charCodeAt(start));
    else {
      const kind = flags & (chars.lower | chars.upper) ? kinds.word : 0;
      this.#push(kind, start, end, hashA(line, start, end), hashB(line, start, end));
    }
  }

  #sign(at: number, code: number): void {
    this.#push(isJoint(code) ? kinds.joint : 0, at, at + 1, stepA(seeds.a, code), stepB(seeds.b, code));
  }

  #value(kind: number, start: number, end: number): void {
    this.tokens.value(kind | this.#blank, start, end);
    this.#blank = 0;
  }

  // hot: called for every token.
  #push(kind: number, start: number, end: number, a: number, b: number): void {
    this.tokens.literal(kind | this.#blank, start, end, a, b);
    this.#blank = 0;
  }
}

/** What of a line is read. */
function part(whole: string): string {
  const line = cutText(whole, maxLength);
  let row = line.indexOf('\n');
  while (row >= 0 && !/[A-Za-z]/.test(line.slice(0, row))) row = line.indexOf('\n', row + 1);
  return row < 0 || row === line.length - 1 ? line : line.slice(0, row);
}

function endsInSign(line: string, end: number): boolean {
  const code = line.charCodeAt(end - 1);
  return code === dotCode || code === colonCode || code === exclamationCode || code === questionCode;
}
