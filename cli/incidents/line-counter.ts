/**
 * Counts lines as the source of files does: blank ones are none, and what stands behind the last end of line is one.
 */
export class LineCounter {
  /** Bytes that came. */
  bytes = 0;
  #lines = 0;
  /** Bytes of the line that has not ended, and the first of them. */
  #size = 0;
  #first = 0;

  /** Lines that came. */
  get lines(): number {
    return this.#lines + (this.#isBlank ? 0 : 1);
  }

  add(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const newline = bytes.indexOf(10, at);
      const end = newline < 0 ? bytes.length : newline;
      if (this.#size === 0 && end > at) this.#first = bytes[at]!;
      this.#size += end - at;
      at = end + 1;
      if (newline < 0) return;
      if (!this.#isBlank) this.#lines++;
      this.#size = 0;
    }
  }

  get #isBlank(): boolean {
    return this.#size === 0 || (this.#size === 1 && this.#first === 13);
  }
}
