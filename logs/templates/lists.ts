/**
 * Lists: single words or values with commas between, in brackets of any kind or behind a key. How many they are and
 * which is data; words that tell what happened make no list.
 */
import { closeBraceCode, closeBracketCode, colonCode, commaCode, equalsCode } from '../text.ts';
import { hashA, kinds, seeds, stepA, type Tokens } from './tokens.ts';
import { telling } from './words.ts';

const element = kinds.word | kinds.value;
const hashOf = (code: number): number => stepA(seeds.a, code);
const comma = hashOf(commaCode);
const colon = hashOf(colonCode);
const equals = hashOf(equalsCode);
const [openParen, openBracket, openBrace] = ['(', '[', '{'].map((sign) => hashA(sign)) as [number, number, number];
const [doubleQuote, singleQuote, backQuote] = ['"', "'", '`'].map((sign) => hashA(sign)) as [number, number, number];
const tellingHashes = new Set([...telling].map((word) => hashA(word)));

/** Whether the last token may close a list: a quote or a comma stands there. */
// hot: called for every bracket.
export function mayEndList({ a, length }: Tokens): boolean {
  return length > 3 && (a[length - 3] === comma || isQuote(a[length - 2]!));
}

function isQuote(hash: number): boolean {
  return hash === doubleQuote || hash === singleQuote || hash === backQuote;
}

/**
 * Where the first element stands if the tokens are a list that the sign `closer` would end, else -1. One element alone
 * is a list where it is quoted in square brackets.
 */
export function listStart(tokens: Tokens, closer: number): number {
  const { a, kind } = tokens;
  const opener = closer === closeBracketCode ? openBracket : closer === closeBraceCode ? openBrace : openParen;
  const isSquare = opener === openBracket;
  let items = 0;
  for (let last = tokens.length - 1; last > 0; ) {
    const isQuoted = isQuote(a[last]!);
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

/** Where `a,b,c` without blanks stands if the tokens end in it, behind a key and `:` or `=`, else -1. */
export function runStart(tokens: Tokens): number {
  const { a, kind } = tokens;
  for (let last = tokens.length - 1; last > 0; last -= 2) {
    if ((kind[last]! & element) === 0 || tellingHashes.has(a[last]!)) return -1;
    const before = a[last - 1]!;
    if (before === colon || before === equals) return last < tokens.length - 1 ? last : -1;
    if (before !== comma || (kind[last]! | kind[last - 1]!) & kinds.blank) return -1;
  }
  return -1;
}
