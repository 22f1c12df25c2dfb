/**
 * A decoder that takes a few top-level fields of a JSON object and ignores the rest. It takes half of what
 * JSON.parse takes, and leaves less to be collected: texts that come again are not made again, the record is stepped
 * over, not built.
 *
 * What it makes is what JSON.parse would have made, field by field: a record that the scan does not understand all
 * through (an escaped key or one beyond ASCII, a value of another kind, deep nesting) is handed to JSON.parse. The scan
 * checks the whole record, fields that are not wanted included, so what JSON.parse refuses is refused.
 */
import { isAscii } from 'node:buffer';
import { cutText } from '../../codecs/utf8.ts';
import { MillraceError } from '../../errors.ts';
import type { Time } from '../../time/duration.ts';
import { closing, colon, comma, letterN, minus, opening, quote } from './ascii.ts';
import { isoTimeOf } from './iso-time.ts';
import { JsonScanner } from './json-scan.ts';
import { type RecordCodec, text } from './record-codec.ts';
import { TextPool } from './text-pool.ts';

/**
 * What a field holds: text, a number, a truth value, or a time (ISO 8601 with its zone, as milliseconds). With `?` it
 * may be missing or null and is then undefined.
 */
export type FieldKind = 'string' | 'number' | 'boolean' | 'time' | `${'string' | 'number' | 'boolean' | 'time'}?`;

/** The fields to take, by their name in the record. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** A record as picked. */
export type Picked<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

type ValueOf<Kind extends FieldKind> = Kind extends `${infer Base}?` ? BaseOf<Base> | undefined : BaseOf<Kind>;
type BaseOf<Base> = Base extends 'string' ? string : Base extends 'boolean' ? boolean : number;

/**
 * JSON objects of which only `fields` are read, at their top level; where a key comes twice, the last one counts.
 * Writing gives the fields back, times as ISO 8601 in UTC.
 *
 * Errors when a record is read: JSON.parse's, RECORD_FIELD_WRONG. The record then becomes a dead letter.
 *
 * @example
 * const line = jsonPick({ service: 'string', at: 'time', ms: 'number?' })
 * const record = Buffer.from('{"service":"api","at":"1970-01-01T00:00:01Z","more":[1,2]}')
 * line.decode(record, 0, record.length, true) // => { service: 'api', at: 1_000, ms: undefined }
 */
export function jsonPick<const F extends Fields>(fields: F): RecordCodec<Picked<F>> {
  const picker = new Picker(fields);
  const times = picker.fields.filter(({ base }) => base === 'time').map(({ name }) => name);
  return {
    name: 'json-pick',
    // hot: once per record.
    decode(bytes, start, end, ascii) {
      return (picker.scan(bytes, start, end) ?? picker.parse(text.decode(bytes, start, end, ascii))) as Picked<F>;
    },
    encode(value) {
      const written: Record<string, unknown> = { ...value };
      for (const name of times) {
        if (written[name] !== undefined) written[name] = new Date(written[name] as Time).toISOString();
      }
      return Buffer.from(JSON.stringify(written), 'utf8');
    },
  };
}

type Base = 'string' | 'number' | 'boolean' | 'time';

interface Field {
  readonly index: number;
  readonly name: string;
  readonly base: Base;
  readonly optional: boolean;
}

class Picker {
  readonly fields: readonly Field[];
  readonly #names: ReadonlyMap<string, Field>;
  readonly #make: (values: readonly unknown[]) => object;
  readonly #values: unknown[];
  readonly #pools: readonly TextPool[];
  readonly #scanner = new JsonScanner();
  /** What stood between the values of records before: records of one writer are alike. */
  readonly #seams: Seam[] = [];

  constructor(fields: Fields) {
    this.fields = Object.entries(fields).map(([name, kind], index) => {
      const optional = kind.endsWith('?');
      return { index, name, base: (optional ? kind.slice(0, -1) : kind) as Base, optional };
    });
    this.#names = new Map(this.fields.map((field) => [field.name, field]));
    this.#make = maker(this.fields.map(({ name }) => name));
    this.#values = this.fields.map(() => undefined);
    this.#pools = this.fields.map(() => new TextPool());
  }

