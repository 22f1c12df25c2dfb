import { expect, test } from 'vitest';
import { shippedLines } from '../../jobs/shipped-lines.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { memoryTopics } from '../../topics/memory.ts';

/** What the source makes of one record. */
async function read(value: string, key: string | null): Promise<unknown[]> {
  const topics = memoryTopics();
  await topics.create({ name: 'logs', partitions: 1 });
  const bytes = key === null ? null : Buffer.from(key);
  await topics.append([{ topic: 'logs', partition: 0, key: bytes, value: Buffer.from(value), timestamp: 5_000 }]);
  const ports = { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock() };
  const reader = await shippedLines('logs').open(ports);
  const batch = await reader.poll('0', 0, { maxRecords: 9, maxBytes: 1 << 20 });
  return typeof batch === 'object'
    ? batch.values.map(({ line, source, time, index }) => [line, source, time, index])
    : [];
}

test('a line as a program wrote it is from its record: key or partition, and timestamp', async () => {
  expect(await read('ERROR no till', 'till-7')).toEqual([['ERROR no till', 'till-7', 5_000, 0]]);
  expect(await read('ERROR no till', null)).toEqual([['ERROR no till', 'logs-0', 5_000, 0]]);
});

test("a shipper's record tells pod and time, and stays what it is for the parser", async () => {
  const record = '{"@timestamp":"2025-03-04T08:00:00Z","log":"ERROR no till","kubernetes":{"pod_name":"till-7"}}';
  expect(await read(record, null)).toEqual([[record, 'till-7', Date.UTC(2025, 2, 4, 8), 0]]);
});

test('many lines in one record are lines of their own, numbered', async () => {
  const ours = JSON.stringify({ line: 'second', source: 'cart-1', time: 7_000 });
  expect(await read(`first\n${ours}\nthird\n`, 'till-7')).toEqual([
    ['first', 'till-7', 5_000, 0],
    ['second', 'cart-1', 7_000, 1],
    ['third', 'till-7', 5_000, 2],
  ]);
});

test('a list of records names no pod for all of them', async () => {
  const records = '[{"log":"a"},{"log":"b","kubernetes":{"pod_name":"till-7"}}]';
  expect(await read(records, 'tills')).toEqual([[records, 'tills', 5_000, 0]]);
});
