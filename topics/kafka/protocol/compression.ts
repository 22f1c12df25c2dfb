/** Decompresses the records of a batch. Numbers of the codecs are those of a batch's attributes. */
import * as zlib from 'node:zlib';
import { decompress as zstdInJavaScript } from 'fzstd';
import type { Gathering } from './lz4.ts';
import { unsnap } from './snappy.ts';

export const uncompressed = 0;

/** Gathers the records behind the codec. Throws what libraries throw, and RangeError for a codec that is unknown. */
export function decompress(codec: number, bytes: Buffer, into: Gathering): void {
  if (codec === uncompressed) into.append(bytes);
  else if (codec === 1) into.append(zlib.gunzipSync(bytes));
  else if (codec === 2) into.append(unsnap(bytes));
  else if (codec === 3) into.inflate(bytes);
  else if (codec === 4) into.append(zstd(bytes));
  else throw new RangeError(`compression codec ${codec} is unknown`);
}

/** Node's own from 22.15 on, many times as fast. Native packages wait for a thread or need install scripts. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Buffer) => Buffer };

function zstd(bytes: Buffer): Uint8Array {
  return (zstdDecompressSync ?? zstdInJavaScript)(bytes);
}
