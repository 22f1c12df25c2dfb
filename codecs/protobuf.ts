/**
 * Reads Protocol Buffers by tables: a message is described by its fields, and becomes an object with the names that its
 * JSON has. No code is generated. Every length is checked. A message within that is broken costs itself alone: a
 * `Broken` stands in its place, and what comes behind it is read on. Fields that a table does not name are skipped, and
 * default values, which are not written, are not there.
 *
 * Series say what they are with each of their points. So a run of such fields is decoded once: while its bytes are
 * kept, the same bytes give the same list, and a reader may keep what it made of that list.
 */
import { Kept } from './kept.ts';
import { type Field, type Message, wireOf } from './protobuf-message.ts';
import { textBetween } from './short-texts.ts';

/** In place of a message that can't be read. */
export class Broken {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What came out of a body. */
export interface Decoded {
  readonly value: unknown;
  /** Why the rest of the body could not be read; null if all was. */
  readonly wrong: string | null;
  /** Whether it was left because there is too much of it. */
  readonly tooMuch: boolean;
}

/**
 * Decodes a body. It does not throw.
 *
 * @example
 * const label = message({ 1: ['name', 'text'], 2: ['sizes[]', 'int'] });
 * decodeProtobuf(Buffer.from('0a0363707510051006', 'hex'), label).value // => { name: 'cpu', sizes: [5, 6] }
 * decodeProtobuf(Buffer.from('0a09637075', 'hex'), label).wrong // => 'a field of 9 bytes, of which 3 are there'
 */
export function decodeProtobuf(bytes: Uint8Array, described: Message): Decoded {
  const decoder = new Decoder(bytes);
  const value = decoder.message(described, bytes.length);
  return { value, wrong: decoder.wrong, tooMuch: decoder.left < 0 };
}

/** Messages within messages, as attributes may be. */
const deepest = 24;
/** A byte or two can be a message, which takes many more here. */
const mostFields = 2_000_000;

class Decoder {
  wrong: string | null = null;
  /** How many fields may still come. */
  left = mostFields;
  readonly #bytes: Buffer;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  message({ fields, bare }: Message, end: number): unknown {
    const found: Record<string, unknown> = {};
    let last: unknown;
    let isOwn = false;
    while (this.#at < end) {
      const tag = this.#varint(end);
      const wire = tag % 8;
      const number = (tag - wire) / 8;
      const field = fields[number];
      if (--this.left < 0) this.wrong ??= `more than ${mostFields} fields`;
      else if (number === 0) this.wrong ??= 'a field with the number 0';
      else if (field === undefined) this.#skip(wire, end);
      else if (field.again && wire === 2 && found[field.name] === undefined) {
        found[field.name] = this.#run(field, tag, end);
      } else if (field.many) {
        // A list that is kept may be another message's, too.
        if (field.again && !isOwn) found[field.name] = [...((found[field.name] ?? []) as unknown[])];
        isOwn ||= field.again;
        this.#many((found[field.name] ??= []) as unknown[], { field, wire, end });
      } else last = found[field.name] = this.#value(field.is, wire, end);
      if (this.wrong !== null) break;
    }
    return bare ? last : found;
  }

  #many(list: unknown[], { field, wire, end }: { readonly field: Field; readonly wire: number; readonly end: number }) {
    const { is } = field;
    if (wire !== 2 || typeof is === 'function' || wireOf[is] === 2) {
      const value = this.#value(is, wire, end);
      if (this.wrong === null) list.push(value);
      return;
    }
    const packed = this.#end(end);
    while (this.#at < packed && this.wrong === null) {
      if (--this.left < 0) this.wrong = `more than ${mostFields} fields`;
      else list.push(this.#value(is, wireOf[is], packed));
    }
  }