  /** The record's fields, or undefined where the record is left to JSON.parse. */
  scan(bytes: Buffer, start: number, end: number): object | undefined {
    const values = this.#values;
    for (let i = 0; i < values.length; i++) values[i] = undefined;
    this.#scanner.open(bytes, end);
    if (!this.#scanFields(start, end)) return undefined;
    for (const { index, optional } of this.fields) if (values[index] === undefined && !optional) return undefined;
    return this.#make(values);
  }

  /** Reads a whole object, from what stands before it to what stands behind it. */
  #scanFields(start: number, end: number): boolean {
    const scanner = this.#scanner;
    const { bytes, view } = scanner;
    for (let at = start, member = 0; ; member++) {
      let seam = this.#seams[member];
      if (seam === undefined || !isSeam(seam, view, at, end)) {
        seam = this.#readSeam(at, member);
        if (seam === undefined) return this.#isEmpty(start, member);
      }
      const value = at + seam.length;
      at = scanner.skipValue(value);
      if (at < 0 || (seam.field !== undefined && !this.#read(seam.field, value, at))) return false;
      if (at < end && bytes[at] === comma) continue;
      at = scanner.skipSpace(at);
      if (at < end && bytes[at] === closing) return scanner.skipSpace(at + 1) === end;
      if (at >= end || bytes[at] !== comma) return false;
      // White space before a comma is part of no seam.
    }
  }

  /** What leads to a member's value: a brace or comma, the key, the colon. Undefined where it is none of that. */
  #readSeam(from: number, member: number): Seam | undefined {
    const scanner = this.#scanner;
    const { bytes, end } = scanner;
    let at = scanner.skipSpace(from);
    if (at >= end || bytes[at] !== (member === 0 ? opening : comma)) return undefined;
    const key = scanner.skipSpace(at + 1);
    if (key >= end || bytes[key] !== quote) return undefined;
    at = scanner.skipString(key + 1);
    // An escaped key, or one beyond ASCII, is left to JSON.parse.
    if (at < 0 || scanner.escaped) return undefined;
    const name = bytes.toString('latin1', key + 1, at - 1);
    if (!isAscii(bytes.subarray(key, at))) return undefined;
    at = scanner.skipSpace(at);
    if (at >= end || bytes[at] !== colon) return undefined;
    const length = scanner.skipSpace(at + 1) - from;
    const seam = { length, words: wordsOf(scanner.view, from, length), field: this.#names.get(name) };
    if (member < mostSeams && length < longestSeam) this.#seams[member] = seam;
    return seam;
  }

  /** Whether the record is an object without members. */
  #isEmpty(start: number, member: number): boolean {
    const scanner = this.#scanner;
    const { bytes, end } = scanner;
    const brace = scanner.skipSpace(start);
    if (member > 0 || brace >= end || bytes[brace] !== opening) return false;
    const at = scanner.skipSpace(brace + 1);
    return at < end && bytes[at] === closing && scanner.skipSpace(at + 1) === end;
  }

  /** Reads a value that was stepped over; false where JSON.parse has to. */
  #read({ index, base, optional }: Field, from: number, to: number): boolean {
    const { bytes, view, escaped } = this.#scanner;
    if (optional && bytes[from] === letterN) {
      this.#values[index] = undefined;
      return true;
    }
    let value: unknown;
    if (base !== 'string') value = plainValue(base, bytes, from, to);
    else if (bytes[from] === quote) {
      value = escaped ? undefined : this.#pools[index]!.take(bytes, view, from + 1, to - 1);
      value ??= JSON.parse(bytes.toString('utf8', from, to));
    }
    this.#values[index] = value;
    return value !== undefined;
  }

