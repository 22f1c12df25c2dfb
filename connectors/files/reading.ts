/** What becomes of an error of the file system: nothing where the file is not there, else an error with a code. */
import { MillraceError } from '../../errors.ts';

/** Runs `action`; undefined if the file is not there. Errors: FILE_UNREADABLE, FILES_EXHAUSTED. */
export async function reading<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

/** Whether there is nothing under a name that could be opened: no file, or a socket. */
const isMissing = (error: unknown): boolean => ['ENOENT', 'ENXIO'].includes((error as NodeJS.ErrnoException).code!);

/** The error with a code for what went wrong with `path`. */
export function unreadable(path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const { code, message: reason } = error as NodeJS.ErrnoException;
  const isExhausted = code === 'EMFILE' || code === 'ENFILE';
  return new MillraceError(isExhausted ? 'FILES_EXHAUSTED' : 'FILE_UNREADABLE', { path, reason }, { cause: error });
}
