/**
 * Where pure code keeps many values: the part that a Map and a map state have in common. A value changed in place is
 * set again, so that a state notices.
 */
export interface Entries<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
  delete(key: K): unknown;
  entries(): IterableIterator<readonly [K, V]>;
}
