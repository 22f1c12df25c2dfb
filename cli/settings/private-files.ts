/**
 * Keeps what is stored to the user who stores it: logs hold addresses, names and now and then a password. The process
 * makes directories with mode 0700 and files with 0600 from here on, and parts that an older version left open to
 * other users are closed, with a word. Of a directory that holds other things as well, only the parts are.
 */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { makeDirectory, unusable } from '../../lmdb/unusable.ts';

const parts = ['topics', 'state', 'tables', 'tables.json', 'watch', 'last'];
/** What `npm run` scripts keep in the cache directory beside the parts. */
const servers = /^(kafka|elasticsearch|opensearch|valkey)-[\d.]+$/;

/**
 * Makes `dir`, closes it to other users, and keeps closed what the process makes. `say` hears of what was open.
 * Errors: EMBEDDED_UNUSABLE.
 */
export function keepPrivate(dir: string, say: (line: string) => void): void {
  // Only the main thread may set it; the command has no other that makes files.
  if (isMainThread) process.umask(0o077);
  const names = namesIn(dir);
  const closed = names.filter((name) => parts.includes(name)).filter((name) => close(join(dir, name)));
  const isOwn = names.every((name) => parts.includes(name) || servers.test(name));
  try {
    const isClosed = isOwn && closeOne(dir);
    // In an empty directory there was nothing to read.
    if (names.length === 0 || (!isClosed && closed.length === 0)) return;
    say(`millrace: other users of this machine could read ${dir}; now only you can`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    say(`millrace: other users of this machine may read ${dir}, which is not yours to close`);
  }
}

/** What lies in `dir`, which is made if it is not there. */
function namesIn(dir: string): readonly string[] {
  try {
    makeDirectory(dir, 0o700);
    return readdirSync(dir);
  } catch (error) {
    throw unusable(dir, error) ?? error;
  }
}

/** Closes a file or a directory with everything below; whether it was open. */
function close(path: string): boolean {
  if (!closeOne(path)) return false;
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) close(join(path, name));
  return true;
}

/** Whether it was open; what a link names is not touched. */
function closeOne(path: string): boolean {
  const found = lstatSync(path);
  if (found.isSymbolicLink() || (found.mode & 0o077) === 0) return false;
  chmodSync(path, found.mode & 0o700);
  return true;
}
