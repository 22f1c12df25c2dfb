/**
 * Reads lines of files: those that are there, or for as long as they grow. A split is one file for its whole life:
 * renaming it (log → log.1) changes nothing, and its successor under the old name is another split. What makes a
 * position valid is the file's inode and a hash of how the file begins; when a file got shorter than its position or
 * begins otherwise (it was truncated after having been copied, or its inode was given to a new file), it is read from
 * its beginning as a new generation.
 *
 * A position is the offset of the first byte not delivered. Offsets of gzip files, known by their first bytes, count
 * uncompressed bytes; a resumed one is inflated from its beginning. Standard input and pipes are counted but can't be
 * read twice.
 *
 * Known limits: the copy that a copying log rotation leaves, and a file compressed after rotation, are new files; keep
 * them out of the pattern when following. Of a file that was truncated, what had not been read is lost. Lines are
 * bytes; the decoder gives them a meaning.
 */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Clock } from '../../time/clock.ts';
import type { FetchLimit } from '../../topics/topics.ts';

import { type FilePosition, goneBatch, type LineBatch, startOf } from './batch.ts';
import { matchesPath } from './glob.ts';
import { type FileSet, findFile, pipePrefix, reading, scanFiles, stdinSplit } from './set.ts';
import { streamSource } from './source.ts';
import { OpenSplit } from './split.ts';

export type { FilePosition, LineBatch } from './batch.ts';

/** What to read and how. */
export interface FileOptions {
  /** Paths, patterns with `*`, `?` and `**`, or `-` for standard input. */
  readonly patterns: readonly string[];
  /** Whether files go on after their present end. */
  readonly follow: boolean;
  readonly clock: Clock;
  /** Lines with more bytes are refused; 1 MiB by default. */
  readonly maxLineBytes?: number;
  /** Where `-` reads; standard input by default. */
  readonly stdin?: Readable;
}

/** Reads the lines of a changing set of files. */
export interface FileReader {
  /**
   * The splits there are now; when following, to be asked again from time to time, which also shows what was renamed.
   * The first call asks for a file per pattern; when following, one with wildcards may have none yet.
   * Errors: FILE_MISSING, FILE_UNREADABLE.
   */
  splits(): Promise<readonly string[]>;
  /**
   * Whether what was left at a position is to be read though `splits` does not name it: the file had a name that the
   * patterns cover, and was renamed or removed while nothing read it.
   */
  resumes(position: FilePosition): boolean;
  /** The position before the first line of a split. */
  start(split: string): FilePosition;
  /**
   * Lines from `position` on, or undefined when there are none yet: at the present end when following. A batch can have
   * no lines but refused ones, or just the end. A split that `splits` does not name any more can still be polled from
   * its stored position: it may have been renamed. A line that does not end is delivered when nothing can follow it.
   * Never waits for a file to grow; waits for a stream only when not following. Errors: FILE_UNREADABLE.
   */
  poll(split: string, position: FilePosition, limit: FetchLimit): Promise<LineBatch | undefined>;
  close(): Promise<void>;
}

/** Looks for files when `splits` is first asked. */
export function openFiles(options: FileOptions): FileReader {
  const { patterns, follow, clock, maxLineBytes = 1 << 20 } = options;
  const open = new Map<string, OpenSplit>();
  let files: FileSet = new Map();
  let scanned = false;

  async function openSplit(split: string, position: FilePosition): Promise<OpenSplit | undefined> {
    const stream = streamOf(split, options);
    if (stream !== undefined)
      return new OpenSplit(streamSource(stream, { wait: !follow }), { follow, clock, maxLineBytes });
    const paths = [files.get(split), position.path].filter((path) => path !== undefined);
    const handle = await findFile(split, paths);
    return handle && new OpenSplit(handle, { follow, clock, maxLineBytes });
  }

  return {
    async splits() {
      files = await scanFiles(patterns, { strict: !scanned, follow });
      scanned = true;
      return [...new Set([...files.keys(), ...open.keys()])];
    },
    resumes: ({ path, ended }) => !ended && patterns.some((pattern) => matchesPath(pattern, path)),
    start: (split) => startOf(files.get(split) ?? split),
    async poll(split, position, limit) {
      const file = open.get(split) ?? (await openSplit(split, position));
      if (file === undefined) return goneBatch(position);
      open.set(split, file);
      const path = files.get(split) ?? position.path;
      const listed = !scanned || files.has(split);
      const batch = await reading(path, () => file.poll({ ...position, path, ended: false }, { ...limit, listed }));
      if (batch?.ended) {
        open.delete(split);
        await file.close();
      }
      return batch;
    },
    async close() {
      const closing = [...open.values()];
      open.clear();
      await Promise.all(closing.map((file) => file.close()));
    },
  };
}

/** The stream behind a split that is no regular file. */
function streamOf(split: string, { stdin = process.stdin }: FileOptions): Readable | undefined {
  if (split === stdinSplit) return stdin;
  return split.startsWith(pipePrefix) ? createReadStream(split.slice(pipePrefix.length)) : undefined;
}
