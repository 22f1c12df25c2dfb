/**
 * Reads lexemes into tokens: text without blanks and delimiters. A common word or number costs its characters and
 * nothing else; one with signs in it is asked about by the rules.
 */
import {
  barCode,
  colonCode,
  dotCode,
  equalsCode,
  exclamationCode,
  isDigit,
  isLetter,
  questionCode,
  semicolonCode,
  slashCode,
  spaceCode,
} from '../text.ts';
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
  wideKind,
} from './lexemes.ts';
import { type WideKind, wideKindOf } from './scripts.ts';
import { hashA, hashB, isJoint, kinds, maxTokens, seeds, stepA, stepB, type Tokens } from './tokens.ts';
import { calendar, constants, methods } from './words.ts';

/** A longer lexeme without blanks is no word. */
const maxLexeme = 256;
const longestListed = 9;

/** First hashes of the words that are values though they look like none. */
const listed = new Set([...constants, ...calendar].map((word) => hashA(word)));
const requests = new Set([...methods].map((word) => hashA(word)));

/** Where a line is being read, and the tokens it is read into. */
export class LexemeReader {
  readonly tokens: Tokens;
  /** Words that are no values whatever they look like. */
  readonly pinned: ReadonlySet<string>;
  line = '';
  /** The flag of a blank if one stands before what comes next. */
  blank = 0;

  constructor(tokens: Tokens, pinned: ReadonlySet<string>) {
    this.tokens = tokens;
    this.pinned = pinned;
  }

  /** Begins a line. */
  start(line: string): void {
    this.line = line;
    this.blank = 0;
  }

  /** Reads up to the next blank or sign. */
  // hot: called for every token.
  read(start: number): number {
    const { line } = this;
    const { length } = line;
    let flags = 0;
    let a: number = seeds.a;
    let b: number = seeds.b;
    let end = start;
    for (; end < length; end++) {
      const code = line.charCodeAt(end);
      if (code <= spaceCode) break;
      const kind = code < 128 ? charKinds[code]! : wideKind(code);
      if (kind === chars.delimiter) break;
      flags |= kind;
      a = stepA(a, code);
      b = stepB(b, code);
    }
    if (line.charCodeAt(start - 1) === equalsCode && this.#isAssigned(start, end, flags)) {
      this.value(kinds.soft, start, end);
      return end;
    }
    if (flags & unusual) return this.#unusual(start, end, flags);
    if (this.#isPlain(start, end, flags, a)) this.#push(kinds.word, start, end, a, b);
    else this.#byRules(start, end, 'any', flags);
    return end;
  }

  /**
   * Whether what stands behind `=` is a value though it begins like a word: with a digit, with parts between colons, or
   * as an element of an array, `a0=ff`.
   */
  #isAssigned(start: number, end: number, flags: number): boolean {
    const { line } = this;
    if (!isLetter(line.charCodeAt(start)) || endsInSign(line, end) || line.charCodeAt(end) === equalsCode) return false;
    if ((flags & (chars.digit | chars.colon)) === 0 && !isDigit(line.charCodeAt(start - 2))) return false;
    const lexeme = line.slice(start, end);
    if (this.pinned.has(lexeme)) return false;
    if (flags & chars.digit || isDigit(line.charCodeAt(start - 2))) return true;
    const colon = lexeme.indexOf(':');
    return lexeme.indexOf(':', colon + 2) > 0;
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
    if (flags & chars.unspaced) return this.#unspaced(start, end);
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
    if (end - start > maxLexeme || (isNumber && this.pinned.size === 0)) this.value(0, start, end);
    else {
      const isLead = tokens.length === 0 && line.charCodeAt(end - 1) === colonCode;
      const follower = isLead ? 'colon' : line.charCodeAt(end) === equalsCode ? 'equals' : 'any';
      if (flags & chars.dot) this.#dotted(start, end, follower);
      else this.#trimmed(start, end, follower);
    }
    return end;
  }

