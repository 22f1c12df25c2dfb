/**
 * Keyed state in memory, for tests and simulated runs. It fulfils the whole contract, with fences and idempotent
 * commits, and it can forget acknowledged writes, like a store that failed over to a lagging replica.
 */

import { MillraceError } from '../errors.ts';
import type { Delta, EpochCommit, Loaded, Meta, OutboxEntry, Space, StateStore, TaskState } from './store.ts';

/** A state store in memory, with a hook that no real store has. */
export interface MemoryState extends StateStore {
  /** Undoes the last `writes` of the task: take-overs, commits, acknowledgements and drops. */
  loseTail(job: string, task: string, writes: number): void;
}

/** How many writes per task `loseTail` can undo; by default none, since each write keeps what it replaced. */
export interface MemoryStateOptions {
  readonly undoable?: number;
}

/** The entries of a space by key; most have no sub and need no map of their own. */
interface Entries {
  readonly plain: Map<string, Uint8Array>;
  readonly mapped: Map<string, Map<string, Uint8Array>>;
}

interface Task {
  readonly name: string;
  /** How many writes can be undone. */
  readonly undoable: number;
  fence: number;
  resets: number;
  meta: Meta | undefined;
  /** Spaces that hold entries. */
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
      const task = tasks.get(name) ?? emptyTask(name, undoable);
      tasks.set(name, task);
      if (task.fence < known) {
        throw new MillraceError('STATE_LOST_WRITES', { task: name, found: task.fence, known });
      }
      remember(task, []);
      task.fence++;
      return owned(task);
    },
    /** Fences survive the reset, so that former owners stay fenced. */
    async reset(job) {
      for (const task of jobs.get(job)?.values() ?? []) {
        Object.assign(task, emptyTask(task.name, undoable), { fence: task.fence + 1, resets: task.resets + 1 });
      }
    },
    async close() {},
    loseTail(job, name, writes) {
      const undo = jobs.get(job)?.get(name)?.undo ?? [];
      for (const back of undo.splice(undo.length - writes).reverse()) back();
    },
  };
}

function emptyTask(name: string, undoable: number): Task {
  return { name, undoable, fence: 0, resets: 0, meta: undefined, spaces: new Map(), outbox: [], undo: [] };
}

/** The task as seen by the owner who has just raised its fence. */
function owned(task: Task): TaskState {
  const mine = task.fence;
  const check = () => {
    if (task.fence === mine) return;
    throw new MillraceError('STATE_FENCED', { task: task.name, mine, theirs: task.fence });
  };
  return {
    fence: mine,
    meta: task.meta,
    resets: task.resets,
    async load(space, keys) {
      const entries = task.spaces.get(space.name);
      return keys.map((key) => (entries === undefined ? [] : entriesOf(entries, key)));
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
      remember(task, commit.deltas);
      apply(task, commit);
    },
    async confirm() {},
    async acknowledge(lane, seq) {
      check();
      remember(task, []);
      task.outbox = task.outbox.filter((entry) => entry.lane !== lane || entry.seq > seq);
    },
    async drop(spaces) {
      check();
      const gone = spaces.map(({ name }) => [name, task.spaces.get(name)] as const);
      remember(task, [], () => {
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
  let entries = task.spaces.get(space);
  if (entries === undefined) {
    if (value === null) return;
    task.spaces.set(space, (entries = { plain: new Map(), mapped: new Map() }));
  }
  if (value === null) {
    remove(entries, key, sub);
    if (entries.plain.size + entries.mapped.size === 0) task.spaces.delete(space);
  } else if (sub === '') {
    entries.plain.set(key, value.slice());
  } else {
    const subs = entries.mapped.get(key);
    if (subs === undefined) entries.mapped.set(key, new Map([[sub, value.slice()]]));
    else subs.set(sub, value.slice());
  }
}

function remove({ plain, mapped }: Entries, key: string, sub: string): void {
  if (sub === '') {
    plain.delete(key);
    return;
  }
  const subs = mapped.get(key);
  subs?.delete(sub);
  if (subs?.size === 0) mapped.delete(key);
}

function entriesOf({ plain, mapped }: Entries, key: string): Loaded {
  const value = plain.get(key);
  const found: [string, Uint8Array][] = value === undefined ? [] : [['', value.slice()]];
  for (const [sub, bytes] of mapped.get(key) ?? []) found.push([sub, bytes.slice()]);
  return found;
}

/** Stores how to undo the next write: the former entries, fence, meta and outbox. */
function remember(task: Task, deltas: readonly Delta[], more = () => {}): void {
  if (task.undoable === 0) return;
  const { fence, meta, outbox } = task;
  const former = deltas.map((delta): Delta => {
    const entries = task.spaces.get(delta.space);
    const { key, sub } = delta;
    const value = sub === '' ? entries?.plain.get(key) : entries?.mapped.get(key)?.get(sub);
    return { ...delta, value: value ?? null };
  });
  task.undo.push(() => {
    for (const delta of former) put(task, delta);
    more();
    Object.assign(task, { fence, meta, outbox });
  });
  if (task.undo.length > task.undoable) task.undo.shift();
}

async function* scan(task: Task, space: Space): AsyncIterable<readonly (readonly [string, string, Uint8Array])[]> {
  const entries = task.spaces.get(space.name);
  if (entries === undefined) return;
  const keys = new Set([...entries.plain.keys(), ...entries.mapped.keys()]);
  const all = [...keys].flatMap((key) => entriesOf(entries, key).map(([sub, value]) => [key, sub, value] as const));
  for (let from = 0; from < all.length; from += pageLength) yield all.slice(from, from + pageLength);
}
