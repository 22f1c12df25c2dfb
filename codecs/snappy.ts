/**
 * Blocks of snappy, up to a bound on what they make: a block says at its beginning how large its content is. The
 * package snappy is native and takes a quarter of the time; where its binary is missing, snappyjs does the same.
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

/** Chosen with the first block. */
let chosen: Uncompress | undefined;

/** The quickest way that this machine has. */
export const quickestSnappy = (): Uncompress => (chosen ??= nativeSnappy() ?? portableSnappy);

/**
 * The content of one block. Errors: what the packages throw for a block that is malformed or cut short, and TooLarge
 * where it says of itself to be larger than `most` bytes.
 */
export function unsnapBlock(block: Uint8Array, most: number, uncompress = quickestSnappy()): Uint8Array {
  if (sizeOfBlock(block) > most) throw new TooLarge();
  return uncompress(block);
}

/**
 * The size of a block's content, with which it begins: a varint of at most five bytes.
 *
 * @example
 * sizeOfBlock(new Uint8Array([0xac, 0x02, 0])) // => 300
 */
export function sizeOfBlock(block: Uint8Array): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  return size;
}
