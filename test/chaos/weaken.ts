/**
 * Negative controls: ports with one protection taken out. A campaign over them must report loss or doubles, or its
 * checker would be blind.
 */
import { randomUUID } from 'node:crypto';
import { hasCode } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { StateStore, TaskState } from '../../state/store.ts';

export const protections = ['fence', 'token', 'outbox', 'mark'] as const;
export type Protection = (typeof protections)[number];

export function without(protection: Protection, ports: Ports): Ports {
  const { topics, state, tables } = ports;
  switch (protection) {
    case 'token': {
      const insert: typeof tables.insert = (table, ndjson, chunk) =>
        tables.insert(table, ndjson, { ...chunk, token: randomUUID() });
      return { ...ports, tables: replaced(tables, { insert }) };
    }
    case 'outbox': {
      const open: StateStore['open'] = async (...given) =>
        replaced(await state.open(...given), { outbox: async () => [] });
      return { ...ports, state: replaced(state, { open }) };
    }
    case 'mark':
      return { ...ports, topics: replaced(topics, { mark: async () => undefined }) };
    case 'fence': {
      const open: StateStore['open'] = async (...given) => unfenced(state, given, await state.open(...given));
      return { ...ports, state: replaced(state, { open }) };
    }
  }
}

/** The target with some of its methods replaced. */
function replaced<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const own: unknown = Reflect.get(methods, name);
      const member: unknown = own ?? Reflect.get(target, name);
      return typeof member === 'function' && own === undefined ? member.bind(target) : member;
    },
  });
}

/** The store takes every write as its present owner's, and as the next epoch. */
function unfenced(state: StateStore, given: Parameters<StateStore['open']>, first: TaskState): TaskState {
  let mine = first;
  /** Writes, if need be as the task's newest owner. */
  const insist = async (write: (as: TaskState) => Promise<void>): Promise<void> => {
    for (let tries = 1; ; tries++) {
      try {
        return await write(mine);
      } catch (error) {
        if (tries === 5 || !(hasCode(error, 'STATE_FENCED') || hasCode(error, 'STATE_EPOCH_GAP'))) throw error;
        mine = await state.open(...given);
      }
    }
  };
  return replaced(first, {
    commit: (commit) =>
      insist((as) => {
        const isMine = as === first;
        const epoch = isMine ? commit.meta.epoch : (as.meta?.epoch ?? -1) + 1;
        return as.commit({ ...commit, meta: { ...commit.meta, epoch } });
      }),
    acknowledge: (lane, seq) => insist((as) => as.acknowledge(lane, seq)),
    confirm: () => insist((as) => as.confirm()),
  });
}
