/**
 * Which files the patterns name right now. A file is known by device and inode, so that it stays the same split when
 * it is renamed; several names of one file are one split.
 */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MillraceError } from '../../errors.ts';
import { expandGlob, isGlob } from './glob.ts';

/** How many bytes at the beginning of a file tell it from another one with the same inode. */
export const headBytes = 256;

/** Files by split. */
export type FileSet = ReadonlyMap<string, string>;

/** Standard input's split. */
export const stdinSplit = '-';

/** Begins the split of a path that is no regular file, such as a named pipe: it can't be read twice. */
export const pipePrefix = 'pipe:';

/** The split of a regular file. */
export const splitOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/**
 * Paths by split for all patterns, in the order of patterns and paths. `strict` asks for at least one file per pattern;
 * when following, one with wildcards may have none yet. Errors: FILE_MISSING, FILE_UNREADABLE.
 */
export async function scanFiles(
  patterns: readonly string[],
  { strict, follow }: { readonly strict: boolean; readonly follow: boolean },
): Promise<FileSet> {
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    if (pattern === '-') {
      files.set(stdinSplit, '-');
      continue;
    }
    const paths = await expandGlob(pattern);
    if (paths.length === 0 && strict && !(follow && isGlob(pattern)))
      throw new MillraceError('FILE_MISSING', { pattern });
    for (const path of paths) await add(files, path, path === pattern);
  }
  return files;
}

/** A wildcard passes over what is no regular file; a file that vanished since is no longer there. */
async function add(files: Map<string, string>, path: string, named: boolean): Promise<void> {
  const found = await reading(path, async () => stat(path, { bigint: true }));
  if (found === undefined) return;
  if (found.isFile()) {
    if (!files.has(splitOf(found))) files.set(splitOf(found), path);
  } else if (found.isDirectory()) {
    if (named) throw new MillraceError('FILE_UNREADABLE', { path, reason: 'it is a directory; name the files in it' });
  } else if (named) files.set(pipePrefix + path, path);
}

/** Runs `action`; undefined if the file is not there. Errors: FILE_UNREADABLE. */
export async function reading<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new MillraceError('FILE_UNREADABLE', { path, reason: message }, { cause: error });
  }
}

/**
 * Opens the file of a split: at one of the paths, or wherever in the last one's directory it was renamed to. Undefined
 * if it is gone. Errors: FILE_UNREADABLE.
 */
export async function findFile(split: string, paths: readonly string[]): Promise<FileHandle | undefined> {
  for (const path of paths) {
    const handle = await openAs(split, path);
    if (handle !== undefined) return handle;
  }
  const directory = dirname(paths.at(-1) ?? '.');
  const names = (await reading(directory, () => readdir(directory))) ?? [];
  for (const path of names.map((name) => join(directory, name))) {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    const handle = found?.isFile() && splitOf(found) === split ? await openAs(split, path) : undefined;
    if (handle !== undefined) return handle;
  }
  return undefined;
}

async function openAs(split: string, path: string): Promise<FileHandle | undefined> {
  const handle = await reading(path, () => open(path, 'r'));
  if (handle === undefined) return undefined;
  if (splitOf(await handle.stat({ bigint: true })) === split) return handle;
  await handle.close();
  return undefined;
}

/** How a file begins: so many of its bytes have this hash. Grows with the file up to `headBytes`. */
export type Head = { readonly bytes: number; readonly hash: string };

/** The head of `bytes`, which are the beginning of a file. */
export const headOf = (bytes: Buffer): Head => {
  return { bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
};

/** Whether a file that begins with `bytes` may be the one whose beginning was `head`. */
export const sameHead = (head: Head, bytes: Buffer): boolean =>
  head.bytes === 0 || (bytes.length >= head.bytes && headOf(bytes.subarray(0, head.bytes)).hash === head.hash);
