import { type Codec, readVersioned, writeVersioned } from '../codec.ts';
import type { Duration, Time } from '../time/duration.ts';
import { type Key, type KeyId, type KeyPart, keyId, keyText, parseKey } from './key.ts';
import type { Delta, Space, TaskState } from './store.ts';

/**
 * The keyed state of one segment in memory: a bounded write-back cache over the task's store. A slot holds what all
 * operators of the segment know of one key, so that a record costs one look-up however many operators follow.
 * Writes mark entries; a commit takes the marked ones as deltas and nothing else.
 */

/** One stored thing: a value, or an entry of a map. An undefined value is absent. */
export class Entry<V = unknown> {
  value: V | undefined = undefined;
  dirty = false;
  /** Event time of the last write; only kept up where the state has a TTL. */
  touched: Time = Number.NEGATIVE_INFINITY;
  readonly cell: Cell;
  readonly slot: KeySlot;
  readonly sub: KeyPart | undefined;

  constructor(cell: Cell, slot: KeySlot, sub: KeyPart | undefined) {
    this.cell = cell;
    this.slot = slot;
    this.sub = sub;
  }

  /** Writes the value; undefined deletes the entry. Also to be called when a mutable value was changed in place. */
  set(value: V | undefined): void {
    this.value = value;
    this.cell.expiry?.touch(this);
    if (!this.dirty) this.cell.table.mark(this);
  }
}

/** Keeps up when the entries of a state expire. */
export interface Expiry {
  readonly ttl: Duration;
  /** Notes that the entry was written or deleted now, in event time. */
  touch(entry: Entry): void;
}

/** What is known of one key: per cell an entry, or a map of entries. */
export interface KeySlot {
  readonly id: KeyId;
  readonly key: Key;
  readonly cells: (Entry | Map<KeyPart, Entry> | undefined)[];
  /** The epoch in which the key was last used, for eviction. */
  seen: number;
}

/** A state that some operator declared. */
export interface Cell {
  readonly table: KeyTable;
  readonly index: number;
  readonly space: Space;
  readonly codec: Codec<unknown>;
  readonly expiry: Expiry | undefined;
  /** Lazy maps are stored as single values under key and sub-key, loaded one by one and held for one epoch. */
  readonly lazy: boolean;
}

/** How a cell is declared. */
export type CellSpec = Pick<Cell, 'space' | 'codec' | 'expiry' | 'lazy'>;

/** The keys of one segment. */
export class KeyTable {
  readonly cells: Cell[] = [];
  readonly #slots = new Map<KeyId, KeySlot>();
  #dirty: Entry[] = [];
  /** Entries of lazy maps that are in memory, by space and the text they are stored under. */
  readonly #held = new Map<string, Entry>();
  /** Entries of lazy maps that expired while they were not in memory. */
  #expired: Delta[] = [];
  /** True while every key that the store knows is in memory, so that an unknown key needs no look-up. */
  #complete: boolean;
  readonly #store: TaskState;
  readonly #limit: number;
  #epoch = 0;
  /** The slot of the record or timer being handled. */
  current!: KeySlot;

  constructor(store: TaskState, limit: number) {
    this.#store = store;
    this.#limit = limit;
    this.#complete = store.meta === undefined;
  }

  get size(): number {
    return this.#slots.size;
  }

  declare(spec: CellSpec): Cell {
    const cell: Cell = { table: this, index: this.cells.length, ...spec };
    this.cells.push(cell);
    return cell;
  }

  /** The slot of a key, or undefined if it must be loaded first. */
  find(key: Key): KeySlot | undefined {
    const id = typeof key === 'string' ? key : keyId(key);
    const slot = this.#slots.get(id);
    if (slot !== undefined) {
      slot.seen = this.#epoch;
      return slot;
    }
    return this.#complete ? this.#add(id, key) : undefined;
  }

  #add(id: KeyId, key: Key): KeySlot {
    const slot: KeySlot = { id, key, cells: new Array(this.cells.length).fill(undefined), seen: this.#epoch };
    this.#slots.set(id, slot);
    return slot;
  }

