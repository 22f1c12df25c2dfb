import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Cursor } from '../../../topics/kafka/cursor.ts';
import { values } from '../../conformance/topics-steps.ts';
import { batch, marker, transactional } from '../../support/kafka-batches.ts';

const plenty = { maxRecords: 1_000, maxBytes: 1_000_000 };
const at = { topic: 't', partition: 0 };

function cursorOver(...batches: { readonly bytes: Buffer; readonly from: number; readonly next: number }[]): Cursor {
  const cursor = new Cursor(at, batches[0]!.from);
  for (const { bytes, from, next } of batches) {
    cursor.push({ records: bytes, aborted: [], wanted: from, nextOffset: next }, 0);
  }
  return cursor;
}

const numbers = (from: number, to: number) =>
  batch({ baseOffset: from, records: Array.from({ length: to - from }, (_, i) => ({ value: `${from + i}` })) });

test('a block is handed out in parts within the limit, each with bytes of its own records only', () => {
  const cursor = cursorOver({ bytes: numbers(0, 10), from: 0, next: 10 });
  const sizes: number[] = [];
  const seen: (string | null)[] = [];
  for (
    let found = cursor.take({ ...plenty, maxRecords: 4 });
    found;
    found = cursor.take({ ...plenty, maxRecords: 4 })
  ) {
    expect(found.offsets[0]).toBe(seen.length);
    expect(found.nextOffset).toBe(cursor.position);
    sizes.push(found.length);
    seen.push(...values(found));
  }
  expect(sizes).toEqual([4, 4, 2]);
  expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => `${i}`));
});

test('parts of a block follow each other, and what is passed over is told with one of them', () => {
  const zipped = (baseOffset: number, size: number) =>
    batch({ baseOffset, records: [{ value: 'x'.repeat(size) }], attributes: 1, compress: gzipSync });
  const bytes = Buffer.concat([zipped(0, 17 << 20), zipped(1, 65 << 20), zipped(2, 5), zipped(3, 65 << 20)]);
  const cursor = cursorOver({ bytes, from: 0, next: 4 });
  const found = [cursor.take(plenty)!, cursor.take(plenty)!];
  expect(found.map(({ length, nextOffset }) => [length, nextOffset])).toEqual([
    [1, 1],
    [1, 4],
  ]);
  expect(found[1]!.refused!.map(({ offset }) => offset)).toEqual([1, 3]);
  expect([cursor.take(plenty), cursor.buffered]).toEqual([undefined, 0]);
});

test('one record is handed out however large it is', () => {
  const cursor = cursorOver({ bytes: numbers(100, 103), from: 100, next: 103 });
  expect(values(cursor.take({ maxRecords: 10, maxBytes: 1 })!)).toEqual(['100']);
});

test('markers between data are passed over, at the end they lead on', () => {
  const of = (offset: number) =>
    batch({ baseOffset: offset, producerId: 1, attributes: transactional, records: [{ value: `${offset}` }] });
  const cursor = cursorOver(
    { bytes: of(0), from: 0, next: 1 },
    { bytes: marker(1, 1, 'commit'), from: 1, next: 2 },
    { bytes: of(2), from: 2, next: 3 },
    { bytes: marker(3, 1, 'commit'), from: 3, next: 4 },
  );
  const taken = [cursor.take(plenty)!, cursor.take(plenty)!, cursor.take(plenty)!];
  expect(taken.map((found) => [values(found), found.nextOffset])).toEqual([
    [['0'], 1],
    [['2'], 3],
    [[], 4],
  ]);
  expect(cursor.take(plenty)).toBeUndefined();
});

test('the end counts only when a request sent after the question found it', async () => {
  const cursor = new Cursor(at, 0);
  let woken = false;
  const waiting = cursor.wait(5).then(() => (woken = true));
  cursor.noteEmpty(5);
  await Promise.resolve();
  expect([woken, cursor.endedAfter(5)]).toEqual([false, false]);
  cursor.noteEmpty(6);
  await waiting;
  expect(cursor.endedAfter(5)).toBe(true);
});

test('a seek forgets what was read ahead and makes earlier answers void', () => {
  const cursor = cursorOver({ bytes: numbers(0, 10), from: 0, next: 10 });
  const { version } = cursor;
  cursor.seek(4);
  expect([cursor.position, cursor.wanted, cursor.buffered, cursor.take(plenty)]).toEqual([4, 4, 0, undefined]);
  expect(cursor.version).not.toBe(version);
});
