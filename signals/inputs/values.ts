/**
 * Values of decoded bodies, which may be of any type: each helper says what a value is, or that it is not that. Objects
 * are JSON's or those of protobuf.ts; nothing here descends, so that nesting is harmless.
 */
import { isAscii } from 'node:buffer';
import { Broken } from '../../codecs/protobuf.ts';
import type { Time } from '../../time/duration.ts';
import { instantOf } from '../../time/instant.ts';
import type { Intake } from './intake.ts';

/** An object of a body. */
export type Bag = Readonly<Record<string, unknown>>;

export const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Broken);

const noBag: Bag = {};
const noList: readonly unknown[] = [];

/** The object, or an empty one. */
export const bagOf = (value: unknown): Bag => (isBag(value) ? value : noBag);

/** A text that is not empty, or undefined. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The first of some values that is a text and not empty. */
export function firstText(...values: readonly unknown[]): string | undefined {
  for (const value of values) if (typeof value === 'string' && value !== '') return value;
  return undefined;
}

/**
 * The list of elements under a name; an absent one is empty. What is there and is no list is refused as one.
 */
export function listIn(bag: Bag, name: string, intake: Intake<unknown>): readonly unknown[] {
  const value = bag[name];
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null) intake.wrong(name, value, 'a list');
  return noList;
}

/**
 * A finite number that is one or is written as one; else NaN.
 *
 * @example
 * numberOf('42') // => 42
 * numberOf('') // => NaN
 */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value !== 'string' || value === '' || value.length > 40) return Number.NaN;
  const number = Number(value);
  return Number.isFinite(number) && value.trim() !== '' ? number : Number.NaN;
}

/**
 * A time in milliseconds from a number of nanoseconds, to the microsecond; NaN if it is none.
 *
 * @example
 * timeOfNanos('1769676684967123456') // => 1769676684967.123
 */
export function timeOfNanos(value: unknown): Time {
  // A text is exact without its last three digits; a number that large is not.
  const micros = typeof value === 'string' ? numberOf(value.slice(0, -3)) : Math.round(numberOf(value) / 1e3);
  return micros / 1e3;
}

/**
 * A time in milliseconds from ISO 8601 with a zone, to the microsecond; NaN if it is none.
 *
 * @example
 * timeOfText('1970-01-01T00:00:01.500250Z') // => 1500.25
 */
export function timeOfText(value: unknown): Time {
  if (typeof value !== 'string') return Number.NaN;
  if (value === lastText) return lastTime;
  lastTime = readTime(value);
  lastText = value;
  return lastTime;
}

/** Points that were taken together have one time. */
let lastText = '';
let lastTime: Time = Number.NaN;

function readTime(value: string): Time {
  const time = instantOf(value);
  if (value.charCodeAt(19) !== 46 || value.length < 25) return time;
  // Date.parse reads three decimals; the next three make microseconds.
  let micros = 0;
  for (let i = 23, scale = 100; i < 26; i++, scale /= 10) {
    const digit = value.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    micros += digit * scale;
  }
  return time + micros / 1e3;
}

/** A time that is ISO 8601, or a number of seconds, milliseconds, micro- or nanoseconds, told by its size; else NaN. */
export function timeOfAny(value: unknown): Time {
  const time = timeOfText(value);
  if (!Number.isNaN(time)) return time;
  const number = numberOf(value);
  if (!(number >= 1e8)) return Number.NaN;
  const micros = number < 1e11 ? number * 1e6 : number < 1e14 ? number * 1e3 : number < 1e17 ? number : number / 1e3;
  return Math.round(micros) / 1e3;
}

/** How large a body may be. */
export const mostBytes = 16 << 20;

/** The text of a body; null, and refused, for one that is too large. */
export function bodyText(body: Uint8Array | string, intake: Intake<unknown>): string | null {
  if (body.length > mostBytes) {
    intake.refuse('INPUT_TOO_LARGE', 'the body', `the body has ${body.length} bytes, more than ${mostBytes}`);
    return null;
  }
  if (typeof body === 'string') return withoutMark(body);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isAscii(bytes) ? bytes.toString('latin1') : withoutMark(bytes.toString('utf8'));
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/**
 * The values of a body of JSON: the one that it is, or one of each line. A line that is no JSON is refused alone; a
 * body in which no line is JSON is refused as one.
 */
export function forEachValue(body: Uint8Array | string, intake: Intake<unknown>, take: (value: unknown) => void): void {
  const text = bodyText(body, intake);
  if (text === null) return;
  const whole = parsed(text);
  if (whole !== unreadable) return take(whole);
  let [good, bad] = [0, 0];
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(at, end);
    at = end + 1;
    if (line.trim() === '') continue;
    const value = parsed(line);
    if (typeof value !== 'object' || value === null) bad++;
    else {
      good++;
      take(value);
    }
  }
  const refusals = good === 0 ? Math.min(bad, 1) : bad;
  for (let i = 0; i < refusals; i++)
    intake.refuse('INPUT_UNREADABLE', good === 0 ? 'it is no JSON' : 'a line is no record of JSON');
  if (good + bad === 0) intake.refuse('INPUT_UNREADABLE', 'it is empty');
}

/** What no JSON is. */
const unreadable: unique symbol = Symbol('unreadable');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}
