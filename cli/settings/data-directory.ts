/**
 * Where embedded parts keep their files. Without --data that is below the user's cache directory: one directory for all
 * that `run` runs, and for `watch` one for each set of inputs. Two sets must not share one: event time, which only goes
 * forward, would have come as far as the younger of them, and every line of the other would be late.
 *
 * A stream such as standard input is never continued, since nothing tells whether it is the one of before: each gets a
 * directory of its own, which is removed when a later stream is watched.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { makeDirectory } from '../../lmdb/unusable.ts';
import type { Time } from '../../time/duration.ts';
import { cacheDirectory } from './environment.ts';

/** The given directory, or the one of jobs that `run` runs. */
export const dataDirectory = (given: string | undefined): string =>
  given === undefined ? cacheDirectory() : resolve(given);

/** Which process watches, and since when; from these a stream's directory gets its name. */
export interface Watching {
  readonly pid: number;
  readonly now: Time;
}

/** The directory of `watch` for these inputs; the same one whenever the same files and patterns are named. */
export function watchDirectory(patterns: readonly string[], { pid, now }: Watching): string {
  if (patterns.some(isStream)) return join(streamsDirectory(), `${pid}-${now.toString(36)}`);
  const paths = [...new Set(patterns.map((pattern) => resolve(pattern)))].sort();
  const more = paths.length > 1 ? `+${paths.length - 1}` : '';
  const name = basename(paths[0]!)
    .replace(/[^\w.-]/g, '_')
    .slice(-40);
  const hash = createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 8);
  return join(cacheDirectory(), 'watch', 'files', `${name}${more}-${hash}`);
}

const streamsDirectory = (): string => join(cacheDirectory(), 'watch', 'streams');

/**
 * Whether it can't be read twice: standard input, or a pipe or device that is named like a file, such as
 * `<(kubectl logs pod)` of a shell.
 */
export function isStream(pattern: string): boolean {
  if (pattern === '-') return true;
  const found = statSync(pattern, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Removes the directories of streams whose process has ended. */
export function forgetStreams({ pid: own, now }: Watching): void {
  const names = existsSync(streamsDirectory()) ? readdirSync(streamsDirectory()) : [];
  for (const name of names) {
    const pid = Number.parseInt(name, 10);
    const isOver = pid === own ? name !== `${own}-${now.toString(36)}` : !isRunning(pid);
    if (isOver) rmSync(join(streamsDirectory(), name), { recursive: true, force: true });
  }
}

/** A process of another user, which may not be signalled, runs too. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const noteOfLast = (): string => join(cacheDirectory(), 'last');

/** Notes that a command without --data keeps its tables in `dir`, so that `query` without --data asks those. */
export function noteUsed(dir: string): void {
  makeDirectory(cacheDirectory(), 0o700);
  writeFileSync(noteOfLast(), `${dir}\n`, { mode: 0o600 });
}

/** The directory that was noted last, if it is still there. */
export function lastUsed(): string | undefined {
  if (!existsSync(noteOfLast())) return undefined;
  const dir = readFileSync(noteOfLast(), 'utf8').trim();
  return existsSync(dir) ? dir : undefined;
}