  /** The fields out of what JSON.parse makes of the record. Errors: JSON.parse's, RECORD_FIELD_WRONG. */
  parse(record: string): object {
    const parsed: unknown = JSON.parse(record);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw new MillraceError('RECORD_FIELD_WRONG', { what: 'the record', got: quoted(parsed), expected: 'an object' });
    }
    return this.#make(
      this.fields.map(({ name, base, optional }) => {
        const found = Object.hasOwn(parsed, name) ? (parsed as Record<string, unknown>)[name] : undefined;
        if (optional && (found === undefined || found === null)) return undefined;
        const value = ofBase(base, found);
        if (value !== undefined) return value;
        throw new MillraceError('RECORD_FIELD_WRONG', {
          what: `field '${name}'`,
          got: quoted(found),
          expected: phrase[base],
        });
      }),
    );
  }
}

/** A number, truth value or time where it stands; undefined if it is none. */
// hot: once per field of a record.
function plainValue(base: Base, bytes: Buffer, from: number, to: number): unknown {
  const first = bytes[from]!;
  if (base === 'number') return first <= 0x39 && first !== quote ? numberOf(bytes, from, to) : undefined;
  if (base === 'boolean') return first === 0x74 ? true : first === 0x66 ? false : undefined;
  if (first !== quote) return undefined;
  const time = isoTimeOf(bytes, from + 1, to - 1);
  return Number.isNaN(time) ? undefined : time;
}

/** A number that was stepped over. Up to 15 digits are exact whatever the order they are added in. */
function numberOf(bytes: Buffer, from: number, to: number): number {
  const negative = bytes[from] === minus;
  let value = 0;
  for (let at = negative ? from + 1 : from; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (!(digit >= 0 && digit <= 9) || to - from > 15) return Number(bytes.toString('latin1', from, to));
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

function ofBase(base: Base, found: unknown): unknown {
  if (base !== 'time') return typeof found === base ? found : undefined;
  if (typeof found !== 'string') return undefined;
  const bytes = Buffer.from(found, 'utf8');
  const time = isoTimeOf(bytes, 0, bytes.length);
  return Number.isNaN(time) ? undefined : time;
}

const phrase: Readonly<Record<Base, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  time: 'an ISO 8601 time with its zone',
};

function quoted(found: unknown): string {
  return found === undefined ? 'missing' : cutText(JSON.stringify(found) ?? '', 80);
}

/** What stands between two values, as words of four bytes (the last two may overlap), and whose value follows. */
interface Seam {
  readonly length: number;
  readonly words: Int32Array;
  readonly field: Field | undefined;
}

const mostSeams = 64;
const longestSeam = 256;

/** A seam has four bytes at least: a comma, two quotes and a colon. */
function wordsOf(view: DataView, from: number, length: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(length / 4) }, (_, i) =>
    view.getInt32(from + Math.min(4 * i, length - 4), true),
  );
}

// hot: once per field of a record.
function isSeam({ length, words }: Seam, view: DataView, at: number, end: number): boolean {
  if (at + length > end) return false;
  const last = words.length - 1;
  for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
  return view.getInt32(at + length - 4, true) === words[last];
}

/**
 * Makes objects that all have one hidden class, so that reading them stays fast. Literals do that in a quarter of the
 * time that writing the fields one by one takes.
 */
function maker(names: readonly string[]): (values: readonly unknown[]) => object {
  const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
  switch (names.length) {
    case 1:
      return (v) => ({ [a]: v[0] });
    case 2:
      return (v) => ({ [a]: v[0], [b]: v[1] });
    case 3:
      return (v) => ({ [a]: v[0], [b]: v[1], [c]: v[2] });
    case 4:
      return (v) => ({ [a]: v[0], [b]: v[1], [c]: v[2], [d]: v[3] });
    case 5:
      return (v) => ({ [a]: v[0], [b]: v[1], [c]: v[2], [d]: v[3], [e]: v[4] });
    case 6:
      return (v) => ({ [a]: v[0], [b]: v[1], [c]: v[2], [d]: v[3], [e]: v[4], [f]: v[5] });
    default:
      return (v) => Object.fromEntries(names.map((name, i) => [name, v[i]]));
  }
}
