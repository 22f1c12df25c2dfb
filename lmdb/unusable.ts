/**
 * Why a path can't be used for embedded parts: the file system refuses it, a file stands instead of a directory, or
 * something that opening would wait for stands instead of a file. The last is looked for before a library opens files.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MillraceError, reasonOf } from '../errors.ts';

/** By what Node calls the refusal, and by the number that LMDB passes on. */
const reasons: ReadonlyMap<unknown, string | undefined> = new Map<unknown, string | undefined>([
  ...['EEXIST', 'ENOTDIR', 20].map((code) => [code, 'a file is where a directory should be'] as const),
  ...['EISDIR', 21].map((code) => [code, 'a directory is where a file should be'] as const),
  ...['EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENAMETOOLONG', 'EMFILE', 'ENFILE', 1, 13, 24, 30].map(
    (code) => [code, undefined] as const,
  ),
]);

/**
 * The refusal as a coded error, or undefined where `error` is none.
 *
 * @example
 * unusable('/data/state', new Error('a bug')) // => undefined
 */
export function unusable(path: string, error: unknown): MillraceError<'EMBEDDED_UNUSABLE'> | undefined {
  if (!(error instanceof Error) || !('code' in error) || !reasons.has(error.code)) return undefined;
  const at = 'path' in error ? String(error.path) : path;
  return new MillraceError(
    'EMBEDDED_UNUSABLE',
    { path: at, reason: reasons.get(error.code) ?? reasonOf(error) },
    { cause: error },
  );
}

/**
 * Makes a directory and those above it, all with `mode`, unless they are there. Node's own way never comes back where
 * the system says of a directory that is there that it is not, as below /proc. Errors: EMBEDDED_UNUSABLE.
 */
export function makeDirectory(path: string, mode = 0o777): void {
  if (isMade(path, mode)) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above, mode);
  if (isMade(path, mode)) return;
  throw new MillraceError('EMBEDDED_UNUSABLE', { path, reason: 'the file system lets no directory be made there' });
}

/** Whether the directory is there now; false where the one above it is not. */
function isMade(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return true;
    throw unusable(path, error) ?? error;
  }
}

/**
 * Refuses a directory that holds a named pipe, a socket or a device: who opens one of these may wait for ever.
 * Errors: EMBEDDED_UNUSABLE, which names it.
 */
export function refusePipes(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.isFile() || found.isDirectory()) continue;
    const reason = 'a named pipe, a socket or a device is where a file should be';
    throw new MillraceError('EMBEDDED_UNUSABLE', { path, reason });
  }
}
