/** What bytes are read from. */

/** Bytes in order. */
export interface ByteSource {
  /**
   * `carry` with at most `limit` further bytes behind it; as long as `carry` at the end, undefined if the bytes that
   * follow have not arrived yet.
   */
  read(limit: number, carry: Buffer): Promise<Buffer | undefined>;
  close(): Promise<void>;
}
