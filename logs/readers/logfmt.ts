/**
 * Logfmt, `key=value key="quoted value"`, as Go programs and Heroku write it. There is no standard; a line counts
 * when it consists of two pairs or more and nothing else. Whole numbers, decimals and truth values become such.
 */
import type { Value } from '../parsed-log.ts';
import { closingQuote, equalsCode, isDigit, minusCode, quoteCode, skipBlanks, spaceCode } from '../text.ts';

/**
 * The pairs of a line, or null when it is not logfmt.
 *
 * @example
 * readLogfmt('level=info msg="no stock" items=0') // => { level: 'info', msg: 'no stock', items: 0 }
 * readLogfmt('level=info no stock') // => null
 */
export function readLogfmt(text: string): Record<string, Value> | null {
  const record: Record<string, Value> = {};
  let pairs = 0;
  for (let at = skipBlanks(text, 0); at < text.length; at = skipSpace(text, at)) {
    const start = at;
    while (isKeyCode(text.charCodeAt(at))) at++;
    if (at === start || text.charCodeAt(at) !== equalsCode) return null;
    const key = text.slice(start, at++);
    // An object would take it for something else and lose it.
    if (key === '__proto__') return null;
    if (text.charCodeAt(at) === quoteCode) {
      const end = closingQuote(text, at + 1);
      if (end < 0) return null;
      record[key] = unescaped(text.slice(at + 1, end));
      at = end + 1;
      if (text.charCodeAt(at) > spaceCode) return null;
    } else {
      const from = at;
      while (text.charCodeAt(at) > spaceCode) at++;
      record[key] = plainValue(text.slice(from, at));
    }
    pairs++;
  }
  return pairs >= 2 ? record : null;
}

function isKeyCode(code: number): boolean {
  return code > spaceCode && code !== equalsCode && code !== quoteCode;
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= spaceCode) at++;
  return at;
}

function plainValue(text: string): Value {
  const first = text.charCodeAt(0);
  if (text.length <= 15 && (isDigit(first) || first === minusCode)) {
    const value = Number(text);
    if (String(value) === text) return value;
  }
  return text === 'true' ? true : text === 'false' ? false : text;
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
