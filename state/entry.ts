/**
 * The parts of a key table: the slots of keys, the cells that operators declare, and the entries of a slot in a cell.
 * Also how entries become deltas and are read back.
 */

import { type Codec, readVersioned, writeVersioned } from '../codecs/codec.ts';
import { cutText } from '../codecs/utf8.ts';
import { hasCode, MillraceError, reasonOf } from '../errors.ts';
import type { Duration, Time } from '../time/duration.ts';
import type { Journal, Revertible } from './journal.ts';
import { type Key, type KeyId, type KeyPart, keyId, keyText, textOfId } from './key.ts';
import type { Delta, Space } from './store.ts';

/** A value, or one entry of a map. Its value is undefined if it is absent. */
export class Entry<V = unknown> implements Revertible {
  value: V | undefined = undefined;
  dirty = false;
  /**
   * Event time of the last write; only kept where the state has a TTL. −∞ of an entry that was stored before it had
   * one: it expires at the first expiry timer of its key.
   */
  touched: Time | undefined = undefined;
  readonly cell: Cell;
  readonly slot: KeySlot;
  readonly sub: KeyPart | undefined;

  constructor(cell: Cell, slot: KeySlot, sub: KeyPart | undefined) {
    this.cell = cell;
    this.slot = slot;
    this.sub = sub;
  }

  /**
   * Writes the value; undefined deletes the entry. Call it too after changing a mutable value in place.
   * Errors: STATE_VALUE_REFUSED, PROMISE_REFUSED, where the codec tells at once that it does not take the value.
   */
  set(value: V | undefined): void {
    const { table, expiry, takes } = this.cell;
    if (takes !== undefined && value !== undefined && !takes(value)) this.#bytes(value);
    // A value changed in place has no former one; where it matters, `save` has noted it.
    if (value !== this.value || expiry !== undefined) {
      table.journal.note(this, this.value, this.touched);
      this.value = value;
    }
    expiry?.touch(this);
    if (!this.dirty) table.trackChange(this);
  }

