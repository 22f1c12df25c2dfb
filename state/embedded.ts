/**
 * Keyed state in one LMDB file, for a single process. An epoch's commit is one transaction of the file and
 * is on the disk when it resolves. However the process ends, the file holds a whole number of epochs.
 *
 * Entries are stored under `space number, length of key, key, sub`, so that the entries of a key are one range, and so
 * are those of a space. Spaces and tasks get a number when they first appear, since their names would be repeated in
 * every key. A key and its sub may take about 4,000 bytes together.
 */

import { MillraceError } from '../errors.ts';
import { type Embedded, type EmbeddedTable, longestKey, openEmbedded } from '../lmdb/environment.ts';
import type { Delta, EpochCommit, Loaded, Meta, OutboxEntry, Space, StateStore, TaskState } from './store.ts';

interface Tables {
  readonly file: Embedded;
  /** By JSON of job and task; the row `next` counts the numbers given. */
  readonly tasks: EmbeddedTable;
  /** By task number and space name; the space's number. */
  readonly spaces: EmbeddedTable;
  readonly entries: EmbeddedTable;
  /** By task number, length of lane, lane and seq; epoch and payload. */
  readonly outbox: EmbeddedTable;
}

interface TaskRow {
  readonly number: number;
  readonly fence: number;
  readonly resets: number;
  readonly meta?: Meta;
}

interface Owner {
  readonly tables: Tables;
  readonly row: Buffer;
  readonly name: string;
  readonly number: number;
  readonly fence: number;
}

const pageLength = 1000;

/** Opens or creates the store in the directory `path`. Errors: EMBEDDED_IN_USE, STATE_CORRUPT, EMBEDDED_DISK_FULL. */
export async function embeddedState(path: string): Promise<StateStore> {
  const file = openEmbedded(path);
  const table = (name: string) => file.table(name);
  const tables: Tables = {
    file,
    tasks: table('tasks'),
    spaces: table('spaces'),
    entries: table('entries'),
    outbox: table('outbox'),
  };
  return {
    async open(job, name, known = 0) {
      const row = Buffer.from(JSON.stringify([job, name]));
      return file.write(() => {
        const found = readTask(tables, row)?.fence ?? 0;
        if (found < known) throw new MillraceError('STATE_LOST_WRITES', { task: name, found, known });
        const former = readTask(tables, row) ?? { number: nextNumber(tables), fence: 0, resets: 0 };
        const task: TaskRow = { ...former, fence: former.fence + 1 };
        writeTask(tables, row, task);
        return taskState({ tables, row, name, number: task.number, fence: task.fence }, task);
      });
    },
    reset: (job) => file.write(() => reset(tables, job)),
    close: () => file.close(),
  };
}

function taskState(owner: Owner, { meta, resets }: TaskRow): TaskState {
  const { tables, number, fence } = owner;
  const { file } = tables;
  return {
    fence,
    meta,
    resets,
    load: async (space, keys) => file.read(() => load(owner, space, keys)),
    scan: (space) => scan(tables, number, space.name),
    outbox: async () => file.read(() => readOutbox(tables, number)),
    async commit(commit) {
      const rows = encodeOutbox(number, commit.outbox);
      refuseLongKeys(commit.deltas);
      await file.write(() => commitEpoch(owner, commit, rows));
    },
    // A resolved commit is on the disk, and one disk is all an embedded store promises.
    async confirm() {},
    acknowledge: (lane, seq) =>
      file.write(() => {
        checkFence(owner);
        const lanes = lanePrefix(number, lane);
        removeRange(tables.outbox, seqKey(lanes, 0), seqKey(lanes, seq + 1));
      }),
    drop: (spaces) =>
      file.write(() => {
        checkFence(owner);
        for (const { name } of spaces) removeSpace(tables, spaceNumber(tables, number, name));
      }),
    spaces: async () => file.read(() => filledSpaces(tables, number)),
  };
}

