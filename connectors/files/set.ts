/**
 * Which files the patterns name right now. A file is known by device and inode, so that it stays the same split when
 * it is renamed; several names of one file are one split. What is no file is refused where it is named, and passed over
 * by wildcards; a named pipe is read as a stream. Nothing here waits for another process: a pipe without a writer is
 * opened like any file.
 */
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { MillraceError } from '../../errors.ts';
import { expandGlob, isGlob } from './glob.ts';
import { reading } from './reading.ts';

/** A file as a scan found it. */
export interface FoundFile {
  readonly path: string;
  /** Differs whenever the file was changed, as far as its size and times tell; empty for a stream. */
  readonly stamp: string;
}

/** Files by split. */
export type FileSet = ReadonlyMap<string, FoundFile>;

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
  const files = new Map<string, FoundFile>();
  for (const pattern of patterns) {
    if (pattern === '-') {
      files.set(stdinSplit, { path: '-', stamp: '' });
      continue;
    }
    const paths = await expandGlob(pattern);
    if (paths.length === 0 && strict && !(follow && isGlob(pattern)))
      throw new MillraceError('FILE_MISSING', { pattern });
    for (const path of paths) await add(files, path, { named: path === pattern, strict });
  }
  return files;
}

/** What has a name but is no file: refused where it is named at the start, passed over where it is met later. */
async function add(
  files: Map<string, FoundFile>,
  path: string,
  { named, strict }: { readonly named: boolean; readonly strict: boolean },
): Promise<void> {
  const found = await reading(path, async () => stat(path, { bigint: true }));
  if (found === undefined) return;
  if (found.isFile()) {
    if (!files.has(splitOf(found))) files.set(splitOf(found), { path, stamp: stampOf(found) });
  } else if (named && (found.isFIFO() || path === devNull)) {
    files.set(pipePrefix + path, { path, stamp: '' });
  } else if (named && strict) throw new MillraceError('FILE_UNREADABLE', { path, reason: noFile(found) });
}

function noFile(found: BigIntStats): string {
  if (found.isDirectory()) return 'it is a directory; name the files in it';
  const what = found.isSocket() ? 'a socket' : 'a device';
  return `it is ${what}; name files and named pipes, or - for standard input`;
}

/** The stamp of a file; see `FoundFile`. */
export const stampOf = ({ size, mtimeNs, ctimeNs }: BigIntStats): string => `${size} ${mtimeNs} ${ctimeNs}`;

/** The stamp of a split's file, by its name; undefined if the name does not lead to it any more. */
export async function stampAt(split: string, path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() && splitOf(found) === split ? stampOf(found) : undefined;
}

/**
 * Opens the file of a split: at one of the paths, or wherever in the last one's directory it was renamed to. Undefined
 * if it is gone. Errors: FILE_UNREADABLE, FILES_EXHAUSTED.
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

/** Without waiting: a pipe may stand under the path by now, with the inode of the file, and without a writer. */
async function openAs(split: string, path: string): Promise<FileHandle | undefined> {
  const handle = await reading(path, () => open(path, constants.O_RDONLY | constants.O_NONBLOCK));
  if (handle === undefined) return undefined;
  const found = await handle.stat({ bigint: true });
  if (found.isFile() && splitOf(found) === split) return handle;
  await handle.close();
  return undefined;
}

/**
 * Whether the filesystem of a file keeps when files were made. Where it does not, systems report the time of the last
 * change or 0 in its place; a directory shows which, because it is older than what was last put into it.
 */
export async function keepsBirths(path: string): Promise<boolean> {
  const { birthtimeNs, ctimeNs } = await stat(dirname(path), { bigint: true });
  return birthtimeNs !== 0n && birthtimeNs !== ctimeNs;
}
