/** Record batches written by hand, byte by byte, for the tests of their reader. */
import { crc32c } from '../../topics/kafka/protocol/crc32c.ts';

export interface HandMadeRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestamp?: number;
  /** Default: its place in the batch. Compaction leaves gaps. */
  readonly offsetDelta?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HandMadeBatch {
  readonly baseOffset: number;
  readonly records: readonly HandMadeRecord[];
  readonly baseTime?: number;
  readonly attributes?: number;
  readonly producerId?: number;
  readonly leaderEpoch?: number;
  readonly lastOffsetDelta?: number;
  readonly compress?: (bytes: Buffer) => Uint8Array;
}

export const transactional = 0x10;
export const control = 0x20;

export function batch(made: HandMadeBatch): Buffer {
  const { baseOffset, records, baseTime = 1_000, attributes = 0, producerId = -1, leaderEpoch = 0 } = made;
  const plain = Buffer.concat(records.map((record, i) => recordBytes(record, i, baseTime)));
  const body = made.compress?.(plain) ?? plain;
  const bytes = Buffer.alloc(61 + body.length);
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(leaderEpoch, 12);
  bytes[16] = 2;
  bytes.writeInt16BE(attributes, 21);
  bytes.writeInt32BE(made.lastOffsetDelta ?? Math.max(...records.map((r, i) => r.offsetDelta ?? i)), 23);
  bytes.writeBigInt64BE(BigInt(baseTime), 27);
  bytes.writeBigInt64BE(BigInt(Math.max(...records.map((r) => r.timestamp ?? baseTime))), 35);
  bytes.writeBigInt64BE(BigInt(producerId), 43);
  bytes.writeInt32BE(records.length, 57);
  bytes.set(body, 61);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

/** The marker that ends a producer's transaction. */
export function marker(baseOffset: number, producerId: number, kind: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]).toString('latin1');
  return batch({ baseOffset, producerId, attributes: transactional | control, records: [{ key, value: '\0\0' }] });
}

function recordBytes(record: HandMadeRecord, place: number, baseTime: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint((record.timestamp ?? baseTime) - baseTime),
    varint(record.offsetDelta ?? place),
    text(record.key ?? null),
    text(record.value),
    varint(Object.keys(record.headers ?? {}).length),
    ...Object.entries(record.headers ?? {}).flatMap(([name, value]) => [text(name), text(value)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function text(value: string | null): Buffer {
  if (value === null) return varint(-1);
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
