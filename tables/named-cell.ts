/**
 * What ClickHouse makes of the values of types whose text has a form of its own: identifiers, addresses, names of an
 * enum and times of day. An address comes back as it was written, not in its shortest form.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { enumValues } from './column-type.ts';

/** A value as a query returns it, the default of its type for undefined; undefined where the column refuses it. */
type Read = (value?: unknown) => unknown;

/**
 * How a column of this type is read; undefined for other types.
 *
 * @example
 * namedCell('UUID', '')?.('no identifier') // => undefined
 * namedCell('Enum8', "'a' = 1")?.(1) // => 'a'
 * namedCell('Time', '')?.('10:20') // => '00:10:20'
 */
export function namedCell(name: string, inner: string): Read | undefined {
  switch (name) {
    case 'UUID':
      return (value = nilUuid) => (typeof value === 'string' && uuidPattern.test(value) ? hyphened(value) : undefined);
    case 'IPv4':
      return (value = '0.0.0.0') => (typeof value === 'string' && isIPv4(value) ? value : undefined);
    case 'IPv6':
      return (value = '::') => (typeof value === 'string' && isAddress(value) ? value.toLowerCase() : undefined);
    case 'Enum':
    case 'Enum8':
    case 'Enum16':
      return enumCell(enumValues(inner));
    case 'Time':
      return (value = 0) => timeOfDay(value, 0);
    case 'Time64':
      return (value = 0) => timeOfDay(value, Number.parseInt(inner, 10));
    default:
      return undefined;
  }
}

const nilUuid = '00000000-0000-0000-0000-000000000000';
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$/i;

function hyphened(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return [0, 8, 12, 16, 20].map((start, i, starts) => digits.slice(start, starts[i + 1] ?? 32)).join('-');
}

/** A zone, as in fe80::1%eth0, is no part of an address in a table. */
const isAddress = (text: string): boolean => isIPv4(text) || (isIPv6(text) && !text.includes('%'));

function enumCell(values: ReadonlyMap<string, number>): Read {
  const names = new Map([...values].map(([name, number]) => [number, name]));
  const least = Math.min(...values.values());
  return (value = least) => {
    if (typeof value === 'number') return names.get(value);
    if (typeof value !== 'string') return undefined;
    return values.has(value) ? value : names.get(/^-?\d+$/.test(value) ? Number(value) : Number.NaN);
  };
}

/** Numbers are ticks of the column's precision; text lacks hours, or hours and minutes, but never seconds. */
function timeOfDay(value: unknown, digits: number): string | undefined {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return undefined;
    const ticks = Math.abs(value);
    const tick = 10 ** digits;
    return timeText(
      value < 0,
      Math.floor(ticks / tick),
      String(ticks % tick)
        .padStart(digits, '0')
        .slice(0, digits),
    );
  }
  const found = typeof value === 'string' ? timePattern.exec(value) : null;
  if (found === null || (found[5] !== undefined && digits === 0)) return undefined;
  const [hours, minutes, seconds] = [found[2], found[3], found[4]].map((part) => Number(part ?? 0));
  const whole = hours! * 3_600 + minutes! * 60 + seconds!;
  return timeText(found[1] === '-', whole, (found[5] ?? '').slice(0, digits).padEnd(digits, '0'));
}

const timePattern = /^(-?)(?:(?:(\d{1,3}):)?(\d\d):)?(\d\d)(?:\.(\d+))?$/;

function timeText(isNegative: boolean, seconds: number, fraction: string): string {
  const parts = [seconds / 3_600, (seconds / 60) % 60, seconds % 60];
  const text = parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  return `${isNegative ? '-' : ''}${text}${fraction === '' ? '' : `.${fraction}`}`;
}
