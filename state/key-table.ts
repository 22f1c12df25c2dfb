/**
 * The keyed state of one segment in memory: a bounded write-back cache over the task's store. A slot holds what all
 * operators of the segment know of one key, so that a record costs one look-up however many operators follow. A write
 * tracks its entry as changed; a commit takes the changed entries as deltas and nothing else.
 *
 * After a restart the table reads ahead: each load also reads a page of the store's entries. Once all pages are read, a
 * key that is not in memory is not stored either. Before that, a key that was read ahead is loaded like any other,
 * since later pages may hold more of it; pages that hold older entries of a loaded key are ignored.
 *
 * Keys beyond the limit are evicted by the clock algorithm (Corbató, "A Paging Experiment with the Multics System",
 * 1968): the first key in order of arrival is evicted, or moved to the end if it was used since it joined the order.
 */

import {
  type Cell,
  type CellSpec,
  DeltaWriter,
  decodeEntry,
  Entry,
  gone,
  heldName,
  isEmpty,
  isSlot,
  type KeySlot,
  lazyKey,
  refusedValue,
  type SlotOrKey,
} from './entry.ts';
import { Journal } from './journal.ts';
import { type Key, type KeyId, type KeyPart, keyId, keyText, parseKey } from './key.ts';
import { defaultPace, type Pace, type Page, type StoredEntry, type TableOptions } from './reading-ahead.ts';
import type { Delta, TaskState } from './store.ts';

/** A state that an operator declared, and the table that holds it. */
export type TableCell = Cell & { readonly table: KeyTable };

/** The slots of a segment's keys, and the cells of the states that its operators declared. */
export class KeyTable {
  readonly cells: Cell[] = [];
  /** What the present handler call has changed. The tables of a circuit share one. */
  readonly journal: Journal;
  readonly #slots = new Map<KeyId, KeySlot>();
  #dirty: Entry[] = [];
  /** Entries of lazy maps that are in memory, by space and the text they are stored under. */
  readonly #held = new Map<string, Entry>();
  /** Deletions of lazy entries that were not in memory. */
  #expired: Delta[] = [];
  /** True while every key that the store knows is in memory, so that an unknown key needs no look-up. */
  #complete: boolean;
  /** The pages not yet read ahead. */
  #ahead: AsyncIterator<Page> | undefined;
  /** Keys that were removed while pages were read: what later pages hold of them is outdated. */
  readonly #gone = new Set<KeyId>();
  readonly #store: TaskState;
  readonly #limit: number;
  readonly #pace: Pace;
  readonly #writer = new DeltaWriter();
  #epoch = 0;
  /** The slot of the record or timer being handled. */
  current!: KeySlot;

  /** A table without a limit has everything in memory from the start. */
  constructor(store: TaskState, limit: number, { pace = defaultPace, journal = new Journal() }: TableOptions = {}) {
    this.journal = journal;
    this.#store = store;
    this.#limit = limit;
    this.#pace = pace;
    this.#complete = store.meta === undefined;
  }

  get isComplete(): boolean {
    return this.#complete;
  }

  get size(): number {
    return this.#slots.size;
  }

  declare(spec: CellSpec): TableCell {
    const takes = spec.intact === 'storable' ? undefined : spec.codec.takes;
    const cell: TableCell = { table: this, index: this.cells.length, takes, ...spec };
    this.cells.push(cell);
    return cell;
  }

