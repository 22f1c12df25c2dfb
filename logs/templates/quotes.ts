/**
 * Brackets, quotes and signs of comparison: what they enclose is sometimes known to be one thing, whatever it holds.
 */
import { colonCode, dotCode, isDigit, spaceCode } from '../text.ts';
import { charKinds, chars } from './lexemes.ts';

/** What begins at a delimiter. */
export type Enclosure =
  /** Nothing but the sign itself. */
  | { readonly kind: 'sign'; readonly end: number }
  /** A sign of comparison before a number, which is part of the number. */
  | { readonly kind: 'comparison'; readonly end: number }
  /** A value up to the closing sign at `end`. */
  | { readonly kind: 'value'; readonly end: number }
  /** A few words in quotes up to the closing one at `end`, which are one word. */
  | { readonly kind: 'phrase'; readonly end: number };

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '"': '"', "'": "'", '`': '`' };
const longestAgent = 400;
const longestQuote = 80;

const agent = /[A-Za-z][\w.-]*\/\d/y;
const phrase = /[A-Za-z_-]+(?: [A-Za-z_-]+){1,7}/y;

const sign: { kind: 'sign' | 'comparison' | 'value' | 'phrase'; end: number } = { kind: 'sign', end: 0 };

/** Looks at delimiters from left to right; inside of quotes, other quotes are plain. */
export class Quotes {
  #plainUntil = 0;

  /** Begins a line. */
  start(): void {
    this.#plainUntil = 0;
  }

  /** What begins at the delimiter at `at`; `spaced` tells whether a blank stands before it. The answer is reused. */
  at(line: string, at: number, spaced: boolean): Enclosure {
    const char = line[at]!;
    if (spaced && (char === '<' || char === '>')) {
      const number = line[at + 1] === '=' ? at + 2 : at + 1;
      if (isDigit(line.charCodeAt(number))) return answer('comparison', number);
    }
    const closer = closers[char];
    if (closer === undefined) return answer('sign', at);
    const before = at === 0 ? '' : line[at - 1]!;
    const isQuote = closer === char;
    let next = at + 1;
    if (!isQuote) while (line.charCodeAt(next) <= spaceCode) next++;
    if (line[next] === closer && (spaced || before === '=' || before === ':')) return answer('value', next);
    if (isQuote && at >= this.#plainUntil && (at === 0 || spaced || '=([:,{'.includes(before)))
      return this.#quote(line, at);
    return answer('sign', at);
  }

  #quote(line: string, at: number): Enclosure {
    const close = line.indexOf(line[at]!, at + 1);
    const length = close - at - 1;
    if (length <= 0) return answer('sign', at);
    if (line[at] === '"' && length < longestAgent) {
      agent.lastIndex = at + 1;
      if ((length === 1 && line[at + 1] === '-') || agent.test(line)) return answer('value', close);
    }
    if (length >= longestQuote || !endsThere(line, close + 1)) return answer('sign', at);
    phrase.lastIndex = at + 1;
    this.#plainUntil = close;
    return phrase.test(line) && phrase.lastIndex === close ? answer('phrase', close) : answer('sign', at);
  }
}

function answer(kind: Enclosure['kind'], end: number): Enclosure {
  sign.kind = kind;
  sign.end = end;
  return sign as Enclosure;
}

/** Whether a quotation can end before `at`: nothing of a word follows. */
function endsThere(line: string, at: number): boolean {
  if (at >= line.length) return true;
  const code = line.charCodeAt(at);
  return (
    code <= spaceCode || code === dotCode || code === colonCode || (code < 128 && charKinds[code] === chars.delimiter)
  );
}
