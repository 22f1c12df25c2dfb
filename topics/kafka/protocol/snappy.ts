/**
 * Snappy as Kafka's clients write it: Java's frame it in blocks of their own (xerial's SnappyOutputStream), others send
 * one plain block. The package snappy is native and takes a quarter of the time; where its binary is missing, snappyjs
 * does the same.
 */
import { uncompress } from 'snappyjs';
import { optionalPackage } from './optional.ts';
import { TooLarge } from './too-large.ts';

/** Makes of one block what was compressed. Throws where it is malformed. */
export type Uncompress = (block: Uint8Array) => Uint8Array;

interface NativeSnappy {
  uncompressSync(block: Uint8Array, options: { readonly asBuffer: true; readonly copyOutputData: true }): Buffer;
}

// Without the copy every result is memory outside of V8, which its collector frees late and slowly.
const options = { asBuffer: true, copyOutputData: true } as const;

/** By the native package, which is loaded by this call: 7 MB that other codecs need not pay. Undefined without it. */
export function nativeSnappy(): Uncompress | undefined {
  const native = optionalPackage<NativeSnappy>('snappy');
  return native && ((block) => native.uncompressSync(block, options));
}

/** In JavaScript. */
export const portableSnappy: Uncompress = (block) => uncompress<Uint8Array>(block);

/** Chosen with the first record that is compressed so. */
let chosen: Uncompress | undefined;

/**
 * What was compressed, framed or not. Errors: what the packages throw, RangeError for a block cut short, and TooLarge
 * where it says of itself to be larger than `most` bytes.
 */
export function unsnap(bytes: Buffer, most: number, uncompress?: Uncompress): Uint8Array {
  uncompress ??= chosen ??= nativeSnappy() ?? portableSnappy;
  if (isFramed(bytes)) return unframe(bytes, most, uncompress);
  if (sizeOf(bytes) > most) throw new TooLarge();
  return uncompress(bytes);
}

/** The size of a block's content, with which it begins: a varint of at most five bytes. */
function sizeOf(block: Uint8Array): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  return size;
}

const frameMagic = Buffer.from('\x82SNAPPY\0', 'latin1');
const frameHeadBytes = 16;

function isFramed(bytes: Buffer): boolean {
  return bytes.length > frameHeadBytes && bytes.subarray(0, frameMagic.length).equals(frameMagic);
}

/** Behind magic and versions: blocks, each after its length. */
function unframe(bytes: Buffer, most: number, uncompress: Uncompress): Buffer {
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (let at = frameHeadBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end > bytes.length || end < at) throw new RangeError('a snappy block ends too early');
    const block = bytes.subarray(at + 4, end);
    size += sizeOf(block);
    if (size > most) throw new TooLarge();
    blocks.push(uncompress(block));
    at = end;
  }
  return Buffer.concat(blocks);
}
