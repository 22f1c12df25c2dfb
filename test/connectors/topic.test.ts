import { describe, expect, test } from 'vitest';
import { text } from '../../connectors/records/record-codec.ts';
import { type Place, type TopicOptions, topic } from '../../connectors/topic.ts';
import { MillraceError } from '../../errors.ts';
import type { SourceBatch } from '../../graph/connector.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { memoryTopics } from '../../topics/memory.ts';
import type { Topics } from '../../topics/topics.ts';

/** What a source reads of these records, each with its number as timestamp. */
async function read<T>(records: readonly (string | null)[], options: TopicOptions<T>): Promise<SourceBatch<T>> {
  const topics = memoryTopics();
  await topics.create({ name: 'in', partitions: 1 });
  await topics.append(
    records.map((value, i) => ({
      topic: 'in',
      partition: 0,
      key: Buffer.from(`key-${i}`),
      value: value === null ? null : Buffer.from(value),
      timestamp: i,
    })),
  );
  const ports = { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock() };
  const reader = await topic<T>('in', options).open(ports);
  const batch = await reader.poll('0', 0, { maxRecords: 100, maxBytes: 1 << 20 });
  if (batch === undefined || batch === 'ended') throw new Error('nothing was read');
  return batch;
}

describe('packed records', () => {
  test('each line is a value with the timestamp of its record; empty lines and tombstones are none', async () => {
    const { values, times, next } = await read(['a\nb\r\n\nc', null, 'd\n', '\n', 'e'], { codec: text, packed: true });
    expect(values).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([...times.subarray(0, 5)]).toEqual([0, 0, 0, 2, 4]);
    expect(next).toBe(5);
  });

  test('a line that can not be read is refused alone', async () => {
    const { values, refused } = await read<number>(['1\n{\n3'], { packed: true });
    expect(values).toEqual([1, 3]);
    expect(refused.map((r) => r.sample)).toEqual(['{']);
  });

  test('without the option a record is one value, line feeds and all', async () => {
    expect((await read(['a\nb'], { codec: text })).values).toEqual(['a\nb']);
  });
});

describe('a tombstone', () => {
  test('is a dead letter by default, with its key', async () => {
    const { values, refused } = await read(['1', null, '3'], {});
    expect(values).toEqual([1, 3]);
    expect(refused).toMatchObject([{ sample: 'key-1', time: 1, reason: expect.stringMatching(/^a tombstone/) }]);
  });

  test('is the value that the option makes of its key, or left out', async () => {
    const tombstone = ({ key, offset }: Place) => (offset === 1 ? `gone ${Buffer.from(key!)}` : undefined);
    const { values, times, refused } = await read<string>(['1', null, null, '4'], { codec: text, tombstone });
    expect(values).toEqual(['1', 'gone key-1', '4']);
    expect([...times.subarray(0, 3)]).toEqual([0, 1, 3]);
    expect(refused).toEqual([]);
  });

  test('is refused where the option throws', async () => {
    const tombstone = () => {
      throw new Error('no such key');
    };
    expect((await read([null], { tombstone })).refused).toMatchObject([{ reason: 'no such key', sample: 'key-0' }]);
  });

  test('is written for a value that deletes', () => {
    const written = topic<number>('out', { deletes: (n) => n < 0 });
    expect([written.encode(-1), Buffer.from(written.encode(1)!).toString()]).toEqual([null, '1']);
  });
});

test('a value is told where it stands: partition, offset, line, key and timestamp', async () => {
  const place: TopicOptions<string>['place'] = (value, at) =>
    `${value} ${at.topic}/${at.partition}/${at.offset}/${at.line} ${Buffer.from(at.key!)} ${at.timestamp}`;
  expect((await read(['a\nb', 'c'], { codec: text, packed: true, place })).values).toEqual([
    'a in/0/0/0 key-0 0',
    'b in/0/0/1 key-0 0',
    'c in/0/1/0 key-1 1',
  ]);
});

test('records that a topic passes over are a dead letter with its reason, and what is behind them is read', async () => {
  const topics = memoryTopics();
  await topics.create({ name: 'in', partitions: 1 });
  await topics.append([{ topic: 'in', partition: 0, key: null, value: Buffer.from('1'), timestamp: 0 }]);
  const detail = { topic: 'in', partition: 0, offset: 5, last: 7, bytes: 9, limit: 10 };
  const refused = [{ offset: 5, timestamp: 3, error: new MillraceError('RECORD_BATCH_TOO_LARGE', detail) }];
  const over: Topics = Object.assign(Object.create(topics), {
    fetch: async (...asked: Parameters<Topics['fetch']>) => {
      const { length, bytes, starts, ends, timestamps, offsets, keys } = (await topics.fetch(...asked))!;
      return { length, bytes, starts, ends, timestamps, offsets, keys, nextOffset: 8, refused };
    },
  });
  const ports = { topics: over, state: memoryState(), tables: memoryTables(), clock: new ManualClock() };
  const reader = await topic<number>('in', {}).open(ports);
  const read = (until = 99) => reader.poll('0', 0, { maxRecords: 100, maxBytes: 1 << 20, until });
  const reason = expect.stringMatching(/^RECORD_BATCH_TOO_LARGE: records 5 to 7 of 'in'\/0/);
  expect(await read()).toMatchObject({ values: [1], next: 8, refused: [{ reason, sample: '', time: 3 }] });
  expect(await read(5)).toMatchObject({ values: [1], next: 5, refused: [] });
});
