/**
 * What a run leaves unread of its files: what stands behind the committed position of each, and all of those that it
 * did not come to. Lines are counted unless that would take long; bytes are those of the text, also in gzip files.
 */
import type { FileHandle } from 'node:fs/promises';
import { type FilePosition, startOf } from '../../connectors/files/batch.ts';
import type { ByteSource } from '../../connectors/files/byte-source.ts';
import { formOf } from '../../connectors/files/encoding.ts';
import { matchesPath } from '../../connectors/files/glob.ts';
import { findFile, pipePrefix, scanFiles, stdinSplit } from '../../connectors/files/set.ts';
import { fileSource } from '../../connectors/files/source.ts';
import { reasonOf } from '../../errors.ts';
import { LineCounter } from './line-counter.ts';

/** What of one input was not read. */
export interface Unread {
  /** A path, or `stdin`. */
  readonly name: string;
  /** Undefined where they were too many to count, or can't be. */
  readonly lines?: number;
  readonly bytes?: number;
  /** Why it can't be known, or what else is to be said. */
  readonly note?: string;
}

/** Committed positions by split. */
export type FilePositions = Readonly<Record<string, FilePosition>>;

/** More bytes than this are not read to count their lines. */
const mostCounted = 256 << 20;
const chunk = 1 << 20;

/** The files that `patterns` name now or named when they were read, as far as they were not read to their end. */
export async function unreadFiles(patterns: readonly string[], positions: FilePositions): Promise<readonly Unread[]> {
  const files = patterns.filter((pattern) => pattern !== '-');
  const found = await scanFiles(files, { strict: false, follow: true });
  const all = new Map<string, FilePosition>();
  for (const [split, { path }] of found) all.set(split, startOf(path));
  for (const [split, position] of Object.entries(positions)) {
    // What has the inode of a file that is no more is another one, and was listed above if it is asked for.
    if (position.gone === true) continue;
    if (found.has(split) || files.some((pattern) => matchesPath(pattern, position.path))) {
      all.set(split, { ...position, path: found.get(split)?.path ?? position.path });
    }
  }
  all.delete(stdinSplit);
  const unread: Unread[] = [];
  for (const [split, position] of all) {
    const rest = await restOf(split, position);
    if (rest !== undefined && (rest.bytes !== 0 || rest.note !== undefined)) unread.push(rest);
  }
  return unread;
}

/** Undefined if it was read to its end. */
async function restOf(split: string, position: FilePosition): Promise<Unread | undefined> {
  const { path: name, offset, ended } = position;
  if (split.startsWith(pipePrefix)) return ended ? undefined : { name, note: 'which had not ended' };
  try {
    const handle = await findFile(split, [name]);
    if (handle === undefined) return ended ? undefined : { name, note: `which is gone, from byte ${offset} on` };
    try {
      return { name, ...(await measured(handle, position)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { name, note: `which can't be read: ${reasonOf(error)}` };
  }
}

async function measured(handle: FileHandle, { offset, ended }: FilePosition): Promise<Omit<Unread, 'name'>> {
  const { size } = await handle.stat();
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const form = formOf(buffer);
  if (form === 'gzip' && ended) return { bytes: 0 };
  // A file that is shorter than its position was begun again.
  const isPlain = form === 'plain';
  const from = !isPlain || offset <= size ? offset : 0;
  if (size - (isPlain ? from : 0) > mostCounted) return isPlain ? { bytes: size - from } : { note: 'in part' };
  const source = await fileSource(handle, from, { form, sizeOf: () => size });
  try {
    return await counted(source);
  } finally {
    await source.close();
  }
}

/** Lines and bytes of a source. A gzip file that breaks off has those that it has. */
async function counted(source: ByteSource): Promise<{ readonly lines: number; readonly bytes: number }> {
  const counter = new LineCounter();
  const none = Buffer.alloc(0);
  for (;;) {
    const bytes = await source.read(chunk, none).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'Z_BUF_ERROR') return none;
      throw error;
    });
    if (bytes === undefined || bytes.length === 0) return { lines: counter.lines, bytes: counter.bytes };
    counter.add(bytes);
  }
}

const mostNamed = 5;
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/**
 * What was not read, as the end of a sentence.
 *
 * @example
 * unreadWords([]) // => 'nothing unread'
 * unreadWords([{ name: 'a.log', lines: 2, bytes: 90 }]) // => 'unread: 2 lines (90 bytes) of a.log'
 */
export function unreadWords(unread: readonly Unread[]): string {
  if (unread.length === 0) return 'nothing unread';
  const words = unread.slice(0, mostNamed).map(({ name, lines, bytes, note }) => {
    const size = bytes === undefined ? '' : `${plural(bytes, 'byte')} of `;
    const what = lines === undefined ? size : `${plural(lines, 'line')} (${plural(bytes ?? 0, 'byte')}) of `;
    return `${what}${name}${note === undefined ? '' : `, ${note}`}`;
  });
  const more = unread.length > mostNamed ? ` and ${unread.length - mostNamed} more` : '';
  return `unread: ${words.join('; ')}${more}`;
}
