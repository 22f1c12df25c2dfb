import { isAscii } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compress as lz4 } from 'lz4js';
import { compress as snappy } from 'snappyjs';
import { expect, test } from 'vitest';
import { ColumnBatch } from '../../../topics/kafka/protocol/columns.ts';
import { decodeBatches, lastBatch } from '../../../topics/kafka/protocol/record-batch.ts';
import { values } from '../../conformance/topics-steps.ts';
import { batch, type HandMadeRecord, marker, transactional } from '../../support/kafka-batches.ts';

function decode(records: Buffer, rest: Partial<Parameters<typeof decodeBatches>[0]> = {}) {
  const decoded = decodeBatches({ topic: 't', partition: 0, records, aborted: [], wanted: 0, ...rest }).next().value!;
  return new ColumnBatch(decoded.columns, decoded.nextOffset);
}

const broken = (reason: string) =>
  expect.objectContaining({ code: 'RECORD_BATCH_BROKEN', message: expect.stringContaining(reason) });
const at = { topic: 't', partition: 0 };
const tooLarge = expect.objectContaining({
  code: 'RECORD_BATCH_TOO_LARGE',
  message: expect.stringMatching(/records 1 to 1 of 't'\/0 came compressed in \d+ bytes/),
});
const plain = (...texts: string[]): HandMadeRecord[] => texts.map((value) => ({ value }));

test('values, keys, tombstones, times and offsets become columns; headers are passed over', () => {
  const found = decode(
    batch({
      baseOffset: 40,
      baseTime: 1_700_000_000_000,
      records: [
        { value: 'plain', timestamp: 1_700_000_000_123 },
        { value: null, key: 'k', timestamp: 5 },
        { value: '', key: '', headers: { trace: 'ü', other: '' } },
        { value: 'x'.repeat(20_000) },
      ],
    }),
  );
  expect(values(found)).toEqual(['plain', null, '', 'x'.repeat(20_000)]);
  expect(found.keys!.map((key) => key && Buffer.from(key).toString())).toEqual([null, 'k', '', null]);
  expect([...found.timestamps]).toEqual([1_700_000_000_123, 5, 1_700_000_000_000, 1_700_000_000_000]);
  expect([...found.offsets]).toEqual([40, 41, 42, 43]);
  expect(found.nextOffset).toBe(44);
});

test('any records come out as they went in, whatever the codec', () => {
  const codecs = [undefined, gzipSync, snappy as (bytes: Buffer) => Uint8Array, lz4];
  const record = fc.record({
    key: fc.option(fc.string()),
    value: fc.option(fc.string({ maxLength: 300 })),
    timestamp: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
  });
  const batches = fc.array(fc.tuple(fc.array(record, { minLength: 1, maxLength: 20 }), fc.nat(3)), { minLength: 1 });
  fc.assert(
    fc.property(batches, (made) => {
      let offset = 7;
      const wire = made.map(([records, codec]) => {
        const compress = codecs[codec];
        const bytes = batch({ baseOffset: offset, records, attributes: codec, ...(compress && { compress }) });
        offset += records.length;
        return bytes;
      });
      const found = decode(Buffer.concat(wire));
      const all = made.flatMap(([records]) => records);
      expect(values(found)).toEqual(all.map(({ value }) => value));
      expect([...found.timestamps]).toEqual(all.map(({ timestamp }) => timestamp));
      const keys = found.keys ?? all.map(() => null);
      expect(keys.map((key) => key && Buffer.from(key).toString())).toEqual(all.map(({ key }) => key));
      expect(found.nextOffset).toBe(offset);
    }),
    { seed: 11, numRuns: 200 },
  );
});

test('a batch that makes more than 64 MiB is passed over, whatever the codec, and its neighbours are read', () => {
  const long = { value: 'x'.repeat((64 << 20) + 1) };
  const wide = Buffer.from('\xff\xff\xff\xff\x0f', 'latin1');
  // A block of zstd that repeats one byte 128 KiB times takes four bytes.
  const frame = Buffer.from('28b52ffd00', 'hex');
  const zstd = Buffer.concat([frame, Buffer.from('58', 'hex'), Buffer.alloc(4 * 600, Buffer.from('02001000', 'hex'))]);
  // Twenty blocks, each of which has room for four megabytes.
  const block = Buffer.concat([Buffer.from('80400000', 'hex'), Buffer.alloc(0x4080)]);
  const blocks = Buffer.concat([Buffer.from('04224d18607073', 'hex'), ...Array(20).fill(block), Buffer.alloc(4)]);
  const bombs = [gzipSync, () => Buffer.concat([wide, Buffer.alloc(60)]), () => blocks, () => zstd];
  for (const [i, compress] of bombs.entries()) {
    const bomb = batch({ baseOffset: 1, records: i === 0 ? [long] : plain('x'), attributes: i + 1, compress });
    const [first, last] = [0, 2].map((baseOffset) => batch({ baseOffset, records: plain(`n${baseOffset}`) }));
    const parts = [...decodeBatches({ ...at, records: Buffer.concat([first!, bomb, last!]), aborted: [], wanted: 0 })];
    expect(parts.flatMap(({ columns, nextOffset }) => values(new ColumnBatch(columns, nextOffset)))).toEqual([
      'n0',
      'n2',
    ]);
    expect(parts.flatMap(({ refused }) => refused)).toMatchObject([{ offset: 1, timestamp: 1_000, error: tooLarge }]);
    expect(parts.at(-1)!.nextOffset).toBe(3);
  }
});