function commitEpoch(
  owner: Owner,
  { meta, deltas }: EpochCommit,
  outbox: readonly (readonly [Buffer, Buffer])[],
): void {
  const { tables, row, name, number } = owner;
  const task = checkFence(owner);
  if (task.meta?.commitId === meta.commitId) return;
  const last = task.meta?.epoch ?? -1;
  if (meta.epoch !== last + 1) throw new MillraceError('STATE_EPOCH_GAP', { task: name, got: meta.epoch, last });
  const numbers = new Map<string, number>();
  for (const { space, key, sub, value } of deltas) {
    let spaceId = numbers.get(space);
    if (spaceId === undefined) numbers.set(space, (spaceId = numberSpace(tables, number, space)));
    const at = entryKey(spaceId, key, sub);
    if (value === null) tables.entries.removeSync(at);
    else tables.entries.putSync(at, value as Buffer);
  }
  for (const [key, value] of outbox) tables.outbox.putSync(key, value);
  writeTask(tables, row, { ...task, meta });
}

function checkFence({ tables, row, name, fence: mine }: Owner): TaskRow {
  const task = readTask(tables, row);
  if (task?.fence === mine) return task;
  throw new MillraceError('STATE_FENCED', { task: name, mine, theirs: task?.fence ?? 0 });
}

/** Checks keys before the transaction, since LMDB would refuse them in the middle of it. Errors: KEY_TOO_LONG. */
function refuseLongKeys(deltas: readonly Delta[]): void {
  for (const { key, sub } of deltas) {
    if ((key.length + sub.length) * 3 <= longestKey - 6) continue;
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(sub);
    if (bytes > longestKey - 6) throw new MillraceError('KEY_TOO_LONG', { bytes, limit: longestKey - 6 });
  }
}

function load({ tables, number }: Owner, { kind, name }: Space, keys: readonly string[]): readonly Loaded[] {
  const space = spaceNumber(tables, number, name);
  if (space === undefined) return keys.map(() => []);
  if (kind === 'map') return keys.map((key) => loadMap(tables, space, key));
  return keys.map((key) => {
    const value = tables.entries.getBinary(entryKey(space, key, ''));
    return value === undefined ? [] : [['', value] as const];
  });
}

function loadMap(tables: Tables, space: number, key: string): Loaded {
  const start = entryKey(space, key, '');
  const found: (readonly [string, Uint8Array])[] = [];
  for (const entry of tables.entries.getRange({ start, end: behind(start) })) {
    found.push([entry.key.toString('utf8', start.length), entry.value]);
  }
  return found;
}

/** Each page is its own view of the file: a view held between pages would keep LMDB from reusing space. */
async function* scan(tables: Tables, task: number, name: string) {
  const space = tables.file.read(() => spaceNumber(tables, task, name));
  if (space === undefined) return;
  const end = behind(spacePrefix(space));
  for (let start = spacePrefix(space); ; ) {
    const page = tables.file.read(() => [...tables.entries.getRange({ start, end, limit: pageLength })]);
    if (page.length > 0) yield page.map(({ key, value }) => [...splitKey(key), value] as const);
    if (page.length < pageLength) return;
    start = Buffer.concat([page.at(-1)!.key, Buffer.alloc(1)]);
  }
}

function spacePrefix(space: number): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(space);
  return prefix;
}

function entryKey(space: number, key: string, sub: string): Buffer {
  const keyBytes = Buffer.byteLength(key);
  const at = Buffer.allocUnsafe(6 + keyBytes + (sub === '' ? 0 : Buffer.byteLength(sub)));
  at.writeUInt32BE(space, 0);
  at.writeUInt16BE(keyBytes, 4);
  at.write(key, 6);
  if (sub !== '') at.write(sub, 6 + keyBytes);
  return at;
}

function splitKey(at: Buffer): readonly [key: string, sub: string] {
  const subAt = 6 + at.readUInt16BE(4);
  return [at.toString('utf8', 6, subAt), at.toString('utf8', subAt)];
}

/** The first key after all that begin with `prefix`: the prefix as a number, plus one. */
function behind(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  for (let i = end.length - 1; i >= 0; i--) {
    end[i] = end[i]! + 1;
    if (end[i] !== 0) break;
  }
  return end;
}

