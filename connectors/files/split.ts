/**
 * One open split: its bytes at hand, cut into batches of lines, and the decisions at the end of what there is. The
 * bytes at hand are a window onto one buffer; a batch refers to that buffer and the next one goes on behind it, so a
 * line is copied only when it crosses from one read to the next.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import type { FetchLimit } from '../../topics/topics.ts';
import { emptyBatch, type FilePosition, goneBatch, type LineBatch, lostAt, type SkippedLine } from './batch.ts';
import type { ByteSource } from './byte-source.ts';
import { type Form, formOf } from './encoding.ts';
import { headBytes } from './head.ts';
import { hasEvidence, judge, type Look, positionAfter } from './life.ts';
import { type Lines, splitLines } from './lines.ts';
import { stampOf } from './set.ts';
import { fileSource } from './source.ts';

/** What one poll may take, and what is known besides. */
export interface SplitLimit extends FetchLimit {
  /** Whether the patterns still name the file. */
  readonly listed: boolean;
  /** Whether the position is where the file had ended, so that nothing is lost with the file. */
  readonly wasEnded: boolean;
}

/** How the split is read. */
export interface SplitOptions {
  readonly follow: boolean;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  /** Whether the file's time of birth can be believed; see `keepsBirths`. */
  readonly births: boolean;
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
  #generation = 0;
  /** Of the last look: how large the file was, its stamp, and whether a name led to it. */
  #size = 0;
  #stamp = '';
  #isLinked = true;
  /** Whether a look has shown that this is the file of its positions. */
  #isSure = false;
  #form: Form = 'plain';
  /** A gzip file that breaks off is tried again when it is larger than this. */
  #brokenAt = -1;
  #grewAt: number;

  constructor(input: FileHandle | ByteSource, options: SplitOptions) {
    this.#options = options;
    this.#handle = 'stat' in input ? input : undefined;
    this.#source = 'stat' in input ? undefined : input;
    this.#grewAt = options.clock.now();
  }

  /** The file as it was when it was last looked at; see `FoundFile`. */
  get stamp(): string {
    return this.#stamp;
  }

  /** Whether it can be closed and opened again at a position without reading it from its start. */
  get canRest(): boolean {
    return this.#handle !== undefined && this.#form === 'plain';
  }

  /** Lines from `position` on, or undefined if there are none yet. */
  async poll(position: FilePosition, limit: SplitLimit): Promise<LineBatch | undefined> {
    if (this.#offset !== position.offset || this.#generation !== position.generation) await this.#seek(position);
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
      const filled = await this.#fill(limit, position);
      if (filled.kind === 'more') position = filled.position;
      else if (filled.kind === 'lost') return emptyBatch(filled.position, [filled.what]);
      else if (filled.kind === 'other') return goneBatch({ ...position, ended: limit.wasEnded });
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
    const next = { ...position, long: null, ended: true, ...(this.#isLinked ? {} : { gone: true }) };
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

  /**
   * Puts further bytes behind those at hand. It looks at the file before it reads, so that bytes of what a file was cut
   * to, or replaced by, are never taken for what follows the position.
   */
  async #fill({ maxBytes, listed, wasEnded }: SplitLimit, position: FilePosition): Promise<Filled> {
    if (this.#handle !== undefined) {
      const known = this.#size;
      const look = await this.#look();
      const verdict = judge(position, look);
      // An inode may be used again for a file that was never asked for.
      if (!listed && !this.#isSure && (verdict !== 'same' || !hasEvidence(position)))
        return { kind: 'other', position };
      this.#isSure = true;
      const next = positionAfter(position, verdict, look);
      if (verdict !== 'same') {
        const what = verdict === 'cut' ? this.#cutAt(position, known) : lostAt(position);
        await this.#seek(next);
        if (what === undefined || wasEnded) return { kind: 'more', position: next };
        return { kind: 'lost', position: next, what };
      }
      position = next;
    }
    const carry = this.#bytes.subarray(this.#from);
    const bytes = await this.#read(maxBytes, carry);
    if (bytes === undefined) return { kind: 'pending', position };
    if (bytes.length === carry.length) return { kind: 'end', position };
    this.#bytes = bytes;
    this.#from = 0;
    this.#grewAt = this.#options.clock.now();
    return { kind: 'more', position };
  }

  /** What a file of `known` bytes had behind the position when it was cut; undefined if nothing is known of it. */
  #cutAt({ offset }: FilePosition, known: number): SkippedLine | undefined {
    if (this.#form !== 'plain' || known <= offset) return undefined;
    const sample = Buffer.from(this.#bytes.subarray(this.#from, this.#from + sampleBytes));
    return { reason: 'file-cut', offset, bytes: known - offset, sample };
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
    this.#form = formOf(buffer);
    return fileSource(handle, offset, { form: this.#form, sizeOf: () => this.#size });
  }

  async #dropSource(): Promise<void> {
    await this.#source?.close();
    this.#source = undefined;
  }

  async #look(): Promise<Look> {
    const handle = this.#handle!;
    const stats = await handle.stat({ bigint: true });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    this.#size = Number(stats.size);
    this.#stamp = stampOf(stats);
    this.#isLinked = stats.nlink > 0n;
    const born = this.#options.births ? String(stats.birthtimeNs) : undefined;
    return { size: this.#size, beginning: buffer.subarray(0, bytesRead), born };
  }

  /** Nothing follows a stream's end, a gzip file's end, a deleted file's, or one long since renamed out of sight. */
  #isFinal({ listed }: SplitLimit): boolean {
    const { follow, clock } = this.#options;
    if (!follow || this.#handle === undefined || !this.#isLinked) return true;
    if (this.#form === 'gzip') return !this.#brokenOff;
    return !listed && clock.now() - this.#grewAt >= rotatedIdle;
  }

  /** Goes to a position; the next look tells whether the file still is what it was. */
  async #seek({ offset, generation }: FilePosition): Promise<void> {
    if (this.#handle !== undefined) await this.#dropSource();
    this.#bytes = Buffer.alloc(0);
    this.#from = 0;
    this.#offset = offset;
    this.#generation = generation;
  }
}

type Filled =
  | { readonly kind: 'more' | 'end' | 'pending' | 'other'; readonly position: FilePosition }
  | { readonly kind: 'lost'; readonly position: FilePosition; readonly what: SkippedLine };

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
