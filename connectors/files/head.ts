/** How a file begins, by which it is told from another file with the same inode. */
import { createHash } from 'node:crypto';

/** How many bytes at the beginning of a file tell it from another one with the same inode. */
export const headBytes = 256;

/** How a file begins: so many of its bytes have this hash. Grows with the file up to `headBytes`. */
export type Head = { readonly bytes: number; readonly hash: string };

/** The head of `bytes`, which are the beginning of a file. */
export const headOf = (bytes: Buffer): Head => {
  return { bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
};

/** Whether a file that begins with `bytes` may be the one whose beginning was `head`. */
export const sameHead = (head: Head, bytes: Buffer): boolean =>
  head.bytes === 0 || (bytes.length >= head.bytes && headOf(bytes.subarray(0, head.bytes)).hash === head.hash);
