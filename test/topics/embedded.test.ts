import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { embeddedTopics } from '../../topics/embedded.ts';
import { topicsConformance } from '../conformance/topics.ts';
import { drain, record } from '../conformance/topics-steps.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-topics-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

topicsConformance('topics in a file', async () => {
  const path = directory();
  let open = await embeddedTopics(path);
  return {
    topics: open,
    async reopen() {
      await open.close();
      open = await embeddedTopics(path);
      return open;
    },
    close: () => open.close(),
  };
}, [
  {
    reason: 'no member of a single process is lost without the others',
    tests: [
      'a lost member is told so, its partitions are taken over at once, and it comes back',
      'a member that is lost while it drains is told of the loss instead',
    ],
  },
]);

test('offsets are contiguous, also where large records make many blocks', async () => {
  const topics = await embeddedTopics(directory());
  await topics.create({ name: 'large', partitions: 1 });
  const sizes = [10, 200_000, 100_000, 50_000, 5, 300_000, 0, 1];
  await topics.append(sizes.map((size) => record('large', 0, 'x'.repeat(size))));
  await topics.append(Array.from({ length: 5_000 }, () => record('large', 0, 'y')));
  let next = 0;
  for (;;) {
    const batch = await topics.fetch({ topic: 'large', partition: 0 }, next, { maxRecords: 1_000, maxBytes: 250_000 });
    if (batch === undefined) break;
    for (const [i, offset] of batch.offsets.entries()) {
      expect(offset).toBe(next + i);
      if (offset < sizes.length) expect(batch.ends[i]! - batch.starts[i]!).toBe(sizes[offset]);
    }
    next = batch.nextOffset;
  }
  expect(next).toBe(5_008);
  await topics.close();
});

test('retention drops what is older by the clock, in whole blocks, when more is appended', async () => {
  const clock = new ManualClock(100_000);
  const topics = await embeddedTopics(directory(), { clock });
  await topics.create({ name: 'short', partitions: 1, retentionMs: 10_000 });
  await topics.create({ name: 'kept', partitions: 1 });
  for (const name of ['short', 'kept']) {
    await topics.append([
      record(name, 0, 'old', { timestamp: 80_000 }),
      record(name, 0, 'mixed', { timestamp: 95_000 }),
    ]);
    clock.advanceTo(104_999);
    await topics.append([record(name, 0, 'new', { timestamp: 104_000 })]);
  }
  expect(await drain(topics, 'short')).toEqual(['old', 'mixed', 'new']);
  clock.advanceTo(105_001);
  for (const name of ['short', 'kept']) await topics.append([record(name, 0, 'newer', { timestamp: 105_000 })]);
  expect((await topics.range('short', 0)).begin).toBe(2);
  expect(await drain(topics, 'short', 0, 2)).toEqual(['new', 'newer']);
  expect(await drain(topics, 'kept')).toHaveLength(4);
  await topics.close();
});

test('a file cut short is a coded error when it is opened, bytes changed in a record when it is read', async () => {
  const path = directory();
  const topics = await embeddedTopics(path);
  await topics.create({ name: 'orders', partitions: 1 });
  await topics.append(Array.from({ length: 1_000 }, () => record('orders', 0, 'a recognizable value')));
  await topics.close();
  const file = join(path, 'data.mdb');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, bytes.lastIndexOf('recognizable'), bytes.lastIndexOf('recognizable') + 4));
  const changed = await embeddedTopics(path);
  await expect(drain(changed, 'orders')).rejects.toEqual(expect.objectContaining({ code: 'STATE_CORRUPT' }));
  await changed.close();
  truncateSync(file, 16_384);
  await expect(embeddedTopics(path)).rejects.toEqual(expect.objectContaining({ code: 'STATE_CORRUPT' }));
});