  /** The slot of a key, or undefined if it must be loaded first. */
  find(key: Key): KeySlot | undefined {
    const id = keyId(key);
    const slot = this.#slots.get(id);
    if (slot !== undefined) {
      if (slot.seen < 0 && this.#ahead !== undefined) return undefined;
      slot.seen = this.#epoch;
      return slot;
    }
    return this.#complete ? this.#add(id, key, this.#epoch) : undefined;
  }

  /** The slot itself if it was not removed; otherwise as `find`. */
  slotOf(of: SlotOrKey): KeySlot | undefined {
    if (!isSlot(of)) return this.find(of);
    if (of.seen < 0) return this.find(of.key);
    of.seen = this.#epoch;
    return of;
  }

  #add(id: KeyId, key: Key, seen: number): KeySlot {
    const cells = new Array(this.cells.length).fill(undefined);
    const slot: KeySlot = { id, key, cells, seen, queued: this.#epoch };
    this.#slots.set(id, slot);
    return slot;
  }

  #remove(slot: KeySlot): void {
    this.#slots.delete(slot.id);
    slot.seen = gone;
    if (this.#ahead !== undefined) this.#gone.add(slot.id);
  }

  /** Loads the keys, all in one round trip per state, and reads a page ahead. */
  async load(keys: readonly Key[]): Promise<void> {
    const slots = keys.map((key) => this.#add(keyId(key), key, this.#epoch));
    const texts = keys.map(keyText);
    const eager = this.#eager();
    const loading = Promise.all(eager.map((cell) => this.#store.load(cell.space, texts)));
    const [loaded] = await Promise.all([loading, this.#readAhead()]);
    for (const [c, cell] of eager.entries()) {
      for (const [i, slot] of slots.entries()) {
        for (const [sub, bytes] of loaded[c]![i]!) this.#put(slot, cell, sub, bytes);
      }
    }
  }

  /** Loads single entries of a lazy map. */
  async prefetch(cell: Cell, wanted: readonly (readonly [KeySlot, KeyPart])[]): Promise<void> {
    const texts = wanted.map(([slot, sub]) => keyText(lazyKey(slot.key, sub)));
    const loaded = await this.#store.load(cell.space, texts);
    for (const [i, [slot, sub]] of wanted.entries()) {
      const entry = this.mapEntry(slot, cell, sub);
      const found = loaded[i]![0];
      if (found !== undefined) decodeEntry(entry, found[1]);
    }
  }

  /** Reads the first pages of the store's entries; all of them if the table has no limit. */
  async warm(): Promise<void> {
    if (this.#complete) return;
    this.#ahead = this.#pages();
    const enough = Number.isFinite(this.#limit) ? this.#pace.first : Number.POSITIVE_INFINITY;
    while (this.#ahead !== undefined && this.#slots.size < enough) await this.#readAhead();
  }

  async *#pages(): AsyncGenerator<Page> {
    for (const cell of this.#eager()) for await (const entries of this.#store.scan(cell.space)) yield { cell, entries };
  }

  /** Reads the next entries ahead, until there are no more, or there are more keys than the limit. */
  async #readAhead(): Promise<void> {
    for (let read = 0; read < this.#pace.next && this.#ahead !== undefined; ) {
      const { done, value: page } = await this.#ahead.next();
      if (done) {
        this.#complete = true;
        this.#stopReading();
        return;
      }
      read += page.entries.length;
      for (const entry of page.entries) this.#putAhead(page.cell, entry);
      if (this.#slots.size > this.#limit) this.#giveUpReading();
    }
  }

  #putAhead(cell: Cell, [text, sub, bytes]: StoredEntry): void {
    const key = parseKey(text);
    const id = keyId(key);
    const known = this.#slots.get(id);
    if (known === undefined ? this.#gone.has(id) : known.seen >= 0) return;
    this.#put(known ?? this.#add(id, key, -1), cell, sub, bytes);
  }

  #stopReading(): void {
    this.#ahead = undefined;
    this.#gone.clear();
  }

  /** Stops reading ahead and forgets the keys that were read but not used. */
  #giveUpReading(): void {
    this.#stopReading();
    for (const slot of this.#slots.values()) if (slot.seen < 0) this.#slots.delete(slot.id);
  }

  #eager(): readonly Cell[] {
    return this.cells.filter((cell) => !cell.lazy);
  }

  // hot: once per loaded entry.
  #put(slot: KeySlot, cell: Cell, sub: string, bytes: Uint8Array): void {
    const isValue = cell.space.kind === 'value';
    decodeEntry(isValue ? this.entry(slot, cell) : this.mapEntry(slot, cell, parseKey(sub) as KeyPart), bytes);
  }

  entry(slot: KeySlot, cell: Cell): Entry {
    const known = slot.cells[cell.index] as Entry | undefined;
    if (known !== undefined) return known;
    const entry = new Entry(cell, slot, undefined);
    slot.cells[cell.index] = entry;
    return entry;
  }

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

  /** Deletes an entry of a lazy map, whether it is in memory or not. */
  expireLazy(cell: Cell, text: string): void {
    const entry = this.#held.get(heldName(cell, text));
    if (entry !== undefined) entry.set(undefined);
    else this.#expired.push({ space: cell.space.name, key: text, sub: '', value: null });
  }

  /** Tracks that an entry changed; its value is encoded when the epoch is frozen. */
  trackChange(entry: Entry): void {
    entry.dirty = true;
    this.#dirty.push(entry);
  }

  /** Takes everything changed since the last freeze as deltas, and starts the next epoch. */
  freeze(): Delta[] {
    const deltas = this.#expired;
    for (const entry of this.#dirty) {
      deltas.push(this.#written(entry));
      entry.dirty = false;
    }
    for (const { slot, cell, sub, value } of this.#dirty) {
      if (value !== undefined) continue;
      if (sub !== undefined) (slot.cells[cell.index] as Map<KeyPart, Entry>).delete(sub);
      // A key without state needs no slot; if it comes again, a new slot is made.
      if (slot.cells.every(isEmpty)) this.#remove(slot);
    }
    this.#expired = [];
    this.#dirty = [];
    this.#epoch++;
    return deltas;
  }

  /** Errors: STATE_VALUE_REFUSED, PROMISE_REFUSED. */
  #written(entry: Entry): Delta {
    try {
      return this.#writer.write(entry);
    } catch (cause) {
      throw refusedValue(entry, cause);
    }
  }

  /** Forgets lazy entries, and keys beyond the limit. Call it when all changes are committed. */
  evict(): void {
    for (const { slot, cell } of this.#held.values()) {
      slot.cells[cell.index] = undefined;
      if (slot.cells.every(isEmpty)) this.#remove(slot);
    }
    this.#held.clear();
    if (this.#slots.size <= this.#limit) return;
    this.#complete = false;
    this.#giveUpReading();
    this.#sweep(this.#slots.size - this.#limit);
  }

  /** Removes `surplus` keys. It moves a limited number of used keys to the end, then removes used ones too. */
  #sweep(surplus: number): void {
    let chances = surplus * 4;
    for (const slot of this.#slots.values()) {
      if (surplus <= 0) return;
      this.#slots.delete(slot.id);
      if (slot.seen > slot.queued && chances-- > 0) {
        // The epoch that has just ended: a use in the next epoch counts.
        slot.queued = this.#epoch - 1;
        this.#slots.set(slot.id, slot);
      } else {
        surplus--;
        // A timer may still hold the slot.
        slot.seen = gone;
        slot.cells.fill(undefined);
      }
    }
  }
}