function lanePrefix(task: number, lane: string): Buffer {
  return entryKey(task, lane, '');
}

function seqKey(lane: Buffer, seq: number): Buffer {
  const key = Buffer.alloc(lane.length + 8);
  key.set(lane);
  key.writeBigUInt64BE(BigInt(seq), lane.length);
  return key;
}

function encodeOutbox(task: number, entries: readonly OutboxEntry[]): readonly (readonly [Buffer, Buffer])[] {
  return entries.map(({ lane, seq, epoch, payload }) => {
    const value = Buffer.alloc(8 + payload.length);
    value.writeDoubleLE(epoch, 0);
    value.set(payload, 8);
    return [seqKey(lanePrefix(task, lane), seq), value];
  });
}

function readOutbox(tables: Tables, task: number): readonly OutboxEntry[] {
  const start = spacePrefix(task);
  const found: OutboxEntry[] = [];
  for (const { key, value } of tables.outbox.getRange({ start, end: behind(start) })) {
    const seq = Number(key.readBigUInt64BE(key.length - 8));
    const lane = key.toString('utf8', 6, key.length - 8);
    found.push({ lane, seq, epoch: value.readDoubleLE(0), payload: value.subarray(8) });
  }
  return found.sort((a, b) => (a.lane === b.lane ? a.seq - b.seq : a.lane < b.lane ? -1 : 1));
}

function readTask(tables: Tables, row: Buffer): TaskRow | undefined {
  const text = tables.tasks.get(row);
  return text === undefined ? undefined : (JSON.parse(text.toString()) as TaskRow);
}

function writeTask(tables: Tables, row: Buffer, task: TaskRow): void {
  tables.tasks.putSync(row, Buffer.from(JSON.stringify(task)));
}

function nextNumber(tables: Tables): number {
  const row = Buffer.from('next');
  const number = Number(tables.tasks.get(row)?.toString() ?? 1);
  tables.tasks.putSync(row, Buffer.from(String(number + 1)));
  return number;
}

function spaceRow(task: number, name: string): Buffer {
  return Buffer.concat([spacePrefix(task), Buffer.from(name)]);
}

function spaceNumber(tables: Tables, task: number, name: string): number | undefined {
  return tables.spaces.get(spaceRow(task, name))?.readUInt32BE(0);
}

function numberSpace(tables: Tables, task: number, name: string): number {
  const found = spaceNumber(tables, task, name);
  if (found !== undefined) return found;
  const number = nextNumber(tables);
  tables.spaces.putSync(spaceRow(task, name), spacePrefix(number));
  return number;
}

function filledSpaces(tables: Tables, task: number): readonly string[] {
  const start = spacePrefix(task);
  return [...tables.spaces.getRange({ start, end: behind(start) })]
    .filter(
      ({ value: space }) => [...tables.entries.getKeys({ start: space, end: behind(space), limit: 1 })].length > 0,
    )
    .map(({ key }) => key.toString('utf8', 4))
    .sort();
}

function removeSpace(tables: Tables, space: number | undefined): void {
  if (space !== undefined) removeRange(tables.entries, spacePrefix(space), behind(spacePrefix(space)));
}

function removeRange(table: EmbeddedTable, start: Buffer, end: Buffer): void {
  for (const key of [...table.getKeys({ start, end })]) table.removeSync(key);
}

/** Fences survive the reset, so that former owners stay fenced. */
function reset(tables: Tables, job: string): void {
  const start = Buffer.from(`${JSON.stringify([job]).slice(0, -1)},`);
  for (const { key, value } of [...tables.tasks.getRange({ start, end: behind(start) })]) {
    const { number, fence, resets } = JSON.parse(value.toString()) as TaskRow;
    const task = spacePrefix(number);
    for (const { value: space } of [...tables.spaces.getRange({ start: task, end: behind(task) })]) {
      removeSpace(tables, space.readUInt32BE(0));
    }
    removeRange(tables.spaces, task, behind(task));
    removeRange(tables.outbox, task, behind(task));
    writeTask(tables, key, { number, fence: fence + 1, resets: resets + 1 });
  }
}
