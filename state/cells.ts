/** Value and map state over a cell of a key table. They always read and write the table's current slot. */

import { MillraceError } from '../errors.ts';
import type { Duration, Time } from '../time/duration.ts';
import { type Entry, type Expiry, lazyKey, type SlotOrKey } from './entry.ts';
import { admitKey, compareParts, type KeyPart } from './key.ts';
import type { TableCell } from './key-table.ts';
import type { MapState, ValueState } from './keyed.ts';
import type { Timers } from './timers.ts';

/** A value state. */
export function valueState<V>(cell: TableCell): ValueState<V> {
  const { table, index } = cell;
  const isPlain = cell.expiry === undefined && cell.careful !== true;
  return {
    get: isPlain
      ? () => (table.current.cells[index] as Entry<V> | undefined)?.value
      : () => handedOut(table.current.cells[index] as Entry<V> | undefined),
    set: (value) => table.entry(table.current, cell).set(value),
    clear() {
      const entry = table.current.cells[index] as Entry | undefined;
      if (entry?.value !== undefined) entry.set(undefined);
    },
  };
}

/** The value for a handler: none where it has expired; saved first where a handler that throws is to leave no trace. */
function handedOut<V>(entry: Entry<V> | undefined): V | undefined {
  if (entry === undefined || isOver(entry)) return undefined;
  if (entry.cell.careful === true) entry.save();
  return entry.value;
}

/** Whether there is no value, or one that has expired and is not swept yet. */
function isOver(entry: Entry): boolean {
  return entry.value === undefined || entry.cell.expiry?.isOver(entry) === true;
}

/** A map state of at most `limit` entries per key. Errors: STATE_OVERFLOW. */
export function mapState<S extends KeyPart, V>(cell: TableCell, limit: number): MapState<S, V> {
  const { table } = cell;
  const isPlain = cell.expiry === undefined && cell.careful !== true;
  const present = () => table.entries(table.current, cell) as Map<KeyPart, Entry<V>>;
  const ordered = inOrder<V>();
  /** Entries deleted in this epoch are still in memory, without a value. */
  const live = (): number => {
    let count = 0;
    for (const entry of present().values()) if (!isOver(entry)) count++;
    return count;
  };
  const prepared = (entry: Entry<V>): Entry<V> => {
    if (entry.value !== undefined && isOver(entry)) entry.set(undefined);
    if (cell.careful === true) entry.save();
    return entry;
  };
  const at = (sub: S): Entry<V> => {
    const known = present().get(sub);
    if (known !== undefined) return isPlain ? known : prepared(known);
    admitKey(sub);
    if (cell.lazy) {
      const detail = {
        option: 'prefetch',
        owner: `map '${cell.space.name}'`,
        got: 'silent',
        expected: `to name ${sub}`,
      };
      throw new MillraceError('OPTION_INVALID', detail);
    }
    if (present().size >= limit && live() >= limit)
      throw new MillraceError('STATE_OVERFLOW', { space: cell.space.name, limit });
    return table.mapEntry(table.current, cell, sub) as Entry<V>;
  };
  return {
    at,
    get: isPlain ? (sub) => present().get(sub)?.value : (sub) => handedOut(present().get(sub)),
    set: (sub, value) => at(sub).set(value),
    delete(sub) {
      const entry = present().get(sub);
      if (entry?.value !== undefined) entry.set(undefined);
    },
    get size() {
      return live();
    },
    *entries() {
      for (const [sub, entry] of ordered(present())) {
        const value = isPlain ? entry.value : handedOut(entry);
        if (value !== undefined) yield [sub as S, value] as const;
      }
    },
    clear() {
      for (const entry of present().values()) if (entry.value !== undefined) entry.set(undefined);
    },
  };
}

/**
 * Walks through the entries of a map in the order of their sub-keys, which a store need not return. A map whose
 * entries were added in another order is put in order first, so that only the first walk costs a sort; while it is
 * being walked through, another walk takes an ordered copy.
 */
function inOrder<V>(): (entries: Map<KeyPart, Entry<V>>) => Generator<readonly [KeyPart, Entry<V>]> {
  let walking = 0;
  return function* (entries) {
    let walked: Iterable<readonly [KeyPart, Entry<V>]> = entries;
    if (!isOrdered(entries)) {
      const sorted = [...entries].sort(([a], [b]) => compareParts(a, b));
      if (walking > 0) walked = sorted;
      else {
        entries.clear();
        for (const [sub, entry] of sorted) entries.set(sub, entry);
      }
    }
    walking++;
    try {
      yield* walked;
    } finally {
      walking--;
    }
  };
}

function isOrdered(entries: ReadonlyMap<KeyPart, unknown>): boolean {
  let last: KeyPart | undefined;
  for (const sub of entries.keys()) {
    if (last !== undefined && compareParts(last, sub) > 0) return false;
    last = sub;
  }
  return true;
}

/**
 * Expiry by buckets: a write arms one timer per key at the end of the bucket, an eighth of the TTL long, in which the
 * entry expires. A timer that finds the entry written since then leaves it to the later timer. `now` is event time.
 *
 * Entries of lazy maps have a timer each, which moves with every write: when it is due, the entry need not be loaded.
 *
 * An entry that has expired and was not swept yet is not read any more: by `reached`, how far time has come for a
 * reader, which is the time of its timer, or of its record or the watermark.
 */
export function expiryBy(
  ttl: Duration,
  timers: Timers,
  { now, reached }: { readonly now: () => Time; readonly reached: () => Time },
): Expiry {
  const sweepBehind = (entry: Entry, owner: SlotOrKey): void => {
    const time = now();
    // A record without a time, in a job without event time, makes nothing expire.
    if (Number.isNaN(time)) return;
    timers.set(owner, bucketEnd(touchedNow(entry, time), ttl));
  };
  const touchLazy = (entry: Entry): void => {
    const key = lazyKey(entry.slot.key, entry.sub!);
    const { touched } = entry;
    if (touched === Number.NEGATIVE_INFINITY) timers.cancelAll(key);
    else if (touched !== undefined) timers.cancel(key, bucketEnd(touched, ttl));
    if (entry.value !== undefined) sweepBehind(entry, key);
  };
  return {
    ttl,
    isOver: ({ touched }) => touched !== undefined && Number.isFinite(touched) && touched + ttl <= reached(),
    touch(entry) {
      if (entry.cell.lazy) return touchLazy(entry);
      if (entry.value !== undefined) sweepBehind(entry, entry.slot);
    },
  };
}

/** Deletes the entries of the current key that expired by `until`; run when an expiry timer is due. */
export function expire(cell: TableCell, until: Time): void {
  const held = cell.table.current.cells[cell.index];
  if (held === undefined || cell.expiry === undefined) return;
  for (const entry of held instanceof Map ? held.values() : [held]) {
    if (entry.value !== undefined && bucketEnd(entry.touched!, cell.expiry.ttl) <= until) entry.set(undefined);
  }
}

/** Stores the time of a write in the entry; a late write does not make the entry older. */
function touchedNow(entry: Entry, now: Time): Time {
  return (entry.touched = entry.touched === undefined ? now : Math.max(entry.touched, now));
}

/** The time at which the sweep for an entry written at `touched` is due. */
export function bucketEnd(touched: Time, ttl: Duration): Time {
  const bucket = Math.max(1, Math.floor(ttl / 8));
  return (Math.floor((touched + ttl) / bucket) + 1) * bucket;
}
