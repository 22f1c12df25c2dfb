/**
 * Event-time timers of one operator: a bucket of keys per distinct time, and the times in a binary heap. Setting a
 * timer twice is the same as setting it once. Buckets hold slots, so that due keys need no look-up; a slot that was
 * evicted since then is empty. Restored timers are held by their key.
 *
 * A timer that sets the next one when it fires makes a chain. Where each is due as soon as it is set, because its time
 * has passed or because the input has ended, the chain need not end; it has at most `chainLimit` links.
 */

import { readVersioned } from '../codecs/codec.ts';
import { MillraceError } from '../errors.ts';
import type { Time } from '../time/duration.ts';
import { type Cell, idOf, keyOf, type SlotOrKey, versionAt } from './entry.ts';
import { Journal, type Revertible } from './journal.ts';
import { compareParts, type Key, type KeyId, keyId, parseKey, textOfId } from './key.ts';
import type { Delta, TaskState } from './store.ts';

/** The event-time timers of one operator. */
export class Timers implements Revertible {
  /** How the bucket that was taken last is being fired; undefined between watermarks. */
  #firing: { readonly time: Time; readonly atEnd: boolean; readonly links: Links | undefined } | undefined;
  /** How many timers led to the one that is firing. */
  #link = 0;
  /** How many timers led to those that were set while others fired, by time; those that began a chain are left out. */
  readonly #links = new Map<Time, Links>();
  /** What was set at the end of the input behind the last link. */
  readonly #left: (readonly [SlotOrKey, Time])[] = [];
  readonly space: string;
  readonly #journal: Journal;
  readonly #buckets = new Map<Time, Map<KeyId, SlotOrKey>>();
  readonly #times: Time[] = [];
  /** The changes since the last freeze, as one list per field: an object per change would be most of the cost. */
  #touchedIds: KeyId[] = [];
  #touchedKeys: Key[] = [];
  #touchedTimes: Time[] = [];

  /** The state from which the timers are derived; derived timers are not stored. */
  #followed: { readonly cell: Cell; readonly timesOf: (value: unknown) => readonly Time[] } | undefined;

  constructor(space: string, journal = new Journal()) {
    this.space = space;
    this.#journal = journal;
  }

