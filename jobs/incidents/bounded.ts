/**
 * Map states that input fills. Each holds so many entries and no more: a state that overflows would throw on every
 * record from then on, and stop the job. Where there is no room a sixteenth of them, the oldest, is forgotten and told.
 */
import type { KeyPart, MapState } from 'millrace';
import type { Entries } from '../../signals/entries.ts';

/** How many entries a state has room for, and what makes one older than another. */
export interface Bound<K, V> {
  readonly name: string;
  readonly most: number;
  readonly age: (value: V, key: K) => number;
}

/** What was forgotten of a state. */
export interface Evicted {
  readonly state: string;
  readonly entries: number;
  readonly most: number;
}

/**
 * The state, with room for `most` entries; `tell` is called with what was forgotten.
 *
 * State: none of its own.
 */
export function bounded<K extends KeyPart, V>(
  state: MapState<K, V>,
  { name, most, age }: Bound<K, V>,
  tell: (evicted: Evicted) => void,
): Entries<K, V> {
  const makeRoom = () => {
    const all = [...state.entries()].map(([key, value]) => [age(value, key), key] as const);
    const oldest = all.sort(([a], [b]) => a - b).slice(0, Math.max(1, all.length - most + Math.floor(most / 16)));
    for (const [, key] of oldest) state.delete(key);
    tell({ state: name, entries: oldest.length, most });
  };
  return {
    get: (key) => state.get(key),
    set(key, value) {
      if (state.get(key) === undefined && state.size >= most) makeRoom();
      state.set(key, value);
    },
    delete: (key) => state.delete(key),
    entries: () => state.entries(),
  };
}