  /** The list of a field that stands several times in a row; its tag was read. */
  #run(field: Field, tag: number, end: number): unknown[] {
    const start = this.#at;
    const behind = this.#endOfRun(tag, end);
    const isKept = this.wrong === null && behind - start <= longestRun;
    const bytes = isKept ? this.#bytes.toString('latin1', start, behind) : '';
    const known = isKept ? runs.get(bytes) : undefined;
    if (known !== undefined && known.field === field) {
      this.left -= known.fields;
      this.#at = behind;
      return known.list;
    }
    const list: unknown[] = [];
    const before = this.left;
    this.#at = start;
    this.wrong = null;
    this.#many(list, { field, wire: 2, end });
    while (this.wrong === null && this.#at < behind) {
      this.#varint(end);
      this.#many(list, { field, wire: 2, end });
    }
    if (isKept && this.wrong === null) runs.set(bytes, { field, list, fields: before - this.left });
    return list;
  }

  /** Where fields of one tag end, the first of which begins with its length here. */
  #endOfRun(tag: number, end: number): number {
    for (;;) {
      this.#at = this.#end(end);
      const behind = this.#at;
      if (this.wrong !== null || behind >= end || this.#varint(end) !== tag) return behind;
    }
  }

  #value(is: Field['is'], wire: number, end: number): unknown {
    if (typeof is === 'function') return wire === 2 ? this.#within(is(), this.#end(end)) : this.#mistyped(wire);
    if (wire !== wireOf[is]) return this.#mistyped(wire);
    if (wire === 0) return is === 'int' ? this.#int(end) : is === 'bool' ? this.#varint(end) !== 0 : this.#zigzag(end);
    const start = this.#at;
    const behind = wire === 2 ? this.#end(end) : this.#fixed(wire === 1 ? 8 : 4, end);
    if (this.wrong !== null) return undefined;
    const bytes = this.#bytes;
    if (wire !== 2) this.#at = behind;
    switch (is) {
      case 'text':
      case 'hex': {
        const from = this.#at;
        this.#at = behind;
        return is === 'hex' ? bytes.toString('hex', from, behind) : textBetween(bytes, from, behind);
      }
      case 'double':
        return bytes.readDoubleLE(start);
      case 'sample':
        return bytes.readUInt32LE(start + 4) === 0x7ff0_0000 && bytes.readUInt32LE(start) === 2
          ? null
          : bytes.readDoubleLE(start);
      case 'fixed64':
        return bytes.readUInt32LE(start + 4) * 2 ** 32 + bytes.readUInt32LE(start);
      case 'nanos':
        return microsIn(bytes.readUInt32LE(start + 4), bytes.readUInt32LE(start)) * 1e3;
      case 'sfixed64':
        return whole(bytes.readInt32LE(start + 4), bytes.readUInt32LE(start));
      default:
        return bytes.readUInt32LE(start);
    }
  }

  /** A message of its own bounds: what is wrong in it is wrong with it alone. */
  #within(described: Message, end: number): unknown {
    if (this.wrong !== null) return undefined;
    if (this.#depth === deepest) {
      this.#at = end;
      return new Broken(`more than ${deepest} messages within each other`);
    }
    this.#depth++;
    const value = this.message(described, end);
    this.#depth--;
    if (this.wrong === null || this.left < 0) return value;
    const broken = new Broken(this.wrong);
    this.wrong = null;
    this.#at = end;
    return broken;
  }

  /** Where a field that begins with its length ends. */
  #end(end: number): number {
    const length = this.#varint(end);
    if (this.wrong === null && length > end - this.#at)
      this.wrong = `a field of ${length} bytes, of which ${end - this.#at} are there`;
    return this.wrong === null ? this.#at + length : end;
  }

  #fixed(bytes: number, end: number): number {
    if (end - this.#at < bytes) this.wrong ??= `a field of ${bytes} bytes, of which ${end - this.#at} are there`;
    return this.#at + bytes;
  }

  #skip(wire: number, end: number): void {
    if (wire === 0) this.#varint(end);
    else if (wire === 2) this.#at = this.#end(end);
    else if (wire === 1 || wire === 5) this.#at = this.#fixed(wire === 1 ? 8 : 4, end);
    else this.#mistyped(wire);
  }

  #mistyped(wire: number): undefined {
    this.wrong ??= `a field of wire type ${wire}, which it can't have`;
  }

  #varint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.#at >= end) {
        this.wrong ??= 'a number that is cut short';
        return 0;
      }
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    this.wrong ??= 'a number of more than ten bytes';
    return 0;
  }

  #zigzag(end: number): number {
    const value = this.#varint(end);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #int(end: number): number | string {
    const start = this.#at;
    const value = this.#varint(end);
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    let exact = 0n;
    for (let at = this.#at - 1; at >= start; at--) exact = (exact << 7n) | BigInt(this.#bytes[at]! & 0x7f);
    exact = BigInt.asIntN(64, exact);
    return whole(Number(exact >> 32n), Number(exact & 0xffff_ffffn));
  }
}

/** Lists by the bytes they were read from. */
const runs = new Kept<{ readonly field: Field; readonly list: unknown[]; readonly fields: number }>(16 << 20);
const longestRun = 4_096;

/** A number of 64 bits with a sign, or its text. */
function whole(high: number, low: number): number | string {
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : String((BigInt(high) << 32n) + BigInt(low));
}

/** Whole microseconds in a number of nanoseconds: without its last digits a number of 64 bits is exact. */
function microsIn(high: number, low: number): number {
  const rest = ((high % 1_000) * 296 + (low % 1_000)) % 1_000;
  return Math.round((high * 2 ** 32 + low - rest) / 1e3);
}
