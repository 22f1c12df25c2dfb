/**
 * The parts of a key table: the slots of keys, the cells that operators declare, and the entries of a slot in a cell.
 * Also how entries become deltas and are read back.
 */

import { type Codec, readVersioned, writeVersioned } from '../codecs/codec.ts';
import type { Duration, Time } from '../time/duration.ts';
import { type Key, type KeyId, type KeyPart, keyId, keyText, textOfId } from './key.ts';
import type { Delta, Space } from './store.ts';

/** A value, or one entry of a map. Its value is undefined if it is absent. */
export class Entry<V = unknown> {
  value: V | undefined = undefined;
  dirty = false;
  /** Event time of the last write; only kept where the state has a TTL. */
  touched: Time | undefined = undefined;
  readonly cell: Cell;
  readonly slot: KeySlot;
  readonly sub: KeyPart | undefined;

  constructor(cell: Cell, slot: KeySlot, sub: KeyPart | undefined) {
    this.cell = cell;
    this.slot = slot;
    this.sub = sub;
  }

  /** Writes the value; undefined deletes the entry. Call it too after changing a mutable value in place. */
  set(value: V | undefined): void {
    this.value = value;
    this.cell.expiry?.touch(this);
    if (!this.dirty) this.cell.table.trackChange(this);
  }
}

/** Tracks when the entries of a state expire. */
export interface Expiry {
  readonly ttl: Duration;
  /** Called when the entry was written or deleted; the time is event time. */
  touch(entry: Entry): void;
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
  trackChange(entry: Entry): void;
}

/** A state that an operator declared. */
export interface Cell {
  readonly table: ChangeTracker;
  readonly index: number;
  readonly space: Space;
  readonly codec: Codec<unknown>;
  readonly expiry: Expiry | undefined;
  /** Lazy maps are stored as single values under key and sub-key, loaded one by one and held for one epoch. */
  readonly lazy: boolean;
}

/** How a cell is declared. */
export type CellSpec = Pick<Cell, 'space' | 'codec' | 'expiry' | 'lazy'>;

/** Whether a slot's cell holds nothing. */
export function isEmpty(cell: KeySlot['cells'][number]): boolean {
  return cell instanceof Map ? cell.size === 0 : cell?.value === undefined;
}

/** The key under which an entry of a lazy map is stored. */
export function lazyKey(key: Key, sub: KeyPart): Key {
  const parts = Array.isArray(key) ? (key as readonly KeyPart[]) : [key as KeyPart];
  return [...parts, sub];
}

/** The name of an entry of a lazy map that is in memory, by the text it is stored under. */
export const heldName = (cell: Cell, text: string): string => `${cell.space.name} ${text}`;

/** Takes an entry's value from its stored bytes. */
export function decodeEntry(entry: Entry, bytes: Uint8Array): void {
  const { codec, expiry, space } = entry.cell;
  if (expiry !== undefined) entry.touched = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
  entry.value = readVersioned(codec, expiry === undefined ? bytes : bytes.subarray(8), space.name);
}

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
    const { codec, expiry } = cell;
    // The version as a varint takes one byte below 0x80.
    const isShort = codec.version < 0x80;
    const body = isShort ? codec.encode(value) : writeVersioned(codec, value);
    const from = this.#reserve(9 + body.length);
    const buffer = this.#buffer;
    let at = from;
    if (expiry !== undefined) {
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
