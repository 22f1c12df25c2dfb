/**
 * Keyed state in memory, for tests and simulated runs. It keeps the whole contract, fences and idempotent commits
 * included, and can forget acknowledged writes, as a store does that failed over to a replica that lagged.
 */
import { MillraceError } from '../errors.ts';
import type { Delta, EpochCommit, Meta, OutboxEntry, Space, StateStore, TaskState } from './store.ts';

/** A state store in memory, with a hook that no real store has. */
export interface MemoryState extends StateStore {
  /** Undoes the last `writes` of the task: take-overs, commits, acknowledgements and drops. */
  loseTail(job: string, task: string, writes: number): void;
}

/** How many writes per task can be undone by `loseTail`; none by default, since each remembers what it replaced. */
export interface MemoryStateOptions {
  readonly undoable?: number;
}

type Entries = Map<string, Map<string, Uint8Array>>;

interface Task {
  readonly name: string;
  fence: number;
  meta: Meta | undefined;
  /** By space, key and sub. A space without entries is not there. */
  spaces: Map<string, Entries>;
  /** Replaced, never changed in place, so that an undo can put the former one back. */
  outbox: readonly OutboxEntry[];
  undo: (() => void)[];
}

const pageLength = 1000;

/** An empty store. */
export function memoryState(options: MemoryStateOptions = {}): MemoryState {
  const { undoable = 0 } = options;
  const jobs = new Map<string, Map<string, Task>>();
  return {
    async open(job, name, known = 0) {
      const tasks = jobs.get(job) ?? new Map<string, Task>();
      jobs.set(job, tasks);
      const task = tasks.get(name) ?? emptyTask(name);
      tasks.set(name, task);
      if (task.fence < known) {
        throw new MillraceError('STATE_LOST_WRITES', { task: name, found: task.fence, known });
      }
      remember(task, undoable, []);
      task.fence++;
      return owned(task, undoable);
    },
    /** Fences outlive the reset: an owner from before it must stay fenced. */
    async reset(job) {
      for (const task of jobs.get(job)?.values() ?? []) {
        Object.assign(task, emptyTask(task.name), { fence: task.fence + 1 });
      }
    },
    async close() {},
    loseTail(job, name, writes) {
      const undo = jobs.get(job)?.get(name)?.undo ?? [];
      for (const back of undo.splice(undo.length - writes).reverse()) back();
    },
  };
}

function emptyTask(name: string): Task {
  return { name, fence: 0, meta: undefined, spaces: new Map(), outbox: [], undo: [] };
}

/** The task as seen by the owner who has just raised its fence. */
function owned(task: Task, undoable: number): TaskState {
  const mine = task.fence;
  const check = () => {
    if (task.fence === mine) return;
    throw new MillraceError('STATE_FENCED', { task: task.name, mine, theirs: task.fence });
  };
  return {
    fence: mine,
    meta: task.meta,
    async load(space, keys) {
      const entries = task.spaces.get(space.name);
      return keys.map((key) => [...(entries?.get(key) ?? [])].map(([sub, value]) => [sub, value.slice()] as const));
    },
    scan: (space) => scan(task, space),
    async outbox() {
      return [...task.outbox].sort((a, b) => (a.lane === b.lane ? a.seq - b.seq : a.lane < b.lane ? -1 : 1));
    },
    async commit(commit) {
      check();
      if (task.meta?.commitId === commit.meta.commitId) return;
      const last = task.meta?.epoch ?? -1;
      if (commit.meta.epoch !== last + 1) {
        throw new MillraceError('STATE_EPOCH_GAP', { task: task.name, got: commit.meta.epoch, last });
      }
      remember(task, undoable, commit.deltas);
      apply(task, commit);
    },
    async confirm() {},
    async acknowledge(lane, seq) {
      check();
      remember(task, undoable, []);
      task.outbox = task.outbox.filter((entry) => entry.lane !== lane || entry.seq > seq);
    },
    async drop(spaces) {
      check();
      const gone = spaces.map(({ name }) => [name, task.spaces.get(name)] as const);
      remember(task, undoable, [], () => {
        for (const [name, entries] of gone) if (entries !== undefined) task.spaces.set(name, entries);
      });
      for (const [name] of gone) task.spaces.delete(name);
    },
    async spaces() {
      return [...task.spaces.keys()].sort();
    },
  };
}

function apply(task: Task, { meta, deltas, outbox }: EpochCommit): void {
  for (const delta of deltas) put(task, delta);
  task.outbox = [...task.outbox, ...outbox.map((entry) => ({ ...entry, payload: entry.payload.slice() }))];
  task.meta = meta;
}

function put(task: Task, { space, key, sub, value }: Delta): void {
  const entries: Entries = task.spaces.get(space) ?? new Map();
  const subs = entries.get(key) ?? new Map<string, Uint8Array>();
  if (value === null) subs.delete(sub);
  else subs.set(sub, value.slice());
  if (subs.size > 0) entries.set(key, subs);
  else entries.delete(key);
  if (entries.size > 0) task.spaces.set(space, entries);
  else task.spaces.delete(space);
}

/** Notes how to take the write back that is about to happen: the former entries, fence, meta and outbox. */
function remember(task: Task, undoable: number, deltas: readonly Delta[], more = () => {}): void {
  if (undoable === 0) return;
  const { fence, meta, outbox } = task;
  const former = deltas.map((delta): Delta => {
    const value = task.spaces.get(delta.space)?.get(delta.key)?.get(delta.sub) ?? null;
    return { ...delta, value };
  });
  task.undo.push(() => {
    for (const delta of former) put(task, delta);
    more();
    Object.assign(task, { fence, meta, outbox });
  });
  if (task.undo.length > undoable) task.undo.shift();
}

async function* scan(task: Task, space: Space): AsyncIterable<readonly (readonly [string, string, Uint8Array])[]> {
  const entries = task.spaces.get(space.name) ?? new Map<string, Map<string, Uint8Array>>();
  const all = [...entries].flatMap(([key, subs]) =>
    [...subs].map(([sub, value]) => [key, sub, value.slice()] as const),
  );
  for (let from = 0; from < all.length; from += pageLength) yield all.slice(from, from + pageLength);
}
