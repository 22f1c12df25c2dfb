import { expect, test } from 'vitest';
import { announcedChanges } from '../../jobs/announced-changes.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { memoryTopics } from '../../topics/memory.ts';

test('a record that is a change is read; any other is refused with the reason and stops nothing', async () => {
  const topics = memoryTopics();
  await topics.create({ name: 'changes', partitions: 1 });
  const deployed = { timestamp: '2026-01-29T10:00:00Z', kind: 'deployment', service: 'cart' };
  const commit = { timestamp: '2026-01-29T10:00:00Z', kind: 'commit', id: '9f3c' };
  const records = [deployed, { ...deployed, service: null }, { ...deployed, timestamp: 'yesterday' }, null, commit];
  for (const record of records) {
    const value = Buffer.from(JSON.stringify(record));
    await topics.append([{ topic: 'changes', partition: 0, key: null, value, timestamp: 5_000 }]);
  }
  const ports = { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock() };
  const reader = await announcedChanges('changes').open(ports);
  const batch = await reader.poll('0', 0, { maxRecords: 9, maxBytes: 1 << 20 });
  expect(batch).toMatchObject({
    values: [deployed, commit],
    refused: [
      { reason: 'a change of kind deployment names its service, or * for all', time: 5_000 },
      { reason: 'timestamp is "yesterday", not a time as 2026-01-29T08:00:00Z' },
      { reason: 'a change is an object, not null', sample: 'null' },
    ],
  });
});
