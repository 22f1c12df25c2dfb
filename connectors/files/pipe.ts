/**
 * Standard input and named pipes as streams. An ordinary open of a pipe waits for a writer on one of the four threads
 * that read files for the whole process: four such pipes would block every read, and the process could not even end.
 * Here the pipe is opened without waiting and watched by the event loop, which sees a writer come, write and leave.
 */
import { close, constants, fstatSync, open } from 'node:fs';
import { Socket } from 'node:net';
import { devNull } from 'node:os';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { MillraceError } from '../../errors.ts';

/** The pipe's bytes, which end when its last writer leaves. Throws if it can't be opened. */
export async function openPipe(path: string): Promise<Readable> {
  if (path === devNull) return Readable.from([]);
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return new Socket({ fd, readable: true, writable: false });
  } catch (error) {
    // A file took the pipe's place; the next scan sees it.
    await promisify(close)(fd);
    throw error;
  }
}

/** Standard input's bytes. Errors: FILE_UNREADABLE. */
export function openStdin(): Readable {
  refuseDirectory();
  return process.stdin;
}

/** Refuses a directory as standard input, which Node takes for one that has ended. Errors: FILE_UNREADABLE. */
export function refuseDirectory(): void {
  if (!fstatSync(0).isDirectory()) return;
  throw new MillraceError('FILE_UNREADABLE', { path: '-', reason: 'standard input is a directory' });
}