  /** Writes the value down before a handler gets it, which may change it in place. For careful operators. */
  save(): void {
    const { value, touched, cell } = this;
    const { journal } = cell.table;
    if (typeof value !== 'object' || value === null || cell.intact === 'storable' || !journal.isFirst(this)) return;
    journal.note(this, new Written(this.#bytes(value)), touched);
  }

  revert(before: unknown, touched: unknown): void {
    this.value = (before instanceof Written ? this.cell.codec.decode(before.bytes) : before) as V | undefined;
    this.touched = touched as Time | undefined;
  }

  /** Errors: STATE_VALUE_REFUSED, PROMISE_REFUSED. */
  check(): void {
    const { cell, slot, sub } = this;
    if (this.value === undefined || cell.intact === 'storable') return;
    this.#bytes(this.value);
    try {
      if (sub !== undefined) keyText(cell.lazy ? lazyKey(slot.key, sub) : sub);
    } catch (cause) {
      throw refusedValue(this, cause);
    }
  }

  #bytes(value: V): Uint8Array {
    try {
      return this.cell.codec.encode(value);
    } catch (cause) {
      throw refusedValue(this, cause);
    }
  }
}

/** A value as its codec wrote it down. */
class Written {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Says which state and key an entry belongs to whose value, or whose sub-key, can't be stored. */
export function refusedValue({ cell, slot, sub }: Entry, cause: unknown): MillraceError {
  const at = `key ${shown(slot.key)}${sub === undefined ? '' : `, sub-key ${shown(sub)}`}`;
  if (hasCode(cause, 'PROMISE_REFUSED'))
    return new MillraceError('PROMISE_REFUSED', { owner: `state '${cell.space.name}' (${at})` });
  const detail = { space: cell.space.name, at, codec: cell.codec.name, reason: reasonOf(cause) };
  return new MillraceError('STATE_VALUE_REFUSED', detail, { cause });
}

/** A key in a message: bounded, and quoted where it is a text. */
function shown(key: Key): string {
  const text = JSON.stringify(key, (_, part) => (typeof part === 'bigint' ? `${part}n` : part));
  return text.length > 200 ? `${cutText(text, 200)}…` : text;
}

/** Tracks when the entries of a state expire. */
export interface Expiry {
  readonly ttl: Duration;
  /** Called when the entry was written or deleted; the time is event time. */
  touch(entry: Entry): void;
  /** Whether the entry has not been written for `ttl`, by the time of the record being handled. */
  isOver(entry: Entry): boolean;
}

/** What is known of one key: per cell an entry, or a map of entries. */
export interface KeySlot {
  readonly id: KeyId;
  readonly key: Key;
  readonly cells: (Entry | Map<KeyPart, Entry> | undefined)[];
  /** The epoch in which the key was last used; -1 if it was read ahead and not used yet, -2 once it was removed. */
  seen: number;
  /** The epoch in which it joined the end of the eviction order. */
  queued: number;
}

/** `seen` of a slot that was removed. */
export const gone = -2;

/** A key's slot, or the key where the slot is not known. The slot may have been removed since. */
export type SlotOrKey = KeySlot | Key;

export const isSlot = (of: SlotOrKey): of is KeySlot => typeof of === 'object' && !Array.isArray(of);

export const keyOf = (of: SlotOrKey): Key => (isSlot(of) ? of.key : of);
export const idOf = (of: SlotOrKey): KeyId => (isSlot(of) ? of.id : keyId(of));

/** The table that holds a cell: it tracks which entries changed in this epoch. */
export interface ChangeTracker {
  /** The changes of the present handler call. */
  readonly journal: Journal;
  trackChange(entry: Entry): void;
}

/** A state that an operator declared. */
export interface Cell {
  readonly table: ChangeTracker;
  readonly index: number;
  readonly space: Space;
  readonly codec: Codec<unknown>;
  /** The codec's own check at each write, where it has one and values may be refused. */
  readonly takes?: ((value: unknown) => boolean) | undefined;
  readonly expiry: Expiry | undefined;
  /** Lazy maps are stored as single values under key and sub-key, loaded one by one and held for one epoch. */
  readonly lazy: boolean;
  /** Whether values are saved before handlers get them, and checked behind them. */
  readonly careful?: boolean | undefined;
  /** Whether the operator never changes a value in place before all that can throw; and its values can be stored. */
  readonly intact?: boolean | 'storable' | undefined;
}

/** How a cell is declared. */
export type CellSpec = Pick<Cell, 'space' | 'codec' | 'expiry' | 'lazy' | 'careful' | 'intact'>;

/** Whether a slot's cell holds nothing. */
export function isEmpty(cell: KeySlot['cells'][number]): boolean {
  return cell instanceof Map ? cell.size === 0 : cell?.value === undefined;
}

/**
 * The key under which an entry of a lazy map is stored. Injective: a tuple of less than two parts is stored as a text,
 * since a key that is one part already has the list of two.
 *
 * @example
 * lazyKey('a', 'x') // => ['a', 'x']
 * lazyKey(['a'], 'x') // => ['t["sa","sx"]']
 * lazyKey(['a', 'b'], 'x') // => ['a', 'b', 'x']
 */
export function lazyKey(key: Key, sub: KeyPart): Key {
  if (!Array.isArray(key)) return [key as KeyPart, sub];
  const parts: readonly KeyPart[] = [...key, sub];
  return key.length < 2 ? [keyText(parts)] : parts;
}

/** The name of an entry of a lazy map that is in memory, by the text it is stored under. */
export const heldName = (cell: Cell, text: string): string => `${cell.space.name} ${text}`;

/**
 * Takes an entry's value from its stored bytes. Whether they hold a time of writing shows in the bytes, so that a
 * state may be given a TTL, and lose it, while entries of both kinds are stored.
 */
export function decodeEntry(entry: Entry, bytes: Uint8Array): void {
  const { codec, expiry, space } = entry.cell;
  const from = versionAt(bytes);
  if (expiry !== undefined) entry.touched = from > 0 ? stampBefore(bytes, from) : Number.NEGATIVE_INFINITY;
  entry.value = readVersioned(codec, from === 0 ? bytes : bytes.subarray(from), space.name);
}

/** The first byte of an entry with a time of writing: no codec has version 0. */
const stamped = 0;
/** Versions below it can't be confused with the first byte of a time. */
const leastTimeByte = 0x3f;

/**
 * Where the codec's version stands in an entry's bytes, which have one of three forms: version and value; the byte 0,
 * the time of the last write as a float64, version and value; and, as written until 2026, the same without the 0.
 */
export function versionAt(bytes: Uint8Array): number {
  const first = bytes[0]!;
  if (first === stamped) return isFormerZero(bytes) ? 8 : 9;
  if (first < leastTimeByte || bytes.length < 9) return 0;
  const time = stampBefore(bytes, 8);
  return Number.isNaN(time) || (Number.isInteger(time) && Math.abs(time) <= maxTime) ? 8 : 0;
}

/** Whether the bytes begin with the time 0 in the former form. */
function isFormerZero(bytes: Uint8Array): boolean {
  for (let i = 1; i < 8; i++) if (bytes[i] !== 0) return false;
  return bytes[8] !== 0;
}

const stampBefore = (bytes: Uint8Array, end: number): Time =>
  new DataView(bytes.buffer, bytes.byteOffset).getFloat64(end - 8);

/** The greatest time that a Date holds. */
const maxTime = 8.64e15;

const bufferBytes = 64 << 10;
const stamp = new DataView(new ArrayBuffer(8));

/**
 * Turns entries into deltas. Their bytes lie one after the other in shared buffers: at a hundred thousand changes an
 * epoch, a commit would spend most of its time allocating a buffer for each. A byte is written once.
 */
export class DeltaWriter {
  #buffer = new Uint8Array(0);
  #at = 0;

  write(entry: Entry): Delta {
    const { cell, slot, sub, value } = entry;
    const isPlain = cell.lazy || sub === undefined;
    return {
      space: cell.space.name,
      key: cell.lazy ? keyText(lazyKey(slot.key, sub!)) : textOfId(slot.id, slot.key),
      sub: isPlain ? '' : keyText(sub!),
      value: value === undefined ? null : this.#bytes(entry),
    };
  }

  #bytes({ cell, value, touched }: Entry): Uint8Array {
    const { codec } = cell;
    const isStamped = cell.expiry !== undefined && Number.isFinite(touched);
    // The version as a varint takes one byte below 0x80.
    const isShort = codec.version < 0x80;
    const body = isShort ? codec.encode(value) : writeVersioned(codec, value);
    const from = this.#reserve(10 + body.length);
    const buffer = this.#buffer;
    let at = from;
    if (isStamped) {
      buffer[at++] = stamped;
      stamp.setFloat64(0, touched!);
      for (let i = 0; i < 8; i++) buffer[at++] = stamp.getUint8(i);
    }
    if (isShort) buffer[at++] = codec.version;
    if (body.length > 64) buffer.set(body, at);
    else for (let i = 0; i < body.length; i++) buffer[at + i] = body[i]!;
    this.#at = at + body.length;
    return new Uint8Array(buffer.buffer, from, this.#at - from);
  }

  #reserve(bytes: number): number {
    if (this.#at + bytes > this.#buffer.length) {
      this.#buffer = new Uint8Array(Math.max(bytes, bufferBytes));
      this.#at = 0;
    }
    return this.#at;
  }
}
