/**
 * Snappy as Kafka's clients write it: Java's frame it in blocks of their own (xerial's SnappyOutputStream), others send
 * one plain block. The package snappy is native and takes a quarter of the time; where its binary is missing, snappyjs
 * does the same.
 */
import { uncompress } from 'snappyjs';
import { optionalPackage } from './optional.ts';

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

/** What was compressed, framed or not. Errors: what the packages throw, and RangeError for a block cut short. */
export function unsnap(bytes: Buffer, uncompress?: Uncompress): Uint8Array {
  uncompress ??= chosen ??= nativeSnappy() ?? portableSnappy;
  return isFramed(bytes) ? unframe(bytes, uncompress) : uncompress(bytes);
}

const frameMagic = Buffer.from('\x82SNAPPY\0', 'latin1');
const frameHeadBytes = 16;

function isFramed(bytes: Buffer): boolean {
  return bytes.length > frameHeadBytes && bytes.subarray(0, frameMagic.length).equals(frameMagic);
}

/** Behind magic and versions: blocks, each after its length. */
function unframe(bytes: Buffer, uncompress: Uncompress): Buffer {
  const blocks: Uint8Array[] = [];
  for (let at = frameHeadBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end > bytes.length || end < at) throw new RangeError('a snappy block ends too early');
    blocks.push(uncompress(bytes.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}
