/**
 * Lists: single words or values with commas between, in brackets of any kind or behind a key. How many they are and
 * which is data; words that tell what happened make no list.
 */
import { closeBraceCode, closeBracketCode, closeParenCode, greaterCode } from '../text.ts';
import { hashA, kinds, type Tokens } from './tokens.ts';
import { telling } from './words.ts';

const element = kinds.word | kinds.value;
const signOf = (sign: string): number => hashA(sign);
const comma = signOf(',');
const openers: ReadonlyMap<number, number> = new Map([
  [closeParenCode, signOf('(')],
  [closeBracketCode, signOf('[')],
  [closeBraceCode, signOf('{')],
  [greaterCode, signOf('<')],
]);
const quotes = new Set(['"', "'", '`'].map(signOf));
const separators = new Set([',', ';', '|'].map(signOf));
const beginnings = new Set([':', '='].map(signOf));
const tellingHashes = new Set([...telling].map(signOf));

/** Whether the last token may close a list: a quote or a comma stands there. */
// hot: called for every bracket.
export function mayEndList({ a, length }: Tokens): boolean {
  return length > 3 && (a[length - 3] === comma || quotes.has(a[length - 2]!));
}

/**
 * Where the first element stands if the tokens are a list that the sign `closer` would end, else -1. One element alone
 * is a list where it is quoted in square brackets.
 */
export function listStart(tokens: Tokens, closer: number): number {
  const { a, kind } = tokens;
  const opener = openers.get(closer);
  const isSquare = closer === closeBracketCode;
  let items = 0;
  for (let last = tokens.length - 1; last > 0; ) {
    const isQuoted = quotes.has(a[last]!);
    if (isQuoted && (last < 3 || a[last - 2] !== a[last])) return -1;
    const word = isQuoted ? last - 1 : last;
    if ((kind[word]! & element) === 0 || (!(isSquare || isQuoted) && tellingHashes.has(a[word]!))) return -1;
    items++;
    const first = isQuoted ? last - 2 : last;
    if (a[first - 1] === opener) return items > 1 || (isSquare && isQuoted) ? first : -1;
    if (a[first - 1] !== comma) return -1;
    last = first - 2;
  }
  return -1;
}

/**
 * Where words with the same sign between, `a,b,c` or `a|b`, stand if the tokens end in them, behind a key and `:` or
 * `=`, else -1. Blanks stand between only if `isSpaced`.
 */
export function runStart({ a, kind, length }: Tokens, isSpaced: boolean): number {
  const separator = a[length - 2]!;
  if (!separators.has(separator)) return -1;
  for (let last = length - 1; last > 0; last -= 2) {
    if ((kind[last]! & element) === 0 || tellingHashes.has(a[last]!)) return -1;
    const before = a[last - 1]!;
    if (beginnings.has(before)) return last < length - 1 ? last : -1;
    const blanks = isSpaced ? kind[last - 1]! : kind[last]! | kind[last - 1]!;
    if (before !== separator || blanks & kinds.blank) return -1;
  }
  return -1;
}
