/**
 * Values that a column can't hold and that ClickHouse changes without a word: 300 becomes 44 in a UInt8, 1e19 wraps in
 * an Int64, null and NaN become 0, a time outside the range of its type becomes the nearest that it holds, a day that
 * does not exist another one. Null in an Enum even makes the table unreadable. What ClickHouse refuses by itself is not
 * looked for here. Rounding to the digits of a column changes no value.
 *
 * Ranges: https://clickhouse.com/docs/sql-reference/data-types
 */
import { cutText } from '../codecs/utf8.ts';
import { elementsOf, parametersOf, typeParts } from './column-type.ts';
import type { ColumnType } from './tables.ts';
import { isNoDay, isNoTime } from './written-time.ts';

/** What is wrong with a value, such as `300 is not from 0 to 255`; undefined where the column holds it. */
export type Misfit = (value: unknown) => string | undefined;

/** The first misfit of a row, by column, such as `n: 300 is not from 0 to 255`. */
export type RowMisfit = (row: Readonly<Record<string, unknown>>) => string | undefined;

/**
 * Makes the check of the columns of a table.
 *
 * @example
 * const misfit = rowMisfit({ n: { type: 'UInt8' }, at: { type: 'DateTime' } });
 * misfit({ n: 300 }) // => 'n: 300 is not from 0 to 255'
 * misfit({ n: 44, at: '2026-01-29T08:51:24Z' }) // => undefined
 */
export function rowMisfit(columns: { readonly [name: string]: { readonly type: ColumnType } }): RowMisfit {
  const checks = Object.entries(columns).map(([name, { type }]) => [name, misfitOf(type)] as const);
  return (row) => {
    for (const [name, check] of checks) {
      const wrong = check(row[name]);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    }
    return undefined;
  };
}

/**
 * Makes the check of a column type. A type that is not known holds everything but null, NaN and infinity. Null is held
 * where the type or its default gives it a meaning, undefined where it is left out of JSON.
 *
 * @example
 * misfitOf('Array(Int8)')([1, -129]) // => '-129 is not from -128 to 127'
 * misfitOf('Float64')(Number.NaN) // => 'NaN is not finite'
 * misfitOf('Bool')(null) // => 'null is no Bool'
 */
export function misfitOf(type: ColumnType): Misfit {
  const { name, inner, rest } = typeParts(type);
  const check = checkOf(name, inner);
  if (nullable.has(name) || /\bDEFAULT\b/i.test(rest)) return (value) => (value === null ? undefined : check(value));
  // What is inside these two says whether they hold null.
  if (name === 'LowCardinality' || name === 'SimpleAggregateFunction') return check;
  return (value) => (value === null ? `null is no ${name}` : check(value));
}

/** Types with a null of their own; JSON reads it as an object without fields. */
const nullable = new Set(['Nullable', 'Variant', 'Dynamic', 'JSON']);

function checkOf(name: string, inner: string): Misfit {
  const integer = /^(U?)Int(\d+)$/.exec(name);
  if (integer !== null) return integerMisfit(integer[1] === 'U', Number(integer[2]));
  switch (name) {
    case 'Nullable':
    case 'LowCardinality':
      return misfitOf(inner);
    case 'SimpleAggregateFunction':
      return misfitOf(parametersOf(inner)[1] ?? '');
    case 'Array':
      return eachMisfit(misfitOf(inner));
    case 'Map':
      return mapMisfit(inner);
    case 'Tuple':
      return tupleMisfit(inner);
    case 'JSON':
      return collectionMisfit;
    case 'BFloat16':
      return (value) => floatMisfit(value, greatestBFloat16);
    case 'Float32':
      return (value) => floatMisfit(value, greatestFloat32);
    case 'Float64':
      return (value) => floatMisfit(value, Number.MAX_VALUE);
    case 'DateTime':
      return timeMisfit('1970-01-01T00:00:00Z', '2106-02-07T06:28:15Z', 1_000);
    case 'DateTime64':
      return timeMisfit('1900-01-01T00:00:00Z', '2299-12-31T23:59:59.999Z', 1_000 / 10 ** Number.parseInt(inner, 10));
    case 'Date':
      return dayMisfit('1970-01-01', '2149-06-06');
    case 'Date32':
      return dayMisfit('1900-01-01', '2299-12-31');
    case 'Time':
      return clockMisfit(1);
    case 'Time64':
      return clockMisfit(10 ** Number.parseInt(inner, 10));
    default:
      return notFinite;
  }
}

const day = 86_400_000;
const greatestFloat32 = (2 - 2 ** -23) * 2 ** 127;
const greatestBFloat16 = (2 - 2 ** -7) * 2 ** 127;

/** JSON has no word for them; it writes null. */
const notFinite: Misfit = (value) =>
  typeof value === 'number' && !Number.isFinite(value) ? `${value} is not finite` : undefined;

