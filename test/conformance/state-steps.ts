/** What the suite of StateStore works with: a store under test, and its steps in short. */
import { randomUUID } from 'node:crypto';
import type { Delta, EpochCommit, OutboxEntry, Space, StateStore, TaskState } from '../../state/store.ts';

/** A store under test. `reopen` closes it and opens what survived; a store that keeps nothing has none. */
export interface StateUnderTest {
  readonly state: StateStore;
  readonly reopen?: () => Promise<StateStore>;
  close(): Promise<void>;
}

export const value: Space = { name: 'count/value', kind: 'value' };
export const map: Space = { name: 'join/map', kind: 'map' };

/** An epoch's commit with what matters to a test; the rest is plain. */
export function epoch(
  n: number,
  rest: Partial<Omit<EpochCommit, 'meta'>> & { readonly commitId?: string } = {},
): EpochCommit {
  const { commitId = `commit-${n}-${randomUUID()}`, deltas = [], outbox = [] } = rest;
  const positions = { logs: { '0': n * 10 } };
  return { meta: { generation: 1, epoch: n, commitId, positions, runtime: { watermark: n } }, deltas, outbox };
}

export function put(space: Space, key: string, text: string | null, sub = ''): Delta {
  return { space: space.name, key, sub, value: text === null ? null : Buffer.from(text) };
}

/** Entries as plain texts, subs in order. */
export async function loaded(task: TaskState, space: Space, keys: readonly string[]) {
  const found = await task.load(space, keys);
  return found.map((entries) => entries.map(([sub, bytes]) => [sub, Buffer.from(bytes).toString()]).sort());
}

export function waiting(lane: string, seq: number, payload = `${lane}-${seq}`): OutboxEntry {
  return { lane, seq, epoch: 0, payload: Buffer.from(payload) };
}

export async function lanes(task: TaskState): Promise<readonly string[]> {
  return (await task.outbox()).map(({ lane, seq, payload }) => `${lane}:${seq}:${Buffer.from(payload)}`);
}

/** A test over a store, with a job name of its own. */
export type StateTest = (store: StateStore, job: string, under: StateUnderTest) => Promise<void>;