  /**
   * Reads a lexeme in a script without blanks: letters, numbers, signs and what is of other scripts. Returns where it
   * ends, or what there is no room for begins.
   */
  #unspaced(start: number, end: number): number {
    const { line, tokens } = this;
    let at = start;
    while (at < end && tokens.length < maxTokens) {
      const from = at;
      const kind = runKind(line.charCodeAt(at++));
      if (kind === 'sign') this.word(from, at);
      else if (kind === 'blank') this.blank = kinds.blank;
      else {
        while (at < end && runKind(line.charCodeAt(at)) === kind) at++;
        if (kind === 'unspaced') this.word(from, at);
        else if (kind === 'digit') this.value(0, from, at);
        else this.#trimmed(from, at, at === end && line.charCodeAt(end) === equalsCode ? 'equals' : 'any');
      }
    }
    return at;
  }

  /** Where a path or address with a query in it ends. */
  #runOn(at: number): number {
    for (; at < this.line.length; at++) {
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
    this.word(dots, dots + 3);
    this.#trimmed(after, end, follower);
  }

  /** Reads a lexeme without the signs around it, which are tokens of their own. */
  #trimmed(start: number, end: number, follower: Follower): void {
    const { line } = this;
    let last = end;
    while (last > start && endsInSign(line, last)) last--;
    if (line.charCodeAt(start) === colonCode && end > start + 1) {
      const address = isHexGroups(line.slice(start, last)) ? last : isHexGroups(line.slice(start, end)) ? end : start;
      if (address > start) {
        this.value(0, start, address);
        if (address < end) this.word(address, end);
        return;
      }
      this.word(start, start + 1);
      start++;
      last = Math.max(last, start);
    }
    if (last > start) this.#bare(start, last, follower);
    if (last < end) this.word(last, end);
  }

  /** Reads a lexeme without signs around it; most are mere words. */
  #bare(start: number, end: number, follower: Follower): void {
    const { line } = this;
    const flags = kindsIn(line, start, end);
    if ((flags & unusual) === 0) {
      const a = hashA(line, start, end);
      if (this.#isPlain(start, end, flags, a)) return this.#push(kinds.word, start, end, a, hashB(line, start, end));
    }
    this.#byRules(start, end, follower, flags);
  }

  /** Reads a lexeme by the rules. */
  // hot: called for every lexeme with a digit or sign.
  #byRules(start: number, end: number, follower: Follower, flags: number): void {
    const { line, tokens } = this;
    const lexeme = line.slice(start, end);
    if (this.pinned.size > 0 && this.pinned.has(lexeme)) return this.word(start, end);
    if (lexeme === '/' && this.#isRoot(start)) return this.value(0, start, end);
    switch (meaningOf(lexeme, follower, flags)) {
      case 'word':
        return this.word(start, end);
      case 'value':
        return this.value(0, start, end);
      case 'soft':
        return this.value(kinds.soft, start, end);
      case 'stem':
        tokens.stem(line, { kind: this.blank, start, cut: start + stemEnd(lexeme), end });
        this.blank = 0;
        return;
      case 'pair': {
        if (tokens.length >= maxTokens) return this.value(0, start, end);
        const colon = line.indexOf(':', start);
        this.#byRules(start, colon, 'colon', kindsIn(line, start, colon));
        this.sign(colon, colonCode);
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

  word(start: number, end: number): void {
    const { line } = this;
    const flags = kindsIn(line, start, end);
    if (end === start + 1 && (flags & (chars.lower | chars.upper)) === 0) this.sign(start, line.charCodeAt(start));
    else {
      const kind = flags & (chars.lower | chars.upper) ? kinds.word : 0;
      this.#push(kind, start, end, hashA(line, start, end), hashB(line, start, end));
    }
  }

  sign(at: number, code: number): void {
    this.#push(isJoint(code) ? kinds.joint : 0, at, at + 1, stepA(seeds.a, code), stepB(seeds.b, code));
  }

  value(kind: number, start: number, end: number): void {
    this.tokens.value(kind | this.blank, start, end);
    this.blank = 0;
  }

  // hot: called for every token.
  #push(kind: number, start: number, end: number, a: number, b: number): void {
    this.tokens.literal(kind | this.blank, start, end, a, b);
    this.blank = 0;
  }
}

function endsInSign(line: string, end: number): boolean {
  const code = line.charCodeAt(end - 1);
  return code === dotCode || code === colonCode || code === exclamationCode || code === questionCode;
}

/** What a character is beside those of a script without blanks. */
function runKind(code: number): WideKind {
  return code < 128 ? 'letter' : wideKindOf(code);
}