test('many batches that make much are decoded in parts, each of which tells where the next begins', () => {
  const made = [0, 1, 2].map((baseOffset) =>
    batch({
      baseOffset,
      records: [{ value: `${baseOffset}${'x'.repeat(17 << 20)}` }],
      attributes: 1,
      compress: gzipSync,
    }),
  );
  const parts = [...decodeBatches({ ...at, records: Buffer.concat(made), aborted: [], wanted: 0 })];
  expect(parts.map(({ columns, nextOffset }) => [columns.offsets[0], nextOffset])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test("xerial's snappy blocks are put together", () => {
  const compress = (bytes: Buffer) => {
    const blocks = [bytes.subarray(0, 10), bytes.subarray(10)].map((part) => Buffer.from(snappy<Uint8Array>(part)));
    const sized = blocks.flatMap((block) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(block.length);
      return [size, block];
    });
    return Buffer.concat([Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1'), ...sized]);
  };
  const found = decode(batch({ baseOffset: 0, records: plain('one', 'two', 'three'), attributes: 2, compress }));
  expect(values(found)).toEqual(['one', 'two', 'three']);
});

test('a tail that was cut off is left for the next fetch', () => {
  const whole = batch({ baseOffset: 0, records: plain('a', 'b') });
  const next = batch({ baseOffset: 2, records: plain('c') });
  for (let cut = 0; cut < next.length; cut++) {
    const wire = Buffer.concat([whole, next.subarray(0, cut)]);
    expect(lastBatch(wire)).toEqual({ nextOffset: 2, epoch: 0 });
    const found = decode(wire);
    expect(values(found)).toEqual(['a', 'b']);
    expect(found.nextOffset).toBe(2);
  }
  expect(lastBatch(whole.subarray(0, 70))).toBeUndefined();
});

test('records below the wanted offset are dropped, gaps of compaction stay gaps', () => {
  const records = [
    { value: 'a', offsetDelta: 0 },
    { value: 'b', offsetDelta: 3 },
    { value: 'c', offsetDelta: 8 },
  ];
  const compacted = () => batch({ baseOffset: 10, records, lastOffsetDelta: 11 });
  const found = decode(compacted(), { wanted: 12 });
  expect([values(found), [...found.offsets], found.nextOffset]).toEqual([['b', 'c'], [13, 18], 22]);
  const empty = decode(compacted(), { wanted: 20 });
  expect([empty.length, empty.nextOffset]).toEqual([0, 22]);
});

test('aborted transactions and markers are no data; others of the same producer are', () => {
  const of = (baseOffset: number, producerId: number, value: string) =>
    batch({ baseOffset, producerId, attributes: transactional, records: plain(value) });
  const wire = Buffer.concat([
    of(0, 1, 'aborted'),
    of(1, 2, 'kept'),
    of(2, 1, 'aborted, too'),
    marker(3, 1, 'abort'),
    of(4, 1, 'kept, later'),
    marker(5, 2, 'commit'),
    batch({ baseOffset: 6, records: plain('not transactional') }),
    marker(7, 1, 'commit'),
    of(8, 2, 'aborted at last'),
    marker(9, 2, 'abort'),
  ]);
  const aborted = [
    { producerId: 2, firstOffset: 8 },
    { producerId: 1, firstOffset: 0 },
  ];
  const found = decode(wire, { aborted });
  expect(values(found)).toEqual(['kept', 'kept, later', 'not transactional']);
  expect([...found.offsets]).toEqual([1, 4, 6]);
  expect(found.nextOffset).toBe(10);
});

test('a commit marker ends no aborted transaction: only its abort marker does', () => {
  const of = (baseOffset: number, value: string) =>
    batch({ baseOffset, producerId: 1, attributes: transactional, records: plain(value) });
  const wire = Buffer.concat([
    of(0, 'aborted'),
    marker(1, 1, 'commit'),
    of(2, 'aborted, too'),
    marker(3, 1, 'abort'),
    of(4, 'kept'),
    marker(5, 1, 'commit'),
  ]);
  const found = decode(wire, { aborted: [{ producerId: 1, firstOffset: 0 }] });
  expect(values(found)).toEqual(['kept']);
});

test('with append time, all records have the time of the batch', () => {
  const records = [
    { value: 'a', timestamp: 2_000 },
    { value: 'b', timestamp: 9_000 },
  ];
  expect([...decode(batch({ baseOffset: 0, records, attributes: 0x08 })).timestamps]).toEqual([9_000, 9_000]);
});

test('the bytes of a batch are ASCII when its texts are, although lengths are not', () => {
  const long = 'x'.repeat(300);
  const wire = (value: string) =>
    Buffer.concat([0, 1].map((at) => batch({ baseOffset: at, records: plain(value), leaderEpoch: -1 })));
  expect(isAscii(wire(long))).toBe(false);
  expect(isAscii(decode(wire(long)).bytes)).toBe(true);
  expect(isAscii(decode(wire('ü')).bytes)).toBe(false);
});

test('every changed byte behind the checksum is noticed', () => {
  const whole = batch({ baseOffset: 0, records: plain('some', 'values') });
  for (let at = 17; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 0x40;
    expect(() => decode(damaged)).toThrow(broken('checksum'));
  }
});

test('malformed records, formats and codecs are coded errors', () => {
  const records = plain('a');
  expect(() => decode(batch({ baseOffset: 0, records, compress: () => Buffer.alloc(8) }))).toThrow(broken('malformed'));
  expect(() => decode(batch({ baseOffset: 0, records, compress: () => Buffer.alloc(3) }))).toThrow(
    broken("can't hold"),
  );
  expect(() => decode(batch({ baseOffset: 0, records, attributes: 7 }))).toThrow(broken('codec 7'));
  expect(() => decode(batch({ baseOffset: 0, records, attributes: 1 }))).toThrow(broken(''));
  const old = batch({ baseOffset: 0, records });
  old[16] = 1;
  expect(() => decode(old)).toThrow(broken('format is 1'));
});
