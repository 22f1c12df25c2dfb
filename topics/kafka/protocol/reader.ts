/**
 * Reads the primitive types of Kafka's wire protocol in place. All requests used here are of flexible versions: compact
 * lengths are unsigned varints plus one, and structures end in tagged fields, most of which are not needed here.
 * Source: https://kafka.apache.org/protocol.html#protocol_types.
 */
export class WireReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  int8(): number {
    return this.bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#take(4));
  }

  /** Offsets and times stay far below 2^53. */
  int64(): number {
    const at = this.#take(8);
    return this.bytes.readInt32BE(at) * 2 ** 32 + this.bytes.readUInt32BE(at + 4);
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  /** An unsigned varint of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.bytes[this.#take(1)]!;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  }

  uuid(): string {
    const at = this.#take(16);
    return this.bytes.toString('hex', at, at + 16);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  nullableString(): string | undefined {
    const length = this.unsigned() - 1;
    if (length < 0) return undefined;
    const at = this.#take(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  /** A byte string, a view. */
  blob(): Buffer {
    const length = Math.max(0, this.unsigned() - 1);
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** As many items as the array counts; a null array is empty. */
  array<T>(read: () => T): T[] {
    const length = this.unsigned() - 1;
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }

  /** What a response holds of the one partition of one topic that was asked for; `read` reads all but tagged fields. */
  onePartition<T>(read: () => T): T {
    const [found] = this.array(() => {
      this.string();
      const partitions = this.array(() => {
        const partition = read();
        this.tags();
        return partition;
      });
      this.tags();
      return partitions;
    }).flat();
    return found!;
  }

  /** Reads the tagged fields; `onField` takes those it knows, the others are passed over. */
  tags(onField?: (tag: number) => void): void {
    const count = this.unsigned();
    for (let i = 0; i < count; i++) {
      const tag = this.unsigned();
      const size = this.unsigned();
      const next = this.#take(size) + size;
      if (onField !== undefined) {
        this.at = next - size;
        onField(tag);
      }
      this.at = next;
    }
  }

  #take(size: number): number {
    const at = this.at;
    this.at = at + size;
    if (this.at > this.end) throw new RangeError('the response ends too early');
    return at;
  }
}
