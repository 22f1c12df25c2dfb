/**
 * What ClickHouse makes of a JSON value in a column, for the types that the project's tables use: times become ISO
 * strings in UTC, missing values their type's default, large integers decimal strings. Memory tables store rows
 * through it, so that they read like the real ones. Types it does not know keep their values as they are.
 */
import { cutText } from '../codecs/utf8.ts';
import { elementsOf, parametersOf, typeParts } from './column-type.ts';
import { namedCell } from './named-cell.ts';
import type { ColumnType } from './tables.ts';

/**
 * The value as a query returns it. Throws TypeError where ClickHouse refuses the row.
 *
 * @example
 * cell('DateTime64(3)', 1769676684967) // => '2026-01-29T08:51:24.967Z'
 * cell('Array(String)', undefined) // => []
 * cell('UInt64', '18446744073709551615') // => '18446744073709551615'
 */
export function cell(type: ColumnType, value: unknown): unknown {
  const { name, inner } = typeParts(type);
  if (name === 'Nullable') return value === null || value === undefined ? null : cell(inner, value);
  if (name === 'LowCardinality') return cell(inner, value);
  const missing = value === null || value === undefined;
  if (name === 'Array') return missing ? [] : array(value).map((item) => cell(inner, item));
  if (name === 'Map') return missing ? {} : map(inner, value);
  if (name === 'Tuple') return tuple(inner, value);
  if (name === 'JSON') return missing ? {} : object(value);
  if (name === 'String') return missing ? '' : text(value);
  if (name === 'Bool') return missing ? false : bool(value);
  if (/^U?Int\d+$/.test(name)) return missing ? 0 : integer(name, value);
  if (/^B?Float\d+$/.test(name)) return missing ? 0 : float(value);
  if (name === 'DateTime') return time(missing ? 0 : typeof value === 'number' ? value * 1_000 : value, 0);
  if (name === 'DateTime64') return time(missing ? 0 : value, Number.parseInt(inner, 10));
  const read = namedCell(name, inner);
  if (read === undefined) return missing ? '' : value;
  return read(value ?? undefined) ?? refuse(value, `a value of ${name}`);
}

function refuse(value: unknown, expected: string): never {
  throw new TypeError(`${cutText(JSON.stringify(value) ?? 'undefined', 80)} is not ${expected}`);
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(value, 'an array');
}

function object(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : refuse(value, 'an object');
}

function map(inner: string, value: unknown): object {
  const [keyType = '', valueType = ''] = parametersOf(inner);
  const entries = Object.entries(object(value));
  return Object.fromEntries(entries.map(([key, item]) => [cell(keyType, key), cell(valueType, item)]));
}

/** With names an object, whose fields may be missing and whose further ones are dropped; without names an array. */
function tuple(inner: string, value: unknown): unknown {
  const elements = elementsOf(inner);
  if (elements[0]?.name !== undefined) {
    const fields = object(value ?? {}) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(elements.map(({ name, type }) => [name!, cell(type, fields[name!])]));
  }
  const items = value === undefined || value === null ? elements.map(() => undefined) : array(value);
  if (items.length !== elements.length) refuse(value, `a tuple of ${elements.length}`);
  return elements.map(({ type }, i) => cell(type, items[i]));
}

function text(value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

function bool(value: unknown): boolean {
  return typeof value === 'boolean' || value === 0 || value === 1 ? Boolean(value) : refuse(value, 'true or false');
}

function integer(name: string, value: unknown): number | string {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) refuse(value, 'an integer');
  if (typeof value !== 'string' && !Number.isInteger(value)) refuse(value, 'an integer');
  const number = Number(value);
  if (number < 0 && name.startsWith('U')) refuse(value, 'unsigned');
  return Number.isSafeInteger(number) ? number : String(value);
}

function float(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : refuse(value, 'a number');
}

/** Numbers are ticks of the column's precision, so milliseconds where it is 3. */
function time(value: unknown, digits: number): string {
  if (typeof value === 'number' && !Number.isInteger(value)) refuse(value, 'a whole number of ticks');
  const ms =
    typeof value === 'number' ? (digits === 0 ? value : (value * 1_000) / 10 ** digits) : Date.parse(String(value));
  if (Number.isNaN(ms)) refuse(value, 'a time in ISO 8601');
  const iso = new Date(ms).toISOString();
  if (digits === 0) return iso.replace(/\.\d+Z$/, 'Z');
  return digits <= 3
    ? `${iso.slice(0, 20 + digits)}Z`
    : iso.replace(
        'Z',
        `${fraction(value)
          .slice(3, digits)
          .padEnd(digits - 3, '0')}Z`,
      );
}

/** The digits behind the second in an ISO time. */
function fraction(value: unknown): string {
  return /\.(\d+)/.exec(String(value))?.[1] ?? '';
}