/** An undefined item is null in JSON. */
const eachMisfit =
  (misfit: Misfit): Misfit =>
  (value) => {
    if (!Array.isArray(value)) return undefined;
    for (const item of value) {
      const wrong = misfit(item === undefined ? null : item);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

/** JSON knows neither; it writes an empty object, and what they hold would be gone. */
const collectionMisfit: Misfit = (value) =>
  value instanceof Map || value instanceof Set
    ? `a ${value.constructor.name} is an empty object in JSON; give a plain object`
    : undefined;

function mapMisfit(inner: string): Misfit {
  const [keys, values] = parametersOf(inner).map(misfitOf);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    for (const [key, item] of Object.entries(value)) {
      const wrong = keys?.(key) ?? values?.(item);
      if (wrong !== undefined) return wrong;
    }
    return collectionMisfit(value);
  };
}

function tupleMisfit(inner: string): Misfit {
  const elements = elementsOf(inner).map(({ name, type }) => ({ name, misfit: misfitOf(type) }));
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [i, { name, misfit }] of elements.entries()) {
      const wrong = misfit(itemAt(value, i, name));
      if (wrong !== undefined) return wrong;
    }
    return collectionMisfit(value);
  };
}

/** Undefined where JSON leaves it out. */
function itemAt(tuple: object, i: number, name: string | undefined): unknown {
  if (!Array.isArray(tuple)) return name === undefined ? undefined : Reflect.get(tuple, name);
  return i < tuple.length && tuple[i] === undefined ? null : tuple[i];
}

function integerMisfit(isUnsigned: boolean, bits: number): Misfit {
  const [least, most] = isUnsigned
    ? ([0n, 2n ** BigInt(bits) - 1n] as const)
    : ([-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] as const);
  const [lower, upper] = [Number(least), Number(most)];
  return (value) => {
    if (typeof value === 'number') {
      // The greatest of a wide type is no double; the next double above it is one too many.
      const holds = value >= lower && (bits <= 53 ? value <= upper : value < upper);
      return holds ? undefined : (notFinite(value) ?? `${value} is not from ${least} to ${most}`);
    }
    if (value === '') return 'empty text is no number';
    if (typeof value !== 'string' || !/^[-+]?\d+$/.test(value)) return undefined;
    const exact = BigInt(value);
    return exact >= least && exact <= most ? undefined : `${cutText(value, 80)} is not from ${least} to ${most}`;
  };
}

function floatMisfit(value: unknown, greatest: number): string | undefined {
  if (typeof value === 'string' && /^[-+]?(?:nan|inf|infinity)$/i.test(value)) return undefined;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Math.abs(number) <= greatest) return undefined;
  if (Number.isNaN(number)) return typeof value === 'number' ? 'NaN is not finite' : undefined;
  return typeof value === 'number' && !Number.isFinite(value)
    ? `${value} is not finite`
    : `${String(value)} is greater than ${greatest}`;
}

/** Numbers are ticks of `tick` ms. What is no time in ISO 8601 is left to the server. */
function timeMisfit(earliest: string, latest: string, tick: number): Misfit {
  const [from, to] = [Date.parse(earliest), Date.parse(latest)];
  return (value) => {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && isNoTime(value)) return `${cutText(value, 80)} is no time`;
    const isDate = value instanceof Date;
    const ms = typeof value === 'number' ? value * tick : isDate ? value.getTime() : Date.parse(String(value));
    if (Number.isNaN(ms)) return isDate || typeof value === 'number' ? `${String(value)} is no time` : undefined;
    if (ms >= from && ms < to + Math.max(1, tick)) return undefined;
    const said = isDate ? value.toISOString() : cutText(String(value), 80);
    return `${said} is not from ${earliest} to ${latest}`;
  };
}

/** The longest time of day: 999:59:59. */
const longestClock = 3_599_999;

/** Numbers are ticks, so many a second. What is no time of day at all is left to the server. */
function clockMisfit(ticks: number): Misfit {
  return (value) => {
    if (typeof value === 'number') {
      const holds = Math.abs(value) < (longestClock + 1) * ticks;
      return holds ? undefined : (notFinite(value) ?? `${value} is not from -999:59:59 to 999:59:59`);
    }
    if (typeof value !== 'string') return undefined;
    const [second, minute] = value.split(':').reverse();
    const isOver =
      Number.parseInt(minute ?? '0', 10) > 59 || (minute !== undefined && Number.parseInt(second!, 10) > 59);
    return isOver ? `${cutText(value, 80)} is no time of day` : undefined;
  };
}

/** Numbers are days since 1970. A Date is refused: its JSON has a time of day, which the column does not read. */
function dayMisfit(earliest: string, latest: string): Misfit {
  const misfit = timeMisfit(earliest, latest, day);
  return (value) => {
    const text = value instanceof Date ? JSON.stringify(value) : value;
    return typeof text === 'string' && isNoDay(text) ? `${cutText(text, 80)} is no day` : misfit(value);
  };
}
