/**
 * Snappy as Kafka's clients write it: Java's frame it in blocks of their own (xerial's SnappyOutputStream), others send
 * one plain block.
 */
import { quickestSnappy, sizeOfBlock, unsnapBlock } from '../../../codecs/snappy.ts';
import { TooLarge } from '../../../codecs/too-large.ts';

/**
 * What was compressed, framed or not. Errors: what the packages throw, RangeError for a block cut short, and TooLarge
 * where it says of itself to be larger than `most` bytes.
 */
export function unsnap(bytes: Buffer, most: number, uncompress = quickestSnappy()): Uint8Array {
  if (!isFramed(bytes)) return unsnapBlock(bytes, most, uncompress);
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (let at = frameHeadBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end > bytes.length || end < at) throw new RangeError('a snappy block ends too early');
    const block = bytes.subarray(at + 4, end);
    size += sizeOfBlock(block);
    if (size > most) throw new TooLarge();
    blocks.push(uncompress(block));
    at = end;
  }
  return Buffer.concat(blocks);
}

const frameMagic = Buffer.from('\x82SNAPPY\0', 'latin1');
const frameHeadBytes = 16;

/** Whether magic and versions stand before the blocks, each of which comes after its length. */
function isFramed(bytes: Buffer): boolean {
  return bytes.length > frameHeadBytes && bytes.subarray(0, frameMagic.length).equals(frameMagic);
}
