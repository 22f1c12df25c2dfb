/** Writes objects as Protocol Buffers by the tables that the product reads by. */
import type { Message, Scalar } from '../../../codecs/protobuf-message.ts';

type Bag = Readonly<Record<string, unknown>>;

/** The bytes of an object. Fields that the table does not name are left out. */
export function encodeProtobuf(value: unknown, { fields, bare }: Message): Buffer {
  const parts: Buffer[] = [];
  const bag = (bare && (typeof value !== 'object' || value === null) ? bareOf(value) : value) as Bag;
  for (const [number, field] of fields.entries()) {
    if (field === undefined || bag[field.name] === undefined) continue;
    const values = field.many ? (bag[field.name] as unknown[]) : [bag[field.name]];
    for (const each of values) {
      const { is } = field;
      if (typeof is === 'function') parts.push(tag(number, 2), sized(encodeProtobuf(each, is())));
      else parts.push(tag(number, wires[is]), scalar(each, is));
    }
  }
  return Buffer.concat(parts);
}

const bareOf = (value: unknown): Bag =>
  typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : { doubleValue: value };

const wires: Readonly<Record<Scalar, number>> = {
  ...{ int: 0, bool: 0, sint: 0, double: 1, sample: 1, fixed64: 1, nanos: 1, sfixed64: 1, text: 2, hex: 2, fixed32: 5 },
};

const tag = (number: number, wire: number): Buffer => varint(BigInt(number * 8 + wire));
const sized = (bytes: Buffer): Buffer => Buffer.concat([varint(BigInt(bytes.length)), bytes]);

/** A base-128 number. */
export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function scalar(value: unknown, is: Scalar): Buffer {
  const bytes = Buffer.alloc(8);
  switch (is) {
    case 'text':
      return sized(Buffer.from(String(value)));
    case 'hex':
      return sized(Buffer.from(String(value), 'hex'));
    case 'bool':
      return varint(value === true ? 1n : 0n);
    case 'int':
      return varint(BigInt(value as number));
    case 'sint':
      return varint(BigInt(value as number) >= 0n ? BigInt(value as number) * 2n : -BigInt(value as number) * 2n - 1n);
    case 'fixed32':
      bytes.writeUInt32LE(Number(value));
      return bytes.subarray(0, 4);
    case 'fixed64':
    case 'nanos':
      bytes.writeBigUInt64LE(BigInt(value as string));
      return bytes;
    case 'sfixed64':
      bytes.writeBigInt64LE(BigInt(value as string));
      return bytes;
    default:
      if (value === null) return Buffer.from('020000000000f07f', 'hex');
      bytes.writeDoubleLE(Number(value));
      return bytes;
  }
}
