/**
 * The part of MessagePack (msgpack.org) that the scripts need: arrays and strings. Bytes are written as strings too,
 * because Lua has only one kind of both. Every changed entry of a commit passes here, so nothing is allocated per
 * entry.
 */

import { MillraceError } from '../../errors.ts';

/** An item of an array. */
export type Packable = string | Uint8Array;

/** For texts below this length, a loop over the UTF-16 units is faster than the platform's encoder. */
const shortText = 40;

/** Appends values to a growing buffer. */
export class Packer {
  #bytes: Buffer;
  #length = 0;

  /** `size` is an estimate of the bytes needed; a good one saves copying. */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(64, size));
  }

  /** The head of an array; its `length` items have to follow. */
  array(length: number): this {
    this.#reserve(5);
    if (length < 16) this.#bytes[this.#length++] = 0x90 | length;
    else this.#head(length, { two: 0xdc, four: 0xdd });
    return this;
  }

  item(value: Packable): this {
    return typeof value === 'string' ? this.#text(value) : this.#raw(value);
  }

  /** An array of items. */
  items(values: readonly Packable[]): this {
    this.array(values.length);
    for (const value of values) this.item(value);
    return this;
  }

  /** What was packed; the packer must not be used any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #text(text: string): this {
    this.#reserve(5 + text.length * 3);
    if (text.length < shortText && this.#ascii(text)) return this;
    if (text.length * 3 < 0x100) {
      const bytes = this.#bytes.write(text, this.#length + 2, 'utf8');
      this.#bytes[this.#length++] = 0xd9;
      this.#bytes[this.#length++] = bytes;
      this.#length += bytes;
      return this;
    }
    this.#stringHead(Buffer.byteLength(text));
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    return this;
  }

  /** Writes a short text of ASCII; gives up, with nothing written, at the first other character. */
  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    let at = this.#length;
    if (text.length < 32) {
      bytes[at++] = 0xa0 | text.length;
    } else {
      bytes[at++] = 0xd9;
      bytes[at++] = text.length;
    }
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return false;
      bytes[at++] = unit;
    }
    this.#length = at;
    return true;
  }

  #raw(bytes: Uint8Array): this {
    this.#reserve(5 + bytes.length);
    this.#stringHead(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #stringHead(length: number): void {
    if (length < 32) {
      this.#bytes[this.#length++] = 0xa0 | length;
    } else if (length < 0x100) {
      this.#bytes[this.#length++] = 0xd9;
      this.#bytes[this.#length++] = length;
    } else {
      this.#head(length, { two: 0xda, four: 0xdb });
    }
  }

  #head(length: number, codes: { readonly two: number; readonly four: number }): void {
    const isShort = length < 0x10000;
    this.#bytes[this.#length++] = isShort ? codes.two : codes.four;
    this.#length = isShort
      ? this.#bytes.writeUInt16BE(length, this.#length)
      : this.#bytes.writeUInt32BE(length, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** The items of a packed array of byte strings, as views. Errors: STATE_BYTES_BROKEN. */
export function unpackArray(bytes: Buffer): readonly Buffer[] {
  const head = bytes[0] ?? 0;
  let at = 1;
  let count = head & 0x0f;
  if (head === 0xdc) count = bytes.readUInt16BE((at += 2) - 2);
  else if (head === 0xdd) count = bytes.readUInt32BE((at += 4) - 4);
  else if (head >> 4 !== 9) throw broken(bytes, 'they are not an array');
  const items: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const kind = bytes[at++];
    let length = 0;
    if (kind !== undefined && kind >> 5 === 5) length = kind & 0x1f;
    else if (kind === 0xd9) length = bytes.readUInt8((at += 1) - 1);
    else if (kind === 0xda) length = bytes.readUInt16BE((at += 2) - 2);
    else if (kind === 0xdb) length = bytes.readUInt32BE((at += 4) - 4);
    else throw broken(bytes, 'an item is not a string');
    if (at + length > bytes.length) throw broken(bytes, 'they end too early');
    items.push(bytes.subarray(at, (at += length)));
  }
  return items;
}

function broken(bytes: Buffer, reason: string): MillraceError {
  return new MillraceError('STATE_BYTES_BROKEN', { codec: 'MessagePack', bytes: bytes.length, reason });
}
