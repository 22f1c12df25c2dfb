/**
 * How values become bytes that outlive the process: the contract of a versioned codec, the built-in codecs, and
 * the functions that put the version before the bytes. A changed representation raises `version` and reads former ones
 * in `upgrade`; code that finds a newer version than its own stops instead of guessing.
 */

import { MillraceError } from '../errors.ts';
import { ByteReader, ByteWriter, decodeText, encodeText } from './bytes.ts';
import { jsonText } from './json-text.ts';
import { isPromise } from './promise.ts';

/**
 * A representation of `T` in bytes. `decode(encode(value))` equals `value`, and returned bytes are not changed later.
 * Codecs are plain values; a new version of one is a copy:
 * `{ ...json<Profile>(), version: 2, upgrade: (bytes, from) => migrate(json<OldProfile>().decode(bytes)) }`.
 */
export interface Codec<T> {
  /** Names the codec in errors and plans. */
  readonly name: string;
  /** A whole number from 1 on. */
  readonly version: number;
  /** Errors: what the codec refuses it throws on. */
  encode(value: T): Uint8Array;
  /**
   * Whether `encode` would take the value, as far as that costs next to nothing to tell. A state asks at each write, so
   * that a value which the next record overwrites is refused too. Default: nothing is known before `encode` is called.
   */
  takes?(value: T): boolean;
  /** Must keep no view of `bytes`: the memory may be the store's own. */
  decode(bytes: Uint8Array): T;
  /** Reads bytes that version `from`, an earlier one, wrote. */
  upgrade?(bytes: Uint8Array, from: number): T;
}

/** Any number, infinities, NaN and −0 included, in 8 bytes. */
export const float64: Codec<number> = Object.freeze({
  name: 'float64',
  version: 1,
  encode: (value: number) => new ByteWriter().float64(value).finish(),
  decode: (bytes: Uint8Array) => readAll(bytes, 'float64', (reader) => reader.float64()),
});

/** Most counts are small, and every window has one: their bytes are made once. */
const smallInts: readonly Uint8Array[] = Array.from({ length: 64 }, (_, n) => new ByteWriter().int(n).finish());

/**
 * Safe integers in 1 to 8 bytes, small magnitudes in few; −0 comes back as 0. Errors: OPTION_INVALID for other numbers.
 */
export const int: Codec<number> = Object.freeze({
  name: 'int',
  version: 1,
  takes: Number.isSafeInteger,
  encode(value: number) {
    if (!Number.isSafeInteger(value)) throw refused('int', String(value), 'a whole number between ±(2^53 − 1)');
    return smallInts[value] ?? new ByteWriter().int(value).finish();
  },
  decode: (bytes: Uint8Array) => readAll(bytes, 'int', (reader) => reader.int()),
});

/** Any string in its UTF-8 bytes; strings with lone surrogates in UTF-16. */
export const string: Codec<string> = Object.freeze({
  name: 'string',
  version: 1,
  encode: encodeText,
  decode: (bytes: Uint8Array) => decodeText(bytes, 'string'),
});

/** A boolean in one byte. */
export const boolean: Codec<boolean> = Object.freeze({
  name: 'boolean',
  version: 1,
  encode: (value: boolean) => Uint8Array.of(value ? 1 : 0),
  decode(bytes: Uint8Array) {
    const [byte] = bytes;
    if (bytes.length !== 1 || (byte !== 0 && byte !== 1))
      throw broken('boolean', bytes, { reason: 'they are neither 0 nor 1' });
    return byte === 1;
  },
});

/** Bytes as they are, copied in both directions: the value and the store's memory never share a buffer. */
export const bytes: Codec<Uint8Array> = Object.freeze({
  name: 'bytes',
  version: 1,
  encode: (value: Uint8Array) => Uint8Array.from(value),
  decode: (stored: Uint8Array) => Uint8Array.from(stored),
});

/**
 * JSON text: convenient, but larger and slower than the other codecs. Only what JSON has is kept: NaN and infinities
 * become null, dates become texts, undefined fields and functions vanish. Errors: OPTION_INVALID for values that JSON
 * can't express, maps and sets among them, PROMISE_REFUSED.
 *
 * @example
 * json().decode(json().encode({ service: 'api', errors: 3 })) // => { service: 'api', errors: 3 }
 */
export function json<T>(): Codec<T> {
  return Object.freeze({
    name: 'json',
    version: 1,
    takes: isJson,
    encode(value: T) {
      const text = jsonText(value, "codec 'json'");
      if (text === undefined) throw refused('json', typeof value, 'a value that JSON can express');
      return encodeText(text);
    },
    decode(stored: Uint8Array): T {
      const text = decodeText(stored, 'json');
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw broken('json', stored, { reason: 'they are not JSON', cause });
      }
    },
  });
}

/** Whether JSON may have a text for the value; what it holds further down is not looked at. */
function isJson(value: unknown): boolean {
  const type = typeof value;
  if (type === 'object') return !(isPromise(value) || value instanceof Map || value instanceof Set);
  return type === 'string' || type === 'number' || type === 'boolean';
}

/** The codec's version, followed by the bytes of the value. */
export function writeVersioned<T>(codec: Codec<T>, value: T): Uint8Array {
  return new ByteWriter().varint(codec.version).raw(codec.encode(value)).finish();
}

/**
 * The value of bytes that `writeVersioned` made, upgraded where they are older than the codec. `space` names the state
 * in errors: STATE_CODEC_NEWER, STATE_CODEC_OLDER, STATE_BYTES_BROKEN.
 *
 * @example
 * readVersioned(int, writeVersioned(int, -7), 'spike/baseline') // => -7
 */
export function readVersioned<T>(codec: Codec<T>, stored: Uint8Array, space: string): T {
  const reader = new ByteReader(stored, codec.name);
  const found = reader.varint();
  const body = reader.rest();
  const known = codec.version;
  if (found === known) return codec.decode(body);
  if (found > known) throw new MillraceError('STATE_CODEC_NEWER', { space, found, known });
  if (codec.upgrade === undefined) throw new MillraceError('STATE_CODEC_OLDER', { space, found, known });
  return codec.upgrade(body, found);
}

function readAll<T>(stored: Uint8Array, codec: string, read: (reader: ByteReader) => T): T {
  const reader = new ByteReader(stored, codec);
  const value = read(reader);
  reader.end();
  return value;
}

function refused(codec: string, got: string, expected: string): MillraceError {
  return new MillraceError('OPTION_INVALID', { option: 'the value', owner: `codec '${codec}'`, got, expected });
}

function broken(
  codec: string,
  stored: Uint8Array,
  { reason, cause }: { readonly reason: string; readonly cause?: unknown },
): MillraceError {
  return new MillraceError(
    'STATE_BYTES_BROKEN',
    { codec, bytes: stored.length, reason },
    cause === undefined ? {} : { cause },
  );
}
