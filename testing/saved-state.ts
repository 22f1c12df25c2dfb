/** The whole content of a task's store as plain data, to save it and to fill another store with it. */

import type { TaskState } from '../state/store.ts';

/** An entry: its space, canonical key and sub-key, and its bytes in hexadecimal. */
export interface SavedEntry {
  readonly space: string;
  readonly key: string;
  readonly sub: string;
  readonly bytes: string;
}

/** All entries, in order. */
export type SavedState = readonly SavedEntry[];

/** All entries of a store. */
export async function exportState(state: TaskState): Promise<SavedState> {
  const entries: SavedEntry[] = [];
  for (const space of await state.spaces()) {
    for await (const page of state.scan({ name: space, kind: 'map' })) {
      for (const [key, sub, value] of page)
        entries.push({ space, key, sub, bytes: Buffer.from(value).toString('hex') });
    }
  }
  const nameOf = ({ space, key, sub }: SavedEntry) => JSON.stringify([space, key, sub]);
  return entries.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Fills an empty store, as its epoch 0. */
export async function importState(state: TaskState, saved: SavedState): Promise<void> {
  const meta = { generation: 1, epoch: 0, commitId: 'saved', positions: {}, runtime: null };
  const deltas = saved.map(({ bytes, ...name }) => ({ ...name, value: new Uint8Array(Buffer.from(bytes, 'hex')) }));
  await state.commit({ meta, deltas, outbox: [] });
}
