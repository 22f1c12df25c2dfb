/**
 * Keys and their one canonical text. State is stored under the text, and partitions are chosen by its bytes. Neither
 * may ever change: a change would move every key of every running job.
 */

import { isPromise } from '../codecs/promise.ts';
import { isLongerThan, utf8Length } from '../codecs/utf8.ts';
import { MillraceError } from '../errors.ts';

/** What a key, or one part of a tuple key, may be. */
export type KeyPart = string | number | bigint;
/** A key: a part, or a tuple of parts. */
export type Key = KeyPart | readonly KeyPart[];

/** The key type of a stream before keyBy. */
export interface Unkeyed {
  readonly advice: 'call keyBy() before a stateful operator';
}

/** A key in the form that a Map compares by value: parts as they are, tuples as text. */
export type KeyId = string | number | bigint;

/** Canonical texts are bounded, in bytes of UTF-8, because the stores bound their keys. */
const textLimit = 512;
/** Ids of tuples begin with this and `[`; those of texts that begin with the same character, with this and `s`. */
const tuplePrefix = '\u0000';
const textPrefix = `${tuplePrefix}s`;

/**
 * The form of a key that a Map can hold.
 *
 * @example
 * keyId(['eu', 7]) === keyId(['eu', 7]) // => true
 */
export function keyId(key: Key): KeyId {
  switch (typeof key) {
    case 'string':
      // A text that begins like the id of a tuple must not be taken for one.
      return key.charCodeAt(0) === 0 ? `${textPrefix}${key}` : key;
    case 'bigint':
      return key;
    case 'number':
      if (Number.isNaN(key)) throw new MillraceError('KEY_INVALID', { got: 'NaN' });
      return key;
    default:
      if (!Array.isArray(key)) throw invalid(key);
      return tupleIds.get(key) ?? tuplePrefix + JSON.stringify(key.map(partText));
  }
}

/** Ids of tuples that are used repeatedly as the same object. */
const tupleIds = new WeakMap<readonly KeyPart[], KeyId>();

/**
 * Tuples of a split and a key. Each is admitted once and then returned as the same object, whose id is known: building
 * a tuple's text for every record would cost more than the record itself.
 */
export class SplitKeys {
  readonly #bySplit = new Map<string, Map<KeyPart, Key>>();

  /** Errors: KEY_INVALID, KEY_TOO_LONG. */
  of(split: string, part: KeyPart): Key {
    let keys = this.#bySplit.get(split);
    if (keys === undefined) this.#bySplit.set(split, (keys = new Map()));
    let key = keys.get(part);
    if (key !== undefined) return key;
    const tuple = [split, part] as const;
    key = admitKey(tuple);
    tupleIds.set(tuple, keyId(tuple));
    if (keys.size >= rememberedKeys) keys.clear();
    keys.set(part, key);
    return key;
  }
}

const rememberedKeys = 65_536;

/**
 * The canonical text of a key: a letter for the type, then the value. Injective over all keys.
 *
 * @example
 * keyText('api') // => "sapi"
 * keyText(['eu', 7]) // => "t[\"seu\",\"n7\"]"
 */
export function keyText(key: Key): string {
  const text = Array.isArray(key) ? `t${JSON.stringify(key.map(partText))}` : partText(key as KeyPart);
  if (isLongerThan(text, textLimit)) throw tooLong(text);
  return text;
}

/**
 * The order of keys and sub-keys that is the same in every process: bigints, numbers, texts; each by value.
 *
 * @example
 * ['b', 10, 9].sort(compareParts) // => [9, 10, 'b']
 */
export function compareParts(a: KeyPart, b: KeyPart): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The canonical text of a key whose id is known: much faster for a tuple, whose text is part of its id. */
export function textOfId(id: KeyId, key: Key): string {
  return Array.isArray(key) ? `t${(id as string).slice(tuplePrefix.length)}` : keyText(key);
}

/** The key whose canonical text this is. */
export function parseKey(text: string): Key {
  if (text[0] !== 't') return parsePart(text);
  return (JSON.parse(text.slice(1)) as string[]).map(parsePart);
}

/**
 * The bytes that partitioning hashes: a string key's own UTF-8, so that keys of other producers reach the same
 * partition.
 */
export function keyBytes(key: Key): Uint8Array {
  return Buffer.from(typeof key === 'string' ? key : keyText(key).slice(1), 'utf8');
}

/**
 * The key as it may enter a stream: bounded, well-formed and of an allowed type.
 *
 * Errors: KEY_INVALID, KEY_TOO_LONG.
 */
export function admitKey(key: Key): Key {
  if (typeof key !== 'string') {
    keyText(key);
    return key;
  }
  // Its canonical text is longer by the letter of its type.
  if (isLongerThan(key, textLimit - 1)) throw tooLong(key);
  // A lone surrogate has no UTF-8 form: a store could not return the same key.
  return key.isWellFormed() ? key : key.toWellFormed();
}

const tooLong = (text: string): MillraceError =>
  new MillraceError('KEY_TOO_LONG', { bytes: utf8Length(text), limit: textLimit });

function partText(part: KeyPart): string {
  switch (typeof part) {
    case 'string':
      return `s${part}`;
    case 'number':
      if (Number.isNaN(part)) throw new MillraceError('KEY_INVALID', { got: 'NaN' });
      return `n${part === 0 ? 0 : part}`;
    case 'bigint':
      return `b${part}`;
    default:
      throw invalid(part);
  }
}

function invalid(key: unknown): MillraceError {
  if (isPromise(key)) return new MillraceError('PROMISE_REFUSED', { owner: 'a key' });
  return new MillraceError('KEY_INVALID', { got: String(key) });
}

function parsePart(text: string): KeyPart {
  const value = text.slice(1);
  if (text[0] === 's') return value;
  return text[0] === 'n' ? Number(value) : BigInt(value);
}