  /** The earliest time any timer is set to; +∞ when there is none. */
  get next(): Time {
    for (;;) {
      const first = this.#times[0];
      if (first === undefined) return Number.POSITIVE_INFINITY;
      if (this.#buckets.get(first)!.size > 0) return first;
      this.#buckets.delete(first);
      popLeast(this.#times);
    }
  }

  /** Whether any timer is set to `until` or earlier. */
  isDue(until: Time): boolean {
    const { next } = this;
    return next <= until && next !== Number.POSITIVE_INFINITY;
  }

  set(of: SlotOrKey, time: Time): void {
    const bucket = this.#bucket(time);
    // One look-up: the size shows whether the timer is new.
    const { size } = bucket;
    const id = idOf(of);
    bucket.set(id, of);
    if (bucket.size === size) return;
    if (this.#firing !== undefined && !this.#mayFollow(id, of, time)) return;
    this.#journal.note(this, of, time);
    this.#touch(id, keyOf(of), time);
  }

  /** Whether a timer that was set while another fires may stay; otherwise it is taken away. Errors: TIMER_ENDLESS. */
  #mayFollow(id: KeyId, of: SlotOrKey, time: Time): boolean {
    const { time: firing, atEnd } = this.#firing!;
    if (!atEnd && time > firing) return true;
    if (this.#link < chainLimit) {
      let links = this.#links.get(time);
      if (links === undefined) this.#links.set(time, (links = new Map()));
      links.set(id, this.#link + 1);
      return true;
    }
    this.#buckets.get(time)!.delete(id);
    if (!atEnd) throw new MillraceError('TIMER_ENDLESS', { space: this.space, time, limit: chainLimit });
    this.#left.push([of, time]);
    return false;
  }

  /** Notes whose timer of the bucket that was taken fires next. */
  firing(id: KeyId): void {
    this.#link = this.#firing?.links?.get(id) ?? 0;
  }

  /** Ends the firing of what was due until then; returns how many timers were left at the end of the input. */
  rest(until: Time): number {
    this.#firing = undefined;
    const left = until === Number.POSITIVE_INFINITY ? this.#left.splice(0) : [];
    for (const [of, time] of left) this.set(of, time);
    return left.length;
  }

  /** Takes a timer back that was set, or sets one again that was cancelled. */
  revert(of: unknown, time: unknown): void {
    const id = idOf(of as SlotOrKey);
    const bucket = this.#bucket(time as Time);
    if (!bucket.delete(id)) bucket.set(id, of as SlotOrKey);
    this.#touch(id, keyOf(of as SlotOrKey), time as Time);
  }

  #bucket(time: Time): Map<KeyId, SlotOrKey> {
    const known = this.#buckets.get(time);
    if (known !== undefined) return known;
    const bucket = new Map<KeyId, SlotOrKey>();
    this.#buckets.set(time, bucket);
    pushTime(this.#times, time);
    return bucket;
  }

  cancel(of: SlotOrKey, time: Time): void {
    // An empty bucket stays until its time, so that a time is never in the heap twice.
    const id = idOf(of);
    if (this.#buckets.get(time)?.delete(id) !== true) return;
    this.#journal.note(this, of, time);
    this.#touch(id, keyOf(of), time);
  }

  /** Takes all timers of a key back. */
  cancelAll(of: SlotOrKey): void {
    for (const time of this.#buckets.keys()) this.cancel(of, time);
  }

  /** The keys with timers up to and including `until`; visits only the due part of the heap. */
  *due(until: Time): IterableIterator<SlotOrKey> {
    const path = [0];
    while (path.length > 0) {
      const i = path.pop()!;
      const time = this.#times[i];
      if (time === undefined || time > until) continue;
      yield* this.#buckets.get(time)!.values();
      path.push(2 * i + 1, 2 * i + 2);
    }
  }

  /**
   * Removes the earliest bucket; its keys are in canonical order, so that a restart fires in the same order. Until
   * `rest`, `atEnd` says whether every timer is due, because the input has ended.
   */
  take(atEnd = false): { readonly time: Time; readonly due: readonly SlotOrKey[] } {
    const time = this.next;
    this.#firing = { time, atEnd, links: this.#links.size === 0 ? undefined : this.#links.get(time) };
    if (this.#firing.links !== undefined) this.#links.delete(time);
    const bucket = this.#buckets.get(time)!;
    this.#buckets.delete(time);
    popLeast(this.#times);
    const sorted = [...bucket.entries()].sort(byId);
    for (const [id, of] of sorted) this.#touch(id, keyOf(of), time);
    return { time, due: sorted.map(([, of]) => of) };
  }

  /** From now on these timers are derived from a state. */
  follow(cell: Cell, timesOf: (value: unknown) => readonly Time[]): void {
    this.#followed = { cell, timesOf };
  }

  #touch(id: KeyId, key: Key, time: Time): void {
    if (this.#followed !== undefined) return;
    this.#touchedIds.push(id);
    this.#touchedKeys.push(key);
    this.#touchedTimes.push(time);
  }

  /** The changes since the last freeze. */
  freeze(): Delta[] {
    const deltas = this.#touchedIds.map((id, i): Delta => {
      const time = this.#touchedTimes[i]!;
      const isSet = this.#buckets.get(time)?.has(id) === true;
      const key = textOfId(id, this.#touchedKeys[i]!);
      return { space: this.space, key, sub: String(time), value: isSet ? present : null };
    });
    this.#touchedIds = [];
    this.#touchedKeys = [];
    this.#touchedTimes = [];
    return deltas;
  }

  /** Restores the timers from the store, or from the state that they are derived from. */
  async restore(store: TaskState): Promise<void> {
    if (this.#followed !== undefined) return this.#restoreFollowed(store, this.#followed.cell);
    for await (const page of store.scan({ name: this.space, kind: 'map' })) {
      for (const [text, sub] of page) {
        const key = parseKey(text);
        this.#bucket(Number(sub)).set(keyId(key), key);
      }
    }
  }

  async #restoreFollowed(store: TaskState, { space, codec }: Cell): Promise<void> {
    for await (const page of store.scan(space)) {
      for (const [text, , bytes] of page) {
        const key = parseKey(text);
        const value = readVersioned(codec, bytes.subarray(versionAt(bytes)), space.name);
        for (const time of this.#followed!.timesOf(value)) this.#bucket(time).set(keyId(key), key);
      }
    }
  }
}

type Links = Map<KeyId, number>;

/** Far more than a chain that comes to an end by itself has. */
const chainLimit = 100;

const present = new Uint8Array([1]);

const byId = (a: readonly [KeyId, SlotOrKey], b: readonly [KeyId, SlotOrKey]): number => compareParts(a[0], b[0]);

function pushTime(heap: Time[], time: Time): void {
  let i = heap.push(time) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent]! <= time) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = time;
}

function popLeast(heap: Time[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= last) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
}
