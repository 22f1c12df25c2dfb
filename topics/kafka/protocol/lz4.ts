/**
 * LZ4 frames as Kafka's clients write them, decompressed behind one another into memory that is used again.
 * Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md.
 *
 * Checksums inside a frame are passed over: the batch's CRC-32C, verified before, covers the same bytes. Nothing is
 * read or written out of range, whatever the bytes say. Four bytes are copied at a time where a loop over bytes would
 * do, which makes it twice as fast; what that writes too far is written over by what follows.
 */

import { TooLarge } from '../../../codecs/too-large.ts';

/** Memory that is filled part by part and copied out once, then filled again. */
export class Gathering {
  #bytes: Buffer = Buffer.alloc(0);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Bytes gathered since it was cleared. */
  get length(): number {
    return this.#length;
  }

  /** Adds a copy of the bytes. */
  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * Adds what the LZ4 frame contains. Throws RangeError where it is malformed, and TooLarge where its blocks have room
   * for more than `most` bytes; what it wrote is then forgotten.
   */
  inflate(frame: Buffer, most: number): void {
    const { independent, blockLimit, checked, first } = frameHead(frame);
    const start = this.#length;
    const bound = contentBound(frame, { blockLimit, checked, first });
    if (bound > most) throw new TooLarge();
    this.#reserve(bound);
    const source = { bytes: frame, view: new DataView(frame.buffer, frame.byteOffset, frame.length) };
    let to = start;
    for (let at = first; ; ) {
      const head = source.view.getUint32(at, true);
      const from = at + 4;
      const end = from + (head & 0x7fffffff);
      if (head === 0) break;
      const floor = independent ? to : start;
      if (head >= rawFlag) to += frame.copy(this.#bytes, to, from, end);
      else
        to = inflateBlock(source, { from, end }, { bytes: this.#bytes, view: this.#view, at: to, floor, blockLimit });
      at = checked ? end + 4 : end;
    }
    this.#length = to;
  }

  /** What was gathered, in memory of its own. */
  take(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(taken, 0, 0, this.#length);
    return taken;
  }

  /** Forgets what was gathered. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > keptBytes) this.#grow(0);
  }

  #reserve(more: number): void {
    const needed = this.#length + more + slack;
    if (needed > this.#bytes.length) this.#grow(Math.max(needed, Math.min(this.#bytes.length * 2, keptBytes)));
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.length);
  }
}

/** More than this is not kept for the next time. */
const keptBytes = 16 << 20;
/** What may be written behind the last byte of the content. */
const slack = 4;

const magic = 0x184d2204;
const rawFlag = 0x8000_0000;
const minMatch = 4;
/** No block of n bytes holds more than 255 n. */
const mostRatio = 255;

interface FrameHead {
  /** Whether no block refers to an earlier one. */
  readonly independent: boolean;
  readonly blockLimit: number;
  /** Whether a checksum follows each block. */
  readonly checked: boolean;
  /** Where the first block begins. */
  readonly first: number;
}

function frameHead(frame: Buffer): FrameHead {
  if (frame.length < 11 || frame.readUInt32LE(0) !== magic) throw new RangeError('it is no LZ4 frame');
  const [flags, sizes] = [frame[4]!, frame[5]!];
  const size = (sizes >> 4) & 7;
  if (flags >> 6 !== 1 || size < 4) throw new RangeError('the LZ4 frame is of a kind that is unknown');
  if (flags & 0x01) throw new RangeError('the LZ4 frame needs a dictionary');
  const first = 7 + (flags & 0x08 ? 8 : 0);
  return { independent: (flags & 0x20) !== 0, blockLimit: 1 << (2 * size + 8), checked: (flags & 0x10) !== 0, first };
}

/** Walks over all blocks: none reaches beyond the frame, and together they hold at most so much. */
function contentBound(frame: Buffer, { blockLimit, checked, first }: Omit<FrameHead, 'independent'>): number {
  let bound = 0;
  for (let at = first; ; ) {
    if (at + 4 > frame.length) throw new RangeError('the LZ4 frame ends too early');
    const head = frame.readUInt32LE(at);
    if (head === 0) return bound;
    const size = head & 0x7fffffff;
    if (head >= rawFlag && size > blockLimit) throw new RangeError('an LZ4 block is larger than its frame allows');
    bound += head >= rawFlag ? size : Math.min(blockLimit, size * mostRatio);
    at += 4 + size + (checked ? 4 : 0);
  }
}

interface Target {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly at: number;
  /** The first byte that a match may refer to. */
  readonly floor: number;
  readonly blockLimit: number;
}

/** A compressed block: literals and matches in turn, the last sequence without a match. Returns its content's end. */
function inflateBlock(
  { bytes: source, view }: { readonly bytes: Uint8Array; readonly view: DataView },
  { from, end }: { readonly from: number; readonly end: number },
  { bytes, view: target, at: start, floor, blockLimit }: Target,
): number {
  const limit = Math.min(start + blockLimit, bytes.length - slack);
  let [read, at] = [from, start];
  for (;;) {
    if (read >= end) throw new RangeError('an LZ4 block ends too early');
    const token = source[read++]!;
    let length = token >>> 4;
    if (length === 15) {
      for (let more = 255; more === 255; length += more) {
        if (read >= end) throw new RangeError('an LZ4 block ends too early');
        more = source[read++]!;
      }
    }
    if (length > end - read || length > limit - at) throw new RangeError('literals of an LZ4 block are out of range');
    const literalsEnd = at + length;
    if (end - read >= length + slack) {
      for (let n = read; at < literalsEnd; at += 4, n += 4) target.setInt32(at, view.getInt32(n, true), true);
    } else for (let n = read; at < literalsEnd; ) bytes[at++] = source[n++]!;
    at = literalsEnd;
    read += length;
    if (read === end) return at;
    if (read + 2 > end) throw new RangeError('an LZ4 block ends too early');
    const offset = source[read]! | (source[read + 1]! << 8);
    read += 2;
    length = (token & 15) + minMatch;
    if (length === 15 + minMatch) {
      for (let more = 255; more === 255; length += more) {
        if (read >= end) throw new RangeError('an LZ4 block ends too early');
        more = source[read++]!;
      }
    }
    let match = at - offset;
    if (offset === 0 || match < floor || length > limit - at)
      throw new RangeError('a match of an LZ4 block is out of range');
    const matchEnd = at + length;
    if (offset >= 4) for (; at < matchEnd; at += 4, match += 4) target.setInt32(at, target.getInt32(match, true), true);
    else while (at < matchEnd) bytes[at++] = bytes[match++]!;
    at = matchEnd;
  }
}
