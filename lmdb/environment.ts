/**
 * What the embedded implementations of the ports share: one LMDB environment in a directory of its own, owned by one
 * process. LMDB's errors become coded errors.
 *
 * Ownership is a file `owner` that names a process by id and start time, made by link(2), so that it appears
 * completely or not at all. Ownership of a dead process is taken over. Processes that can't see each other, such as
 * containers that share a volume, can't see each other's ownership either.
 */

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { MillraceError } from '../errors.ts';
import { damageOf } from './damage.ts';
import { makeDirectory, refusePipes, unusable } from './unusable.ts';

/** A table of an embedded file: keys and values are bytes, in the order of the keys' bytes. */
export type EmbeddedTable = Database<Buffer, Buffer>;

/** The longest key in bytes, for pages of 8 KiB. With LMDB's default of 4 KiB some keys of a job would be too long. */
export const longestKey = 4026;

/** One open embedded file. */
export interface Embedded {
  /** Opens or creates the named table. */
  table(name: string): EmbeddedTable;
  /**
   * Runs `action` in one atomic transaction and resolves when it is on the disk. An error that `action` throws aborts
   * this transaction alone. Errors: EMBEDDED_DISK_FULL, STATE_CORRUPT.
   */
  write<T>(action: () => T): Promise<T>;
  /** Runs `action` on one consistent view. Errors: STATE_CORRUPT. */
  read<T>(action: () => T): T;
  /** Waits for pending writes, closes the file and releases the directory. */
  close(): Promise<void>;
}

/**
 * Opens the directory `path` for this process alone.
 * Errors: EMBEDDED_IN_USE, EMBEDDED_UNUSABLE, STATE_CORRUPT, EMBEDDED_DISK_FULL.
 */
export function openEmbedded(path: string): Embedded {
  const release = own(path);
  try {
    const data = join(path, 'data.mdb');
    const damage = guarded(path, () => damageOf(data));
    if (damage !== undefined) throw new MillraceError('STATE_CORRUPT', { path: data, reason: damage });
    return withFile(
      path,
      guarded(path, () => openFile(path)),
      release,
    );
  } catch (error) {
    release();
    throw error;
  }
}

/** Without overlapping sync a commit resolves when it is on the disk, not merely visible. */
function openFile(path: string): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    path,
    noSubdir: false,
    pageSize: 8192,
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
}

function withFile(path: string, file: RootDatabase<Buffer, Buffer>, release: () => void): Embedded {
  return {
    table: (name) =>
      guarded(path, () => file.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' })),
    async write(action) {
      try {
        return await file.childTransaction(action);
      } catch (error) {
        throw coded(path, await rootCause(error));
      }
    },
    read: (action) => guarded(path, action),
    async close() {
      await file.close();
      release();
    },
  };
}

/** A failed commit rejects with an error that holds a promise of its cause. */
async function rootCause(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  try {
    return await error.commitError;
  } catch (cause) {
    return cause;
  }
}

function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw coded(path, error);
  }
}

/** A full disk: ENOSPC, EDQUOT and EFBIG, and EIO, which LMDB reports for an incomplete write. */
const noSpace = new Set<unknown>([5, 27, 28, 122, 'ENOSPC', 'EFBIG', 'EDQUOT', -30792]);
/** MDB_INCOMPATIBLE, MDB_INVALID, MDB_VERSION_MISMATCH, MDB_PANIC, MDB_CORRUPTED, MDB_PAGE_NOTFOUND. */
const damaged = new Set<unknown>([-30784, -30793, -30794, -30795, -30796, -30797]);

function coded(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MillraceError) return error;
  const cause = { cause: error };
  const code = 'code' in error ? error.code : undefined;
  // What lies in these files is JSON or is checked by its codec.
  if (damaged.has(code) || error instanceof SyntaxError) {
    return new MillraceError('STATE_CORRUPT', { path: join(path, 'data.mdb'), reason: error.message }, cause);
  }
  if (isLongKey(error)) {
    return new MillraceError('KEY_TOO_LONG', { bytes: `over ${longestKey}`, limit: longestKey }, cause);
  }
  if (noSpace.has(code)) return new MillraceError('EMBEDDED_DISK_FULL', { path }, cause);
  return unusable(path, error) ?? error;
}

/** The library copies a key into a buffer of its own, and meets the end of that first if the key is very long. */
const isLongKey = (error: Error): boolean =>
  /^Key .*too large/.test(error.message) ||
  (error instanceof RangeError && error.message === 'offset is out of bounds');

/** Makes this process the owner of the directory; the returned function releases it. */
function own(path: string): () => void {
  const owner = join(path, 'owner');
  const draft = `${owner}.${process.pid}`;
  const mine = ownIdentity();
  guarded(path, () => {
    makeDirectory(path);
    refusePipes(path);
    writeFileSync(draft, mine);
  });
  try {
    while (!appears(draft, owner)) {
      const found = guarded(path, () => ownerIn(owner));
      if (found === undefined) continue;
      if (isAlive(found)) throw new MillraceError('EMBEDDED_IN_USE', { path, pid: Number.parseInt(found, 10) });
      evict(owner, draft, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (contentOf(owner) === mine) rmSync(owner, { force: true });
  };
}

function appears(draft: string, owner: string): boolean {
  try {
    linkSync(draft, owner);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead owner's file away. If a faster process became the owner meanwhile, its file is put back. */
function evict(owner: string, draft: string, dead: string): void {
  const moved = `${draft}.dead`;
  try {
    renameSync(owner, moved);
  } catch {
    return;
  }
  if (contentOf(moved) !== dead) appears(moved, owner);
  rmSync(moved, { force: true });
}

/** The content of the file; undefined where it has just gone. */
function ownerIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

/** Tells this process from all others of this machine, those that had its id before included. */
export const ownIdentity = (): string => `${process.pid} ${startOf(process.pid)}`;

/** Whether the process with this identity runs. */
export function isAlive(found: string): boolean {
  const [pid, start] = found.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(Number(pid)) === start;
}

/**
 * When a process started, in clock ticks since boot: it distinguishes processes that had the same id. Empty where there
 * is no /proc.
 */
function startOf(pid: number): string {
  const stat = contentOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
