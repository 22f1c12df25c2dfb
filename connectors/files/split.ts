/**
 * One open split: its bytes at hand, cut into batches of lines, and the decisions at the end of what there is. The
 * bytes at hand are a window onto one buffer; a batch refers to that buffer and the next one goes on behind it, so a
 * line is copied only when it crosses from one read to the next.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import type { FetchLimit } from '../../topics/topics.ts';
import { emptyBatch, type FilePosition, type LineBatch, type SkippedLine, startOf } from './batch.ts';
import { type Lines, splitLines } from './lines.ts';
import { headBytes, headOf, sameHead } from './set.ts';
import { type ByteSource, gzipSource, plainSource } from './source.ts';

/** What one poll may take, and whether the patterns still name the file. */
export interface SplitLimit extends FetchLimit {
  readonly listed: boolean;
}

/** How the split is read. */
export interface SplitOptions {
  readonly follow: boolean;
  readonly clock: Clock;
  readonly maxLineBytes: number;
}

/** A file that was renamed out of the patterns' sight ends when it has not grown for so long. */
const rotatedIdle = seconds(60);
const sampleBytes = 1024;
/** How far one poll looks for the end of a line that is too long. */
const skipBytes = 16 << 20;

/** An open regular file, or a stream (which has no handle). */
export class OpenSplit {
  readonly #options: SplitOptions;
  readonly #handle: FileHandle | undefined;
  #source: ByteSource | undefined;
  /** Bytes at hand are `#bytes[#from …]`; the first of them is at `#offset` of the file. */
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  #offset: number | undefined;
  #size = 0;
  #isLinked = true;
  #isZipped = false;
  /** A gzip file that breaks off is tried again when it is larger than this. */
  #brokenAt = -1;
  #grewAt: number;

  constructor(input: FileHandle | ByteSource, options: SplitOptions) {
    this.#options = options;
    this.#handle = 'stat' in input ? input : undefined;
    this.#source = 'stat' in input ? undefined : input;
    this.#grewAt = options.clock.now();
  }

