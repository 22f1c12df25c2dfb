/** Keyed state as operators see it; it always belongs to the key of the record or timer being handled. */

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
  /** One entry, to read and write it with a single look-up. Must not be kept. */
  at(sub: S): MapEntry<V>;
  /** Number of entries. */
  readonly size: number;
  entries(): IterableIterator<readonly [S, V]>;
  clear(): void;
}

/** One entry of a map; its value is undefined if it is absent. */
export interface MapEntry<V> {
  readonly value: V | undefined;
  set(value: V | undefined): void;
}
