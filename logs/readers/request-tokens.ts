/**
 * The words of an access line by their kind: what stands in quotes, brackets or parentheses is one, signs that only
 * separate are one, numbers, durations and addresses are told by their shape.
 */
import {
  closeBracketCode,
  closeParenCode,
  closingQuote,
  isDigit,
  openBracketCode,
  openParenCode,
  quoteCode,
  spaceCode,
} from '../text.ts';

/** A word of an access line. */
export interface Token {
  readonly kind: 'number' | 'duration' | 'address' | 'sign' | 'word' | 'group' | 'quoted' | 'other';
  /** The word without the signs around it. */
  readonly text: string;
  /** The address without its port, or the one in a group; else ''. */
  readonly address: string;
}

/**
 * The words between two positions, a bounded number of them.
 *
 * @example
 * tokensOf('| 500 | 12.3ms |', 0, 16).map(({ kind }) => kind) // => ['sign', 'number', 'sign', 'duration', 'sign']
 */
export function tokensOf(text: string, start: number, end: number): readonly Token[] {
  const found: Token[] = [];
  for (let at = start; at < end && found.length < maxTokens; ) {
    const code = text.charCodeAt(at);
    if (code <= spaceCode) {
      at++;
      continue;
    }
    const close = closing(text, at, code);
    if (close >= 0 && close < end) {
      const inner = text.slice(at + 1, close);
      const kind = code === quoteCode ? 'quoted' : 'group';
      found.push({
        kind,
        text: inner,
        address: kind === 'group' ? addressOf(inner.slice(inner.lastIndexOf(' ') + 1)) : '',
      });
      at = close + 1;
      continue;
    }
    let stop = at;
    while (stop < end && text.charCodeAt(stop) > spaceCode && (stop === at || text.charCodeAt(stop) !== quoteCode))
      stop++;
    found.push(tokenOf(text.slice(at, stop)));
    at = stop;
  }
  return found;
}

function closing(text: string, at: number, code: number): number {
  if (code === quoteCode) return closingQuote(text, at + 1);
  if (code !== openBracketCode && code !== openParenCode) return -1;
  const sign = code === openBracketCode ? closeBracketCode : closeParenCode;
  const limit = Math.min(text.length, at + maxGroup);
  for (let i = at + 1; i < limit; i++) if (text.charCodeAt(i) === sign) return i;
  return -1;
}

function tokenOf(word: string): Token {
  let [start, end] = [0, word.length];
  while (start < end && isEdge(word, start)) start++;
  while (end > start && isEdge(word, end - 1)) end--;
  const text = word.slice(start, end);
  if (text === '') return { kind: 'sign', text: word, address: '' };
  const address = text.length <= maxAddress ? addressOf(text) : '';
  if (address !== '') return { kind: 'address', text, address };
  const kind = !isDigit(text.charCodeAt(0))
    ? wordPattern.test(text)
      ? 'word'
      : 'other'
    : numberPattern.test(text)
      ? 'number'
      : durationPattern.test(text)
        ? 'duration'
        : 'other';
  return { kind, text, address: '' };
}

/** An address, without the port behind it, or ''. */
function addressOf(text: string): string {
  const four = fourPattern.exec(text);
  if (four !== null) return four[1]!;
  const six = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text;
  const isSix = sixPattern.test(six) && (six.includes('::') || six.split(':').length === 8);
  return isSix ? six : '';
}

const isEdge = (word: string, at: number): boolean => edges.includes(word[at]!);

const edges = '|,;:-=>()[]"\'';
const wordPattern = /^[A-Za-z]{1,24}$/;
const numberPattern = /^\d{1,20}(?:\.\d{1,20})?$/;
const durationPattern = /^\d{1,20}(?:\.\d{1,20})?(?:ns|us|µs|ms|s)$/;
const fourPattern = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?::\d{1,5})?$/;
const sixPattern = /^[\da-fA-F:.]{2,45}$/;
const maxTokens = 64;
const maxGroup = 256;
const maxAddress = 64;
