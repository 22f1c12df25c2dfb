/**
 * Logfmt, `key=value key="quoted value"`, as Go programs and Heroku write it. There is no standard; a line counts
 * when it consists of two pairs or more and nothing else, or when one of its pairs is a level: then words without a
 * value are flags or, where no pair is the message, the message. Whole numbers, decimals and truth values become such.
 */
import { levelOf } from '../levels.ts';
import type { Value } from '../parsed-log.ts';
import {
  apostropheCode,
  closingQuote,
  equalsCode,
  integer,
  isDigit,
  minusCode,
  quoteCode,
  skipBlanks,
  spaceCode,
  zeroCode,
} from '../text.ts';

/**
 * The pairs of a line, or null when it is not logfmt.
 *
 * @example
 * readLogfmt('level=info msg="no stock" items=0') // => { level: 'info', msg: 'no stock', items: 0 }
 * readLogfmt('level=info no stock') // => { level: 'info', msg: 'no stock' }
 * readLogfmt('item=7 no stock') // => null
 */
export function readLogfmt(text: string): Record<string, Value> | null {
  const record: Record<string, Value> = {};
  let pairs = 0;
  let words: string[] | null = null;
  for (let at = skipBlanks(text, 0); at < text.length; at = skipSpace(text, at)) {
    const start = at;
    while (isKeyCode(text.charCodeAt(at))) at++;
    if (at === start || text.charCodeAt(at) !== equalsCode) {
      if (pairs === 0 || (words === null && !hasLevel(record))) return null;
      while (text.charCodeAt(at) > spaceCode) at++;
      words ??= [];
      words.push(text.slice(start, at));
      continue;
    }
    const key = text.slice(start, at++);
    // An object would take it for something else and lose it.
    if (key === '__proto__') return null;
    const end = valueEnd(text, at);
    if (end < 0) return null;
    record[key] =
      end > at && isQuoted(text, at, end) ? unescaped(text.slice(at + 1, end - 1)) : plainValue(text, at, end);
    at = end;
    pairs++;
  }
  if (words !== null) noteWords(record, words);
  return pairs >= 2 || words !== null ? record : null;
}

/** The end of the value at `at`, quotes included; -1 for a string that does not end, or goes on behind its quote. */
function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === quoteCode) {
    const end = closingQuote(text, at + 1) + 1;
    return end > 0 && !(text.charCodeAt(end) > spaceCode) ? end : -1;
  }
  if (first === apostropheCode) {
    const end = text.indexOf("'", at + 1) + 1;
    if (end > 0 && !(text.charCodeAt(end) > spaceCode)) return end;
  }
  while (text.charCodeAt(at) > spaceCode) at++;
  return at;
}

function isQuoted(text: string, start: number, end: number): boolean {
  const code = text.charCodeAt(start);
  return (code === quoteCode || code === apostropheCode) && end - start > 1 && text.charCodeAt(end - 1) === code;
}

/** Whether one of the pairs so far is a level. */
function hasLevel(record: Readonly<Record<string, Value>>): boolean {
  for (const key of levelKeys) {
    const value = record[key];
    if (typeof value === 'string' && levelOf(value) !== null) return true;
  }
  return false;
}

/** Words without a value: the message, or flags beside it. */
function noteWords(record: Record<string, Value>, words: readonly string[]): void {
  const { msg, message } = record;
  if (msg === undefined && message === undefined) record['msg'] = words.join(' ');
  else for (const word of words) if (word !== '__proto__') record[word] ??= true;
}

const levelKeys = ['level', 'lvl', 'severity', 'loglevel', 'log_level', 'Level'];

function isKeyCode(code: number): boolean {
  return code > spaceCode && code !== equalsCode && code !== quoteCode;
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= spaceCode) at++;
  return at;
}

// hot: called for every value of every pair.
function plainValue(line: string, start: number, end: number): Value {
  const first = line.charCodeAt(start);
  const isNumeric = end - start <= 15 && (isDigit(first) || first === minusCode);
  if (isNumeric && isWhole(line, start, end)) return integer(line, start, end);
  const text = line.slice(start, end);
  if (isNumeric) {
    const value = Number(text);
    if (String(value) === text) return value;
  }
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** Whether the text between two positions is a whole number as JavaScript writes it. */
function isWhole(line: string, start: number, end: number): boolean {
  if (line.charCodeAt(start) === zeroCode && end - start > 1) return false;
  for (let at = start; at < end; at++) if (!isDigit(line.charCodeAt(at))) return false;
  return true;
}

/** Escapes are those of JSON in practice; what is not valid stays as it was written. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
