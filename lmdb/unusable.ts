/** Why the file system refuses a path to embedded parts: where a file stands instead of a directory, for example. */
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
