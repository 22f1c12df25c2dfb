/**
 * Whether words that were seen in one place of otherwise equal lines are values. Two lines that differ in a word may be
 * two events (`session opened`, `session closed`) or one with two values (`hello alice`, `hello bob`); what tells them
 * apart is how the words look, what stands around them, and how many there are. The rules stand in a table; the first
 * that has an opinion decides.
 */
import { isClause } from './scripts.ts';
import { hole } from './tokens.ts';
import { eventKeys, naming, telling, units } from './words.ts';

/** A place and what was seen there. */
export interface Place {
  /** The distinct words. */
  readonly words: readonly string[];
  /** Whether what was surely a value stood there, too. */
  readonly hasValue: boolean;
  /** Whether the place was found to be variable before; lines to come may have any word there. */
  readonly wasOpened: boolean;
  /** Tokens before and after, the nearest first; undefined beyond the ends. */
  readonly before: readonly [string | undefined, string | undefined];
  readonly after: readonly [string | undefined, string | undefined];
  /** The key whose value it is, if it stands behind one. */
  readonly key?: string | undefined;
  /** Words elsewhere in the line. */
  readonly otherWords: number;
  /** Whether no word stands before it. */
  readonly isFirst: boolean;
}

/** Distinct plain words that make a place variable. */
const manyWords = 5;
/** The same for words in capitals, which mostly are states and methods. */
const manyCapitals = 8;
/** The same for the first word of a line, which mostly names the event. */
const manyFirst = 16;

type Opinion = 'value' | 'constant' | undefined;

interface VariableRule {
  readonly name: string;
  readonly decide: (place: Place, seen: number, proven: Words) => Opinion;
}

/** Words that were found to be values in other places. */
interface Words {
  has(word: string): boolean;
}

const value = (yes: boolean): Opinion => (yes ? 'value' : undefined);
const constant = (yes: boolean): Opinion => (yes ? 'constant' : undefined);
const either = (yes: boolean): Opinion => (yes ? 'value' : 'constant');

const rules: readonly VariableRule[] = [
  { name: 'one word is no change', decide: (_, seen) => constant(seen < 2) },
  { name: 'what was found to be variable stays so', decide: ({ wasOpened }) => value(wasOpened) },
  { name: 'a key is constant', decide: (place) => constant(isKey(place)) },
  {
    name: 'what follows a name in code is its value',
    decide: ({ before: [sign, name], words }) =>
      value(isAssigning(sign) && name !== undefined && isCodeName(name) && !words.every(isListedTelling)),
  },
  {
    name: 'words that tell what happened are constant, but in a great many quotations',
    decide: (place) => constant(isTold(place.words) && !(isQuoted(place) && place.words.length >= manyFirst)),
  },
  { name: 'clauses of scripts without blanks are constant', decide: ({ words }) => constant(words.some(isClause)) },
  { name: 'places in a program are constant', decide: ({ words }) => constant(words.some(isPlaceInCode)) },
  {
    name: 'quoted words are values, but phrases and what a key names as the event',
    decide: (place) => value(isQuoted(place) && !place.words.some(isPhrase) && !eventKeys.has(place.key ?? '')),
  },
  {
    name: 'units change with their number',
    decide: ({ words, before: [left] }) => value(left === hole && words.every((word) => units.has(word.toLowerCase()))),
  },
  {
    name: 'several words that end in a number are values',
    decide: ({ words }, seen) => value(seen >= manyWords && words.every(isNumbered)),
  },
  {
    name: 'words that were values elsewhere are values',
    decide: (place, seen, proven) => value(areProven(place, seen, proven)),
  },
  {
    name: 'the first word names the event',
    decide: (place, seen) => (place.isFirst ? either(isValueFirst(place, seen)) : undefined),
  },
  { name: 'where a sure value stood, words are values', decide: ({ hasValue }) => value(hasValue) },
  { name: 'names in code are values', decide: ({ words }) => value(words.every(isIdentifier)) },
  {
    name: 'few words in capitals are states',
    decide: ({ words }, seen) => (words.every(isCapital) ? either(seen >= manyCapitals) : undefined),
  },
  {
    name: 'after for, from, user … comes a name',
    decide: ({ before: [left] }) => value(left !== undefined && naming.has(left)),
  },
  {
    name: 'many words are values',
    decide: ({ otherWords }, seen) => either(seen >= (otherWords < 2 ? 2 * manyWords : manyWords)),
  },
];