  /** Brings the keys into memory, all in one round trip per state. */
  async load(keys: readonly Key[]): Promise<void> {
    const slots = keys.map((key) => this.#add(keyId(key), key));
    const texts = keys.map(keyText);
    const eager = this.cells.filter((cell) => !cell.lazy);
    const loaded = await Promise.all(eager.map((cell) => this.#store.load(cell.space, texts)));
    for (const [c, cell] of eager.entries()) {
      for (const [i, slot] of slots.entries()) {
        for (const [sub, bytes] of loaded[c]![i]!) this.#put(slot, cell, sub, bytes);
      }
    }
  }

  /** Brings single entries of a lazy map into memory. */
  async prefetch(cell: Cell, wanted: readonly (readonly [KeySlot, KeyPart])[]): Promise<void> {
    const texts = wanted.map(([slot, sub]) => keyText(lazyKey(slot.key, sub)));
    const loaded = await this.#store.load(cell.space, texts);
    for (const [i, [slot, sub]] of wanted.entries()) {
      const entry = this.mapEntry(slot, cell, sub);
      const found = loaded[i]![0];
      if (found !== undefined) this.#decode(entry, found[1]);
    }
  }

  /** Fills the table from the store if it holds at most `limit` keys; more are loaded when they are used. */
  async warm(): Promise<void> {
    if (this.#complete) return;
    const eager = this.cells.filter((cell) => !cell.lazy);
    for (const cell of eager) {
      for await (const page of this.#store.scan(cell.space)) {
        for (const [text, sub, bytes] of page) {
          const key = parseKey(text);
          const id = keyId(key);
          const slot = this.#slots.get(id) ?? this.#add(id, key);
          this.#put(slot, cell, sub, bytes);
        }
        if (this.#slots.size > this.#limit) return this.#slots.clear();
      }
    }
    this.#complete = true;
  }

  #put(slot: KeySlot, cell: Cell, sub: string, bytes: Uint8Array): void {
    const entry = cell.space.kind === 'value' ? this.entry(slot, cell) : this.mapEntry(slot, cell, parsePart(sub));
    this.#decode(entry, bytes);
  }

  #decode(entry: Entry, bytes: Uint8Array): void {
    const { codec, expiry, space } = entry.cell;
    if (expiry !== undefined) entry.touched = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
    entry.value = readVersioned(codec, expiry === undefined ? bytes : bytes.subarray(8), space.name);
  }

  /** The one entry of a value state. */
  entry(slot: KeySlot, cell: Cell): Entry {
    const known = slot.cells[cell.index] as Entry | undefined;
    if (known !== undefined) return known;
    const entry = new Entry(cell, slot, undefined);
    slot.cells[cell.index] = entry;
    return entry;
  }

  /** The entries of a map state. */
  entries(slot: KeySlot, cell: Cell): Map<KeyPart, Entry> {
    const known = slot.cells[cell.index] as Map<KeyPart, Entry> | undefined;
    if (known !== undefined) return known;
    const entries = new Map<KeyPart, Entry>();
    slot.cells[cell.index] = entries;
    return entries;
  }

  /** One entry of a map state, made if it is not there. */
  mapEntry(slot: KeySlot, cell: Cell, sub: KeyPart): Entry {
    const entries = this.entries(slot, cell);
    const known = entries.get(sub);
    if (known !== undefined) return known;
    const entry = new Entry(cell, slot, sub);
    entries.set(sub, entry);
    if (cell.lazy) this.#held.set(heldName(cell, keyText(lazyKey(slot.key, sub))), entry);
    return entry;
  }

  /** Deletes an entry of a lazy map, be it in memory or not. */
  expireLazy(cell: Cell, text: string): void {
    const entry = this.#held.get(heldName(cell, text));
    if (entry !== undefined) entry.set(undefined);
    else this.#expired.push({ space: cell.space.name, key: text, sub: '', value: null });
  }

  /** Notes that an entry changed; its value is written down when the epoch is frozen, not now. */
  mark(entry: Entry): void {
    entry.dirty = true;
    this.#dirty.push(entry);
  }

  /** Takes everything changed since the last freeze as deltas, and starts the next epoch. */
  freeze(): Delta[] {
    const deltas = [...this.#expired, ...this.#dirty.map(toDelta)];
    this.#expired = [];
    for (const entry of this.#dirty) {
      entry.dirty = false;
      const { slot, cell, sub } = entry;
      if (entry.value !== undefined) continue;
      if (sub !== undefined) (slot.cells[cell.index] as Map<KeyPart, Entry>).delete(sub);
      // A key without state is not worth its slot; should it come again, it is made again.
      if (slot.cells.every(isEmpty)) this.#slots.delete(slot.id);
    }
    this.#dirty = [];
    this.#epoch++;
    return deltas;
  }

  /** Forgets lazy entries, and the least lately used keys beyond the limit; to be called when all is committed. */
  evict(): void {
    for (const { slot, cell } of this.#held.values()) {
      slot.cells[cell.index] = undefined;
      if (slot.cells.every(isEmpty)) this.#slots.delete(slot.id);
    }
    this.#held.clear();
    if (this.#slots.size <= this.#limit) return;
    this.#complete = false;
    const byAge = [...this.#slots.values()].sort((a, b) => a.seen - b.seen);
    // A tenth more than needed goes, so that the next epochs need not sort again.
    const surplus = this.#slots.size - Math.floor(this.#limit * 0.9);
    for (let i = 0; i < surplus; i++) this.#slots.delete(byAge[i]!.id);
  }
}

function isEmpty(cell: KeySlot['cells'][number]): boolean {
  return cell instanceof Map ? cell.size === 0 : cell?.value === undefined;
}

function toDelta({ cell, slot, sub, value, touched }: Entry): Delta {
  const { space, codec, expiry, lazy } = cell;
  const key = keyText(lazy ? lazyKey(slot.key, sub!) : slot.key);
  const name = lazy || sub === undefined ? '' : keyText(sub);
  if (value === undefined) return { space: space.name, key, sub: name, value: null };
  const bytes = writeVersioned(codec, value);
  if (expiry === undefined) return { space: space.name, key, sub: name, value: bytes };
  const stamped = new Uint8Array(8 + bytes.length);
  new DataView(stamped.buffer).setFloat64(0, touched);
  stamped.set(bytes, 8);
  return { space: space.name, key, sub: name, value: stamped };
}

/** The key under which an entry of a lazy map is stored. */
export function lazyKey(key: Key, sub: KeyPart): Key {
  const parts = Array.isArray(key) ? (key as readonly KeyPart[]) : [key as KeyPart];
  return [...parts, sub];
}

const heldName = (cell: Cell, text: string): string => `${cell.space.name} ${text}`;

const parsePart = (text: string): KeyPart => parseKey(text) as KeyPart;
