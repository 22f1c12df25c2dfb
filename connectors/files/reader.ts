/**
 * Reads lines of files: those that are there, or for as long as they grow. A split is one file for its whole life:
 * renaming it (log → log.1) changes nothing, and its successor under the old name is another split. The states of that
 * life, and how each is told from the others, stand in life.ts. A file that was cut, or whose inode another file has by
 * now, is read from its beginning as the next generation of its split.
 *
 * At most `mostOpen` files are open at a time, as far as they can be closed: of more, those rest that were read longest
 * ago. A file that the patterns no longer name stays open until it has ended, and so does one in gzip or UTF-16.
 *
 * A position is the offset of the first byte not delivered. Offsets of files in gzip or UTF-16, known by their first
 * bytes, count those of the text in UTF-8; a resumed one is read from its beginning. Standard input and pipes are
 * counted but can't be read twice.
 *
 * Known limits: the copy that a copying log rotation leaves, and a file compressed after rotation, are new files; keep
 * them out of the pattern when following. Of a file that was cut, what had not been read is lost, and a refused line
 * tells what is known of it. A file that was moved to another directory while nothing read it is not found again, which
 * is told in the same way. Lines are bytes; the decoder gives them a meaning.
 */
import type { Readable } from 'node:stream';
import { hasCode } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';
import type { FetchLimit } from '../../topics/topics.ts';
import { type FilePosition, goneBatch, type LineBatch, startOf } from './batch.ts';
import { decodedSource } from './encoding.ts';
import { matchesPath } from './glob.ts';
import { isOver, type Life, type LifeEvent, lifeAfter } from './life.ts';
import { openPipe, openStdin } from './pipe.ts';
import { reading } from './reading.ts';
import { type FileSet, findFile, keepsBirths, pipePrefix, scanFiles, stampAt, stdinSplit } from './set.ts';
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
  /** How many files may be open at a time; 1,000 by default. */
  readonly mostOpen?: number;
  /** How long a poll waits for a stream; without it until there is something when not following, else not at all. */
  readonly patience?: Duration;
}

/** Reads the lines of a changing set of files. */
export interface FileReader {
  /**
   * The splits there are now; when following, to be asked again from time to time, which also shows what was renamed.
   * One that ended while it was followed is not among them until its file changes, or another file has its inode. The
   * first call asks for a file per pattern; when following, one with wildcards may have none yet.
   * Errors: FILE_MISSING, FILE_UNREADABLE.
   */
  splits(): Promise<readonly string[]>;
  /**
   * Whether what was left at a position is to be read though `splits` does not name it: the file had a name that the
   * patterns cover, and was renamed or removed while nothing read it. It may have grown since it was read to its end.
   */
  resumes(position: FilePosition): boolean;
  /** Whether a split is over, until `splits` names it again. */
  hasEnded(split: string): boolean;
  /** Whether there may be something to read when every split has ended: files may come, streams do not. */
  goesOn(): boolean;
  /** The position before the first line of a split. */
  start(split: string): FilePosition;
  /**
   * Lines from `position` on, or undefined when there are none yet: at the present end when following. A batch can have
   * no lines but refused ones, or just the end. A split that `splits` does not name any more can still be polled from
   * its stored position: it may have been renamed. A line that does not end is delivered when nothing can follow it.
   * Never waits for a file to grow; waits for a stream only when not following, or for `patience`. Errors:
   * FILE_UNREADABLE, FILES_EXHAUSTED.
   */
  poll(split: string, position: FilePosition, limit: FetchLimit): Promise<LineBatch | undefined>;
  close(): Promise<void>;
}

/** What is known of one split. */
interface Known {
  life: Life;
  /** There where it is open. */
  file: OpenSplit | undefined;
  /** Of the file when it was last looked at. */
  stamp: string;
}

/** Looks for files when `splits` is first asked. */
export function openFiles(options: FileOptions): FileReader {
  return new Files(options);
}

class Files implements FileReader {
  readonly #options: FileOptions;
  readonly #mostOpen: number;
  /** Splits in the order in which they were last polled. */
  readonly #known = new Map<string, Known>();
  #files: FileSet = new Map();
  #scanned = false;

  constructor(options: FileOptions) {
    this.#options = options;
    this.#mostOpen = options.mostOpen ?? 1_000;
  }

