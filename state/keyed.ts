/** What operators see of keyed state; always that of the record or timer being handled. */

import type { KeyPart } from './key.ts';

/** One value per key. */
export interface ValueState<V> {
  get(): V | undefined;
  set(value: V): void;
  clear(): void;
}

/** Many values per key, each under a sub-key. Setting a value that was changed in place stores the change. */
export interface MapState<S extends KeyPart, V> {
  get(sub: S): V | undefined;
  set(sub: S, value: V): void;
  delete(sub: S): void;
  /** The place of one entry, for reading and writing it with a single look-up. Not to be kept. */
  at(sub: S): MapEntry<V>;
  /** Number of entries. */
  readonly size: number;
  entries(): IterableIterator<readonly [S, V]>;
  clear(): void;
}

/** One entry of a map; undefined is absent. */
export interface MapEntry<V> {
  readonly value: V | undefined;
  set(value: V | undefined): void;
}
