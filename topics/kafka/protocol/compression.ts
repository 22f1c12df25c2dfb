/**
 * Decompresses the records of a batch. Numbers of the codecs are those of a batch's attributes. Java's clients frame
 * snappy in blocks of their own (xerial's SnappyOutputStream), others send one plain block: both are read.
 */
import * as zlib from 'node:zlib';
import { decompress as zstdInJavaScript } from 'fzstd';
import { uncompress as snappy } from 'snappyjs';
import type { Gathering } from './lz4.ts';

export const uncompressed = 0;

/** Gathers the records behind the codec. Throws what libraries throw, and RangeError for a codec that is unknown. */
export function decompress(codec: number, bytes: Buffer, into: Gathering): void {
  if (codec === uncompressed) into.append(bytes);
  else if (codec === 1) into.append(zlib.gunzipSync(bytes));
  else if (codec === 2) into.append(isXerial(bytes) ? xerial(bytes) : snappy<Uint8Array>(bytes));
  else if (codec === 3) into.inflate(bytes);
  else if (codec === 4) into.append(zstd(bytes));
  else throw new RangeError(`compression codec ${codec} is unknown`);
}

/** Node's own from 22.15 on, which takes a third of the time. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Buffer) => Buffer };

function zstd(bytes: Buffer): Uint8Array {
  return (zstdDecompressSync ?? zstdInJavaScript)(bytes);
}

const xerialMagic = Buffer.from('\x82SNAPPY\0', 'latin1');
const xerialHead = 16;

function isXerial(bytes: Buffer): boolean {
  return bytes.length > xerialHead && bytes.subarray(0, xerialMagic.length).equals(xerialMagic);
}

/** Behind magic and versions: blocks, each after its length. */
function xerial(bytes: Buffer): Buffer {
  const blocks: Uint8Array[] = [];
  for (let at = xerialHead; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end > bytes.length || end < at) throw new RangeError('a snappy block ends too early');
    blocks.push(snappy<Uint8Array>(bytes.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}
