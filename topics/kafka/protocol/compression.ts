/**
 * Decompresses the records of a batch, up to a bound: a quarter of a megabyte of gzip may hold gigabytes. Numbers of
 * the codecs are those of a batch's attributes.
 */
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { TooLarge } from '../../../codecs/too-large.ts';
import type { Gathering } from './lz4.ts';
import { unsnap } from './snappy.ts';

export const uncompressed = 0;

/**
 * Gathers the records behind the codec, at most `most` bytes of them. Throws TooLarge where there are more, what
 * libraries throw, and RangeError for a codec that is unknown.
 */
export function decompress(
  { codec, bytes, most }: { readonly codec: number; readonly bytes: Buffer; readonly most: number },
  into: Gathering,
): void {
  if (codec === uncompressed) into.append(bytes);
  else if (codec === 1) into.append(bounded(() => zlib.gunzipSync(bytes, { maxOutputLength: most })));
  else if (codec === 2) into.append(unsnap(bytes, most));
  else if (codec === 3) into.inflate(bytes, most);
  else if (codec === 4) into.append(zstd(bytes, most));
  else throw new RangeError(`compression codec ${codec} is unknown`);
}

function bounded<T>(inflate: () => T): T {
  try {
    return inflate();
  } catch (error) {
    throw (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? new TooLarge() : error;
  }
}

/** Node's own from 22.15 on, many times as fast. Native packages wait for a thread or need install scripts. */
const { zstdDecompressSync } = zlib as {
  readonly zstdDecompressSync?: (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer;
};

function zstd(bytes: Buffer, most: number): Uint8Array {
  if (zstdDecompressSync !== undefined) return bounded(() => zstdDecompressSync(bytes, { maxOutputLength: most }));
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((part) => {
    length += part.length;
    if (length > most) throw new TooLarge();
    parts.push(part);
  });
  stream.push(bytes, true);
  return Buffer.concat(parts);
}
