/**
 * Names inside of words: in a script without blanks, what happened and to which user are one row of letters. Rows that
 * differ only in a short stretch, and are many, have a hole there.
 */
import { isUnspaced } from './scripts.ts';
import { hole } from './tokens.ts';

/** Rows of letters that are compared, and their lengths. */
const mostWords = 256;
const longestWord = 32;
/** Letters of a name, and of what is around it. */
const longestName = 6;
const leastAround = 2;
/** Different names that make a hole: within a row, and at its end, where the outcome mostly stands. */
const manyInside = 8;
const manyAtEnd = 16;

/** The rows of letters that have a hole, with the text they have in common: `用户<*>登录成功`. */
export function affixesOf(words: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (words.length < manyInside) return found;
  const rows = words.filter(isRow).slice(0, mostWords);
  if (rows.length < manyInside) return found;
  const byPattern = new Map<string, string[]>();
  for (const row of rows) {
    for (const pattern of patternsOf(row)) {
      const same = byPattern.get(pattern);
      if (same === undefined) byPattern.set(pattern, [row]);
      else same.push(row);
    }
  }
  const many = [...byPattern].filter(([pattern, { length }]) => length >= leastOf(pattern));
  many.sort(([x], [y]) => y.length - x.length || (x < y ? -1 : 1));
  for (const [pattern, all] of many) {
    const left = all.filter((row) => !found.has(row));
    if (left.length >= leastOf(pattern)) for (const row of left) found.set(row, pattern);
  }
  return found;
}

/** Whether a word is what a text with a hole stands for; the hole alone stands for any. */
export function admitsWord(pattern: string, word: string): boolean {
  if (pattern === hole) return true;
  const at = pattern.indexOf(hole);
  const behind = pattern.length - at - hole.length;
  if (at < 0 || word.length <= at + behind) return false;
  return word.startsWith(pattern.slice(0, at)) && word.endsWith(pattern.slice(at + hole.length));
}

function isRow(word: string): boolean {
  return word.length > leastAround && word.length <= longestWord && isUnspaced(word) && !word.includes(hole);
}

function leastOf(pattern: string): number {
  return pattern.endsWith(hole) ? manyAtEnd : manyInside;
}

function* patternsOf(row: string): Generator<string> {
  for (let start = 0; start < row.length; start++) {
    for (let end = start + 1; end <= row.length && end - start <= longestName; end++) {
      if (row.length - (end - start) >= leastAround) yield row.slice(0, start) + hole + row.slice(end);
    }
  }
}