  /** Lines from `position` on, or undefined if there are none yet. */
  async poll(position: FilePosition, limit: SplitLimit): Promise<LineBatch | undefined> {
    if (this.#offset !== position.offset) position = await this.#seek(position);
    let scanned = 0;
    for (;;) {
      if (position.long === null) {
        const lines = this.#lines(limit.maxRecords);
        if (lines.length > 0) return this.#deliver(position, lines);
        if (lines.long) position = this.#beginLong(position);
      }
      if (position.long !== null) {
        const before = position.offset;
        const found = this.#skip(position);
        if (found.refused.length > 0) return found;
        position = found.next;
        scanned += position.offset - before;
        if (scanned >= skipBytes) return found;
      }
      const filled = await this.#fill(limit.maxBytes, position);
      if (filled.kind === 'more') position = filled.position;
      else if (filled.kind === 'end' && this.#isFinal(limit)) return this.#last(filled.position);
      else return scanned > 0 ? emptyBatch(position) : undefined;
    }
  }

  async close(): Promise<void> {
    await this.#source?.close();
    await this.#handle?.close();
  }

  #lines(maxLines: number): Lines {
    const { maxLineBytes } = this.#options;
    return splitLines(this.#bytes, { from: this.#from, to: this.#bytes.length, maxLines, maxLineBytes });
  }

  #deliver(position: FilePosition, { length, starts, ends, next }: Lines): LineBatch {
    const bytes = this.#bytes;
    const origin = this.#offset! - this.#from;
    this.#advance(next);
    return { length, bytes, starts, ends, origin, refused: [], next: this.#at(position), ended: false };
  }

  #advance(to: number): void {
    this.#offset! += to - this.#from;
    this.#from = to;
  }

  #at(position: FilePosition): FilePosition {
    return { ...position, offset: this.#offset! };
  }

  #beginLong(position: FilePosition): FilePosition {
    const sample = this.#bytes.toString('base64', this.#from, Math.min(this.#bytes.length, this.#from + sampleBytes));
    return { ...position, long: { start: this.#offset!, sample } };
  }

  /** Passes over the bytes at hand up to the end of the long line, and refuses it if its end is among them. */
  #skip(position: FilePosition): LineBatch {
    const newline = this.#bytes.indexOf(10, this.#from);
    if (newline < 0) {
      this.#advance(this.#bytes.length);
      return emptyBatch(this.#at(position));
    }
    this.#advance(newline);
    const refused = longLine(position, this.#offset!);
    this.#advance(newline + 1);
    return emptyBatch({ ...this.#at(position), long: null }, [refused]);
  }

  /** What stands behind the last end of line, once nothing can follow. */
  #last(position: FilePosition): LineBatch {
    const next = { ...position, long: null, ended: true };
    if (position.long !== null) return emptyBatch(next, [longLine(position, position.offset)]);
    const start = this.#from;
    if (start === this.#bytes.length) return emptyBatch(next);
    const end = this.#bytes.at(-1) === 13 ? this.#bytes.length - 1 : this.#bytes.length;
    const lines = {
      length: 1,
      starts: Int32Array.of(start),
      ends: Int32Array.of(end),
      next: this.#bytes.length,
      long: false,
    };
    if (end - start > this.#options.maxLineBytes) {
      const long = this.#beginLong(position);
      this.#advance(this.#bytes.length);
      return emptyBatch({ ...this.#at(next) }, [longLine(long, this.#offset!)]);
    }
    return { ...this.#deliver(next, lines), ended: true };
  }

  /** Puts further bytes behind those at hand. At the end of what is known it looks at the file again. */
  async #fill(limit: number, position: FilePosition): Promise<Filled> {
    const carry = this.#bytes.subarray(this.#from);
    const bytes = await this.#read(limit, carry);
    if (bytes === undefined) return { kind: 'pending', position };
    if (bytes.length > carry.length) {
      this.#bytes = bytes;
      this.#from = 0;
      this.#grewAt = this.#options.clock.now();
      return { kind: 'more', position };
    }
    if (this.#handle === undefined) return { kind: 'end', position };
    const known = this.#size;
    const checked = await this.#check(position);
    if (checked.generation !== position.generation) return { kind: 'more', position: await this.#seek(checked) };
    return { kind: this.#size > known ? 'more' : 'end', position: checked };
  }

  async #read(limit: number, carry: Buffer): Promise<Buffer | undefined> {
    if (this.#source === undefined) {
      if (this.#size === 0 || this.#brokenOff) return carry;
      this.#source = await this.#openSource(this.#offset! + carry.length);
    }
    try {
      return await this.#source.read(limit, carry);
    } catch (error) {
      // A gzip file that is still being written has no end yet; all others go to the caller.
      if (!this.#options.follow || (error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw error;
      this.#brokenAt = this.#size;
      await this.#dropSource();
      return carry;
    }
  }

  get #brokenOff(): boolean {
    return this.#size <= this.#brokenAt;
  }

  async #openSource(offset: number): Promise<ByteSource> {
    const handle = this.#handle!;
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    this.#isZipped = isGzip(buffer);
    return this.#isZipped ? gzipSource(handle, offset) : plainSource(handle, offset, () => this.#size);
  }

  async #dropSource(): Promise<void> {
    await this.#source?.close();
    this.#source = undefined;
  }

  /** Whether this is the file of the position; if not, the position of its new beginning. */
  async #check(position: FilePosition): Promise<FilePosition> {
    const { size, nlink } = await this.#handle!.stat();
    const { buffer, bytesRead } = await this.#handle!.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const beginning = buffer.subarray(0, bytesRead);
    this.#size = size;
    this.#isLinked = nlink > 0;
    const plain = !isGzip(beginning);
    if (!sameHead(position.head, beginning) || (plain && size < position.offset)) {
      const { path, generation } = position;
      return { ...startOf(path), generation: generation + 1, head: headOf(beginning) };
    }
    return bytesRead > position.head.bytes ? { ...position, head: headOf(beginning) } : position;
  }

  /** Nothing follows a stream's end, a gzip file's end, a deleted file's, or one long since renamed out of sight. */
  #isFinal({ listed }: SplitLimit): boolean {
    const { follow, clock } = this.#options;
    if (!follow || this.#handle === undefined || !this.#isLinked) return true;
    if (this.#isZipped) return !this.#brokenOff;
    return !listed && clock.now() - this.#grewAt >= rotatedIdle;
  }

  /** Goes to the position if the file still is what it was, else to its beginning. */
  async #seek(position: FilePosition): Promise<FilePosition> {
    const checked = this.#handle === undefined ? position : await this.#check(position);
    if (this.#handle !== undefined) await this.#dropSource();
    this.#bytes = Buffer.alloc(0);
    this.#from = 0;
    this.#offset = checked.offset;
    return checked;
  }
}

/** By its first two bytes (RFC 1952); its name does not count. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

type Filled = { readonly kind: 'more' | 'end' | 'pending'; readonly position: FilePosition };

/** The long line that ends at `end` of the file. */
function longLine({ long, offset }: FilePosition, end: number): SkippedLine {
  const start = long?.start ?? offset;
  return {
    reason: 'line-too-long',
    offset: start,
    bytes: end - start,
    sample: Buffer.from(long?.sample ?? '', 'base64'),
  };
}
