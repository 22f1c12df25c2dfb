/**
 * Paths for a pattern. Within a name `*` stands for any characters and `?` for one; a whole name `**` stands for any
 * number of directories. As in a shell, wildcards pass over names that begin with a dot. A file that is really called
 * like the pattern is that file.
 *
 * Libraries do not do this. tinyglobby 0.2 either follows links to directories below `**` too, so that a link to its
 * own parent shows every file again, or ignores links to files, of which a Kubernetes node's /var/log/containers
 * consists. It leaves out directories that it may not read without an error, and its regular expressions backtrack:
 * four stars in one name take seconds.
 */
import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { unreadable } from './reading.ts';

/** Whether the pattern has a wildcard. */
export const isGlob = (pattern: string): boolean => /[*?]/.test(pattern);

/** The existing paths that match, in order. Errors: FILE_UNREADABLE (a directory on the way can't be listed). */
export async function expandGlob(pattern: string): Promise<readonly string[]> {
  if (!isGlob(pattern) || existsSync(pattern)) return existsSync(pattern) ? [pattern] : [];
  const names = pattern.split(sep).filter((name, i) => name !== '' && (name !== '.' || i > 0));
  const found = new Set<string>();
  await walk(isAbsolute(pattern) ? sep : '', names, found);
  return [...found].sort();
}

/**
 * Whether a name matches a pattern without separators. Takes at most length × length steps.
 *
 * @example
 * matchesName('app-*.log', 'app-7.log') // => true
 * matchesName('*', '.hidden') // => false
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars need not be tried again.
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * Whether a path matches a pattern, as far as names tell.
 *
 * @example
 * matchesPath('/var/**\/app*.log', '/var/log/shop/app.log') // => true
 * matchesPath('/var/*.log', '/var/log/app.log') // => false
 */
export function matchesPath(pattern: string, path: string): boolean {
  return matchesNames(resolve(pattern).split(sep), resolve(path).split(sep));
}

function matchesNames([pattern, ...patterns]: readonly string[], names: readonly string[]): boolean {
  const [name, ...rest] = names;
  if (pattern === undefined) return name === undefined;
  if (pattern === '**' && matchesNames(patterns, names)) return true;
  if (name === undefined) return false;
  if (pattern === '**')
    return !name.startsWith('.') && (patterns.length === 0 || matchesNames(['**', ...patterns], rest));
  return (pattern === name || matchesName(pattern, name)) && matchesNames(patterns, rest);
}

async function walk(directory: string, names: readonly string[], found: Set<string>): Promise<void> {
  const [name, ...rest] = names;
  if (name === undefined) return;
  if (!isGlob(name)) {
    const path = join(directory, name);
    if (rest.length > 0) await walk(path, rest, found);
    else if (existsSync(path)) found.add(path);
    return;
  }
  if (name === '**') await walk(directory, rest, found);
  for (const entry of await list(directory)) {
    const path = join(directory, entry.name);
    const inside = entry.isDirectory() || entry.isSymbolicLink();
    // A link to a directory is followed where a name matches it, not by `**`, which could run in circles.
    if (name === '**') {
      if (entry.isDirectory() && !entry.name.startsWith('.')) await walk(path, names, found);
      if (rest.length === 0 && !entry.isDirectory() && !entry.name.startsWith('.')) found.add(path);
    } else if (matchesName(name, entry.name)) {
      if (rest.length === 0) found.add(path);
      else if (inside) await walk(path, rest, found);
    }
  }
}

async function list(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory || '.', { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It vanished, or a wildcard met a file where it wanted a directory.
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw unreadable(directory || '.', error);
  }
}