/** Whether a place is variable. */
export function isVariable(place: Place, proven: Words = new Set()): boolean {
  const seen = place.words.length + (place.hasValue ? 1 : 0);
  for (const { decide } of rules) {
    const opinion = decide(place, seen, proven);
    if (opinion !== undefined) return opinion === 'value';
  }
  return false;
}

/** Whether texts are so many, and so few of them tell what happened, that they are values. */
export function areMany(texts: ReadonlySet<string>): boolean {
  return texts.size >= manyFirst || (texts.size >= manyWords && !isTold([...texts]));
}

/**
 * Whether a word looks like a name in code: with signs inside, or camelCase; not all in capitals.
 *
 * @example
 * isIdentifier('order.created') // => true
 * isIdentifier('created') // => false
 */
export function isIdentifier(word: string): boolean {
  return !isCapital(word) && (/[_@$/\\]/.test(word) || /[^.]\.[^.]/.test(word) || /[a-z][A-Z]/.test(word));
}

/** Whether the words are followed by `=` or `:`, or are the quoted keys of an object. */
function isKey({ words, hasValue, isFirst, before: [left, opening], after: [next, second] }: Place): boolean {
  if (next === '=' || next === '==') return true;
  if (next === ':') return !(hasValue || words.every(isNumbered) || (isFirst && words.length >= manyFirst));
  return isQuote(next) && left === next && second === ':' && (opening === '{' || opening === ',');
}

function isValueFirst({ words, hasValue, otherWords }: Place, seen: number): boolean {
  if (otherWords < 2) return false;
  return (hasValue && (seen >= manyWords || words.every(isIdentifier))) || seen >= manyFirst;
}

/** Whether a word ends in a number: `sda<*>`. */
function isNumbered(word: string): boolean {
  return word.endsWith(hole);
}

function isPhrase(word: string): boolean {
  return word.includes(' ');
}

function isQuoted({ before: [left], after: [right] }: Place): boolean {
  return isQuote(left) && left === right;
}

/** Whether a quarter of the words or phrases or more tell what happened. */
function isTold(words: readonly string[]): boolean {
  return words.filter((word) => word.split(' ').some(isTelling)).length * 4 >= words.length;
}

function areProven({ words, otherWords, isFirst }: Place, seen: number, proven: Words): boolean {
  if (otherWords < 2 || (isFirst && seen < manyWords)) return false;
  return words.every((word) => proven.has(word)) && !words.every(isCapital);
}

function isPlaceInCode(word: string): boolean {
  return word.endsWith(`+${hole}`);
}

function isListedTelling(word: string): boolean {
  return telling.has(word.toLowerCase());
}

/** Whether a word tells what happened. */
export function isTelling(word: string): boolean {
  const small = word.toLowerCase();
  return telling.has(small) || (small.length > 4 && (small.endsWith('ed') || small.endsWith('ing')));
}

function isCapital(word: string): boolean {
  return /[A-Z]/.test(word) && !/[a-z]/.test(word);
}

function isCodeName(word: string): boolean {
  return /[a-z][A-Z]/.test(word) || /._/.test(word) || /[^.]\.[^.]/.test(word);
}

function isAssigning(token: string | undefined): boolean {
  return token === '=' || token === ':';
}

function isQuote(token: string | undefined): boolean {
  return token === '"' || token === "'" || token === '`';
}
