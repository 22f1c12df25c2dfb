/**
 * What a file or a stream is written in, told by its first two bytes: gzip (RFC 1952), or UTF-16 with its mark of the
 * byte order, which programs on Windows write. UTF-16 is read as UTF-8, so that lines are bytes of UTF-8 everywhere;
 * offsets count these.
 */
import { TextDecoder } from 'node:util';
import type { ByteSource } from './byte-source.ts';

/** How bytes are to be read. */
export type Form = 'plain' | 'gzip' | 'utf-16le' | 'utf-16be';

/**
 * The form of what begins with these bytes; a name does not count.
 *
 * @example
 * formOf(Buffer.from([0xff, 0xfe, 0x41, 0x00])) // => 'utf-16le'
 * formOf(Buffer.from('a')) // => 'plain'
 */
export function formOf(beginning: Uint8Array): Form {
  const [first, second] = beginning;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'plain';
}

/** A source from its beginning, as UTF-8 where its first bytes say that it is UTF-16. */
export function decodedSource(source: ByteSource): ByteSource {
  let head: Buffer = none;
  let decoder: TextDecoder | undefined;
  let isPlain = false;
  const decoded = async (limit: number, carry: Buffer): Promise<Buffer | undefined> => {
    for (;;) {
      const bytes = await source.read(Math.max(limit >> 1, 2), none);
      if (bytes === undefined) return undefined;
      if (bytes.length === 0) return carry;
      // Half a character waits for the rest of it.
      const text = decoder!.decode(bytes, { stream: true });
      if (text !== '') return Buffer.concat([carry, Buffer.from(text)]);
    }
  };
  return {
    async read(limit, carry) {
      while (decoder === undefined && !isPlain) {
        const bytes = await source.read(2 - head.length, head);
        if (bytes === undefined) return undefined;
        const form = formOf(bytes);
        if (form === 'utf-16le' || form === 'utf-16be') decoder = new TextDecoder(form);
        else if (bytes.length >= 2 || bytes.length === head.length) isPlain = true;
        head = bytes;
      }
      if (decoder !== undefined) return decoded(limit, carry);
      if (head.length === 0) return source.read(limit, carry);
      const begun = Buffer.concat([carry, head]);
      head = none;
      return begun;
    },
    close: () => source.close(),
  };
}

const none = Buffer.alloc(0);
