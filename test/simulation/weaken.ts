/** Ports with one protection switched off: what checkers must notice. */
import type { TaskState } from '../../state/store.ts';
import type { Producer } from '../../topics/topics.ts';
import type { WorldPorts } from './world.ts';

export type Weaken = (ports: WorldPorts) => WorldPorts;

export const withoutToken: Weaken = (ports) => {
  let inserts = 0;
  const { tables } = ports;
  const insert: typeof tables.insert = (table, ndjson, chunk) =>
    tables.insert(table, ndjson, { ...chunk, token: `${inserts++}` });
  return { ...ports, tables: { ...tables, insert } };
};

export const withoutOutbox: Weaken = (ports) => {
  const { state } = ports;
  const open: typeof state.open = async (...given) => ({ ...(await state.open(...given)), outbox: async () => [] });
  return { ...ports, state: { ...state, open } };
};

export const withoutMark: Weaken = (ports) => ({ ...ports, topics: { ...ports.topics, mark: async () => undefined } });

/** The store takes every write as its present owner's. */
export const withoutFence: Weaken = (ports) => {
  const { state } = ports;
  let present: TaskState;
  const open: typeof state.open = async (...given) => {
    const mine = (present = await state.open(...given));
    return {
      ...mine,
      commit: (commit) => present.commit(commit),
      acknowledge: (lane, seq) => present.acknowledge(lane, seq),
    };
  };
  return { ...ports, state: { ...state, open } };
};

/** The same for producers. */
export const withoutProducerFence: Weaken = (ports) => {
  const { topics } = ports;
  let present: Producer;
  const producer: typeof topics.producer = async (id) => {
    present = await topics.producer(id);
    return { transact: (transaction) => present.transact(transaction), close: async () => {} };
  };
  return { ...ports, topics: { ...topics, producer } };
};
