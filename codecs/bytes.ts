/**
 * Writing and reading small binary records: variable-length integers, doubles, texts and nested byte strings.
 *
 * Integers use the base-128 varints and the zigzag mapping of Protocol Buffers, done in floating-point arithmetic so
 * that the whole range of safe integers fits. Texts are UTF-8; a text with a lone surrogate, which UTF-8 can't hold, is
 * a byte 0xff (never part of UTF-8) followed by UTF-16LE, so that every string can be read back.
 * A reader checks every length and count, and raises STATE_BYTES_BROKEN instead of inventing values.
 */

import { MillraceError } from '../errors.ts';

const encoder = new TextEncoder();
// A leading byte-order mark belongs to the text; a decoder that removed it would change keys.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;
const utf16Head = 0xff;
/** Shorter texts are handled here; for longer ones the platform's coders are faster. */
const shortText = 32;
// One view for all doubles: a view per record would cost more than the record.
const double = new DataView(new ArrayBuffer(8));
const none = new Uint8Array(0);

/** Buffers of finished writers, for reuse: allocating a buffer costs more than most writers write. */
const spare: Uint8Array[] = [];
const mostSpare = 4;

/** Appends fields to a growing buffer. Ends with `finish`. */
export class ByteWriter {
  #bytes = spare.pop() ?? new Uint8Array(64);
  #length = 0;

  /** A whole number from 0 to 2^53 − 1 in 1 to 8 bytes. */
  varint(n: number): this {
    this.#reserve(8);
    this.#tail(n);
    return this;
  }

  /** A safe integer of either sign in 1 to 8 bytes, small magnitudes in few. −0 becomes 0. */
  int(n: number): this {
    this.#reserve(8);
    const sign = n < 0 ? 1 : 0;
    const magnitude = n < 0 ? -n - 1 : n;
    const low = (magnitude % 64) * 2 + sign;
    const high = Math.floor(magnitude / 64);
    this.#bytes[this.#length++] = high > 0 ? low | 0x80 : low;
    if (high > 0) this.#tail(high);
    return this;
  }

  /** Any number, bit by bit, in 8 bytes. */
  float64(x: number): this {
    this.#reserve(8);
    double.setFloat64(0, x);
    for (let i = 0; i < 8; i++) this.#bytes[this.#length++] = double.getUint8(i);
    return this;
  }

  /** Bytes after their length. */
  bytes(bytes: Uint8Array): this {
    this.varint(bytes.length);
    return this.raw(bytes);
  }

  /** A text after the length of its bytes. */
  string(text: string): this {
    return this.bytes(encodeText(text));
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** The written bytes, in memory of their own; the writer is empty afterwards. */
  finish(): Uint8Array {
    const written = copyOf(this.#bytes, this.#length);
    if (spare.length < mostSpare && this.#bytes.length <= 1_024) spare.push(this.#bytes);
    this.#bytes = none;
    this.#length = 0;
    return written;
  }

  #tail(n: number): void {
    while (n >= 0x80) {
      this.#bytes[this.#length++] = (n % 0x80) | 0x80;
      n = Math.floor(n / 0x80);
    }
    this.#bytes[this.#length++] = n;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** The first bytes of a buffer; for few bytes a loop is faster than the platform's copying. */
function copyOf(bytes: Uint8Array, length: number): Uint8Array {
  if (length > shortText) return bytes.slice(0, length);
  const copy = new Uint8Array(length);
  for (let i = 0; i < length; i++) copy[i] = bytes[i]!;
  return copy;
}

/** Reads the fields back in the same order. Errors of every method: STATE_BYTES_BROKEN. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #codec: string;
  #at = 0;

  /** `codec` names the reader in errors. */
  constructor(bytes: Uint8Array, codec: string) {
    this.#bytes = bytes;
    this.#codec = codec;
  }

  varint(): number {
    return this.#tail(0, 1);
  }

  int(): number {
    const first = this.#byte();
    const low = (first & 0x7f) >> 1;
    const magnitude = first < 0x80 ? low : this.#tail(low, 64);
    if (first % 2 === 0) return magnitude;
    if (magnitude === Number.MAX_SAFE_INTEGER) throw this.#broken('an integer is out of range');
    return -magnitude - 1;
  }

  float64(): number {
    this.#expect(8);
    for (let i = 0; i < 8; i++) double.setUint8(i, this.#bytes[this.#at++]!);
    return double.getFloat64(0);
  }

  /** Bytes after their length, a view. */
  bytes(): Uint8Array {
    const length = this.varint();
    this.#expect(length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  string(): string {
    return decodeText(this.bytes(), this.#codec);
  }

  /** Everything not yet read, a view. */
  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#at);
    this.#at = this.#bytes.length;
    return rest;
  }

  /** Asserts that nothing follows. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw this.#broken(`${left} bytes too many`);
  }

  /** How many fields of at least `width` bytes follow; an impossible count is refused before memory is allocated. */
  count(width: number): number {
    const count = this.varint();
    this.#expect(count * width);
    return count;
  }

  #tail(value: number, unit: number): number {
    for (;;) {
      if (unit > Number.MAX_SAFE_INTEGER) throw this.#broken('an integer is out of range');
      const byte = this.#byte();
      value += (byte & 0x7f) * unit;
      if (value > Number.MAX_SAFE_INTEGER) throw this.#broken('an integer is out of range');
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw this.#broken('they end too early');
    return byte;
  }

  #expect(length: number): void {
    if (this.#at + length > this.#bytes.length) throw this.#broken('they end too early');
  }

  #broken(reason: string): MillraceError {
    return new MillraceError('STATE_BYTES_BROKEN', { codec: this.#codec, bytes: this.#bytes.length, reason });
  }
}

/** The bytes of any string, lone surrogates included. */
export function encodeText(text: string): Uint8Array {
  const ascii = encodeAscii(text);
  if (ascii !== undefined) return ascii;
  if (!loneSurrogate.test(text)) return encoder.encode(text);
  const bytes = new Uint8Array(1 + text.length * 2);
  const view = new DataView(bytes.buffer);
  bytes[0] = utf16Head;
  for (let i = 0; i < text.length; i++) view.setUint16(1 + i * 2, text.charCodeAt(i), true);
  return bytes;
}

/** The string of the bytes; `codec` names the reader in errors. Errors: STATE_BYTES_BROKEN. */
export function decodeText(bytes: Uint8Array, codec: string): string {
  if (bytes[0] === utf16Head && bytes.length % 2 === 1) return decodeUtf16(bytes);
  const ascii = decodeAscii(bytes);
  if (ascii !== undefined) return ascii;
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const detail = { codec, bytes: bytes.length, reason: 'they are not UTF-8 text' };
    throw new MillraceError('STATE_BYTES_BROKEN', detail, { cause });
  }
}

// The platform's UTF-16 decoder would replace lone surrogates, which this form exists for.
function decodeUtf16(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let i = 1; i < bytes.length; i += 2) text += String.fromCharCode(view.getUint16(i, true));
  return text;
}

function encodeAscii(text: string): Uint8Array | undefined {
  if (text.length > shortText) return undefined;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return undefined;
    bytes[i] = unit;
  }
  return bytes;
}

function decodeAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > shortText) return undefined;
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