  async splits(): Promise<readonly string[]> {
    const { patterns, follow } = this.#options;
    this.#files = await scanFiles(patterns, { strict: !this.#scanned, follow });
    this.#scanned = true;
    const names = new Set<string>();
    for (const [split, { stamp }] of this.#files) {
      const known = this.#known.get(split);
      // A stream has no stamp and never changes.
      if (follow && known !== undefined && isOver(known.life) && known.stamp !== stamp && stamp !== '') {
        this.#pass(known, 'changed');
      }
      if (!follow || !isOver(known?.life)) names.add(split);
    }
    for (const [split, { life }] of this.#known) if (!isOver(life)) names.add(split);
    return [...names];
  }

  resumes({ path, gone }: FilePosition): boolean {
    return gone !== true && this.#options.patterns.some((pattern) => matchesPath(pattern, path));
  }

  start(split: string): FilePosition {
    return startOf(this.#files.get(split)?.path ?? split);
  }

  hasEnded(split: string): boolean {
    return isOver(this.#known.get(split)?.life);
  }

  goesOn(): boolean {
    const { patterns, follow } = this.#options;
    return follow && patterns.some((pattern) => pattern !== '-' && !this.#files.has(pipePrefix + pattern));
  }

  async poll(split: string, position: FilePosition, limit: FetchLimit): Promise<LineBatch | undefined> {
    const known = this.#touch(split);
    const path = this.#files.get(split)?.path ?? position.path;
    if (known.life === 'resting' && (await stampAt(split, path)) === known.stamp) return undefined;
    known.file ??= await this.#open(split, { ...position, path });
    if (known.file === undefined) {
      this.#pass(known, 'finished');
      known.stamp = '';
      return goneBatch(position);
    }
    const { file } = known;
    const listed = !this.#scanned || this.#files.has(split);
    const how = { ...limit, listed, wasEnded: position.ended };
    const batch = await reading(path, () => file.poll({ ...position, path, ended: false }, how));
    known.stamp = file.stamp;
    this.#pass(known, batch === undefined ? 'drained' : 'read');
    if (batch?.ended) {
      this.#pass(known, batch.next.gone === true ? 'vanished' : 'finished');
      // A name that leads to this inode from now on is another file's, whatever its stamp.
      if (batch.next.gone === true || !listed) known.stamp = '';
      known.file = undefined;
      await file.close();
    }
    return batch;
  }

  async close(): Promise<void> {
    const closing = [...this.#known.values()].flatMap(({ file }) => file ?? []);
    this.#known.clear();
    await Promise.all(closing.map((file) => file.close()));
  }

  #pass(known: Known, event: LifeEvent): void {
    known.life = lifeAfter(known.life, event);
  }

  /** What is known of a split, which becomes the one that was polled last. */
  #touch(split: string): Known {
    const known = this.#known.get(split) ?? { life: 'listed', file: undefined, stamp: '' };
    this.#known.delete(split);
    this.#known.set(split, known);
    return known;
  }

  async #open(split: string, position: FilePosition): Promise<OpenSplit | undefined> {
    await this.#rest(this.#mostOpen - 1);
    try {
      return await this.#openNow(split, position);
    } catch (error) {
      if (!hasCode(error, 'FILES_EXHAUSTED')) throw error;
      // Others in this process need descriptors as well; half of what is held may be enough for both.
      await this.#rest(Math.floor(this.#openFiles.length / 2));
      return this.#openNow(split, position);
    }
  }

  async #openNow(split: string, position: FilePosition): Promise<OpenSplit | undefined> {
    const { follow, clock, maxLineBytes = 1 << 20, patience } = this.#options;
    const how = { follow, clock, maxLineBytes };
    const stream = await this.#streamOf(split);
    if (stream !== undefined) {
      const wait = patience ?? (follow ? 0 : Number.POSITIVE_INFINITY);
      return new OpenSplit(decodedSource(streamSource(stream, { wait, clock })), { ...how, births: false });
    }
    if (isStream(split)) return undefined;
    const handle = await findFile(split, [position.path]);
    if (handle === undefined) return undefined;
    return new OpenSplit(handle, { ...how, births: await keepsBirths(position.path).catch(() => false) });
  }

  get #openFiles(): readonly (readonly [string, Known])[] {
    return [...this.#known].filter(([, { file }]) => file !== undefined);
  }

  /** Closes files that can be opened again, those first that were read longest ago, until `most` are open. */
  async #rest(most: number): Promise<void> {
    const open = this.#known.size <= most ? [] : this.#openFiles;
    let excess = open.length - most;
    for (const [split, known] of open) {
      if (excess <= 0) return;
      const { file } = known;
      const path = this.#files.get(split)?.path;
      // A file without a name could not be opened again, and what is unread of it would be lost.
      if (file?.canRest !== true || path === undefined || (await stampAt(split, path)) === undefined) continue;
      excess--;
      this.#pass(known, 'rested');
      known.file = undefined;
      await file.close();
    }
  }

  /** The stream behind a split that is no regular file. */
  async #streamOf(split: string): Promise<Readable | undefined> {
    if (split === stdinSplit) return this.#options.stdin ?? openStdin();
    if (!split.startsWith(pipePrefix)) return undefined;
    const path = split.slice(pipePrefix.length);
    return reading(path, () => openPipe(path));
  }
}

const isStream = (split: string): boolean => split === stdinSplit || split.startsWith(pipePrefix);
