/** Value and map state over a cell of a key table. They always read and write the table's current slot. */

import { MillraceError } from '../errors.ts';
import type { Duration, Time } from '../time/duration.ts';
import { type Entry, type Expiry, lazyKey } from './entry.ts';
import { admitKey, type KeyPart } from './key.ts';
import type { TableCell } from './key-table.ts';
import type { MapState, ValueState } from './keyed.ts';
import type { Timers } from './timers.ts';

/** A value state. */
export function valueState<V>(cell: TableCell): ValueState<V> {
  const { table, index } = cell;
  return {
    get: () => (table.current.cells[index] as Entry<V> | undefined)?.value,
    set: (value) => table.entry(table.current, cell).set(value),
    clear() {
      const entry = table.current.cells[index] as Entry | undefined;
      if (entry?.value !== undefined) entry.set(undefined);
    },
  };
}

/** A map state of at most `limit` entries per key. Errors: STATE_OVERFLOW. */
export function mapState<S extends KeyPart, V>(cell: TableCell, limit: number): MapState<S, V> {
  const { table } = cell;
  const present = () => table.entries(table.current, cell) as Map<KeyPart, Entry<V>>;
  /** Entries deleted in this epoch are still in memory, without a value. */
  const live = (): number => {
    let count = 0;
    for (const entry of present().values()) if (entry.value !== undefined) count++;
    return count;
  };
  const at = (sub: S): Entry<V> => {
    const known = present().get(sub);
    if (known !== undefined) return known;
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
    get: (sub) => present().get(sub)?.value,
    set: (sub, value) => at(sub).set(value),
    delete(sub) {
      const entry = present().get(sub);
      if (entry?.value !== undefined) entry.set(undefined);
    },
    get size() {
      return live();
    },
    *entries() {
      for (const [sub, { value }] of present()) if (value !== undefined) yield [sub as S, value] as const;
    },
    clear() {
      for (const entry of present().values()) if (entry.value !== undefined) entry.set(undefined);
    },
  };
}

/**
 * Expiry by buckets: a write arms one timer per key at the end of the bucket, an eighth of the TTL long, in which the
 * entry expires. A timer that finds the entry written since then leaves it to the later timer. `now` is event time.
 *
 * Entries of lazy maps have a timer each, which moves with every write: when it is due, the entry need not be loaded.
 */
export function expiryBy(ttl: Duration, timers: Timers, now: () => Time): Expiry {
  const touchLazy = (entry: Entry): void => {
    const key = lazyKey(entry.slot.key, entry.sub!);
    const { touched } = entry;
    if (touched !== undefined) timers.cancel(key, bucketEnd(touched, ttl));
    if (entry.value === undefined) return;
    timers.set(key, bucketEnd(touchedNow(entry, now()), ttl));
  };
  return {
    ttl,
    touch(entry) {
      if (entry.cell.lazy) return touchLazy(entry);
      if (entry.value === undefined) return;
      timers.set(entry.slot, bucketEnd(touchedNow(entry, now()), ttl));
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

function bucketEnd(touched: Time, ttl: Duration): Time {
  const bucket = Math.max(1, Math.floor(ttl / 8));
  return (Math.floor((touched + ttl) / bucket) + 1) * bucket;
}
