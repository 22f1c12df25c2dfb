/** Writes the primitive types of Kafka's wire protocol into a growing buffer; the counterpart of `reader.ts`. */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(512);
  #at = 0;

  int8(value: number): this {
    this.#at = this.#room(1).writeInt8(value, this.#at);
    return this;
  }

  int16(value: number): this {
    this.#at = this.#room(2).writeInt16BE(value, this.#at);
    return this;
  }

  int32(value: number): this {
    this.#at = this.#room(4).writeInt32BE(value, this.#at);
    return this;
  }

  int64(value: number): this {
    this.#at = this.#room(8).writeBigInt64BE(BigInt(value), this.#at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  unsigned(value: number): this {
    this.#room(5);
    for (; value >= 0x80; value = Math.floor(value / 0x80)) this.#bytes[this.#at++] = (value % 0x80) | 0x80;
    this.#bytes[this.#at++] = value;
    return this;
  }

  uuid(hex: string): this {
    return this.raw(Buffer.from(hex, 'hex'));
  }

  string(text: string | undefined): this {
    if (text === undefined) return this.unsigned(0);
    return this.blob(Buffer.from(text, 'utf8'));
  }

  blob(bytes: Uint8Array): this {
    return this.unsigned(bytes.length + 1).raw(bytes);
  }

  /** A string with a 16-bit length: request headers still have one. */
  plainString(text: string): this {
    const bytes = Buffer.from(text, 'utf8');
    return this.int16(bytes.length).raw(bytes);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.unsigned(items.length + 1);
    for (const item of items) write(item);
    return this;
  }

  /** No tagged fields. */
  tags(): this {
    return this.unsigned(0);
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length).set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  /** What was written, a view. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #room(more: number): Buffer {
    if (this.#at + more > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#at + more, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#at));
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
