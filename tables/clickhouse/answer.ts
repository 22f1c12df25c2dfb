/**
 * Reads an answer in ClickHouse's format JSONCompactEachRowWithNamesAndTypes: a line of names, a line of types, then an
 * array per row. JSON.parse would round 64-bit integers above 2^53 in silence, and having the server quote them would
 * make every count() a string; so integers come unquoted, and where one is too large for a number a scan puts quotes
 * around it first. Integers inside a JSON column stay as JSON.parse reads them.
 */
import type { Row } from '../tables.ts';

/**
 * The rows of an answer. Integers are numbers where these are exact, otherwise decimal strings. Throws SyntaxError on
 * anything that is no such answer.
 *
 * @example
 * readAnswer('["a"]\n["UInt64"]\n[7]\n[18446744073709551615]\n') // => [{ a: 7 }, { a: '18446744073709551615' }]
 */
export function readAnswer(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const names = header(lines[0]);
  const wide = header(lines[1]).map((type) => /Int(64|128|256)/.test(type));
  const anyWide = wide.includes(true);
  return lines.slice(2).map((line) => {
    const values: unknown = JSON.parse(anyWide && /\d{16}/.test(line) ? quoteWide(line, wide) : line);
    if (!Array.isArray(values)) throw new SyntaxError('a row is not an array');
    // fromEntries defines own properties, so that a column named __proto__ is data like any other.
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  });
}

function header(line: string | undefined): readonly string[] {
  const names: unknown = JSON.parse(line ?? '');
  if (!Array.isArray(names)) throw new SyntaxError('the header is not an array');
  return names.map(String);
}

/** Puts quotes around the integers of wide columns that a number can't hold. */
function quoteWide(line: string, wide: readonly boolean[]): string {
  let out = '';
  let copied = 0;
  let depth = 0;
  let column = 0;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '"') i = endOfString(line, i);
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
    else if (c === ',' && depth === 1) column++;
    else if (c === '-' || (c >= '0' && c <= '9')) {
      const end = endOfNumber(line, i);
      const digits = line.slice(i, end);
      if (wide[column] === true && /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits))) {
        out += `${line.slice(copied, i)}"${digits}"`;
        copied = end;
      }
      i = end - 1;
    }
  }
  return out + line.slice(copied);
}

function endOfString(line: string, start: number): number {
  let i = start + 1;
  while (i < line.length && line[i] !== '"') i += line[i] === '\\' ? 2 : 1;
  return i;
}

function endOfNumber(line: string, start: number): number {
  let i = start + 1;
  while (i < line.length && '0123456789.eE+-'.includes(line[i]!)) i++;
  return i;
}
