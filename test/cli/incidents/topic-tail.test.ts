import { expect, test } from 'vitest';
import { unresolvedIncidents } from '../../../cli/incidents/topic-tail.ts';
import { memoryTopics } from '../../../topics/memory.ts';

test('of each incident that is not resolved the last event is found, suppressed ones too', async () => {
  const topics = memoryTopics();
  expect(await unresolvedIncidents(topics)).toEqual([]);
  await topics.create({ name: 'incidents', partitions: 1 });
  const happened = [
    ['a', 'opened'],
    ['b', 'opened'],
    ['c', 'suppressed'],
    ['a', 'resolved'],
    ['b', 'updated'],
    ['d', 'opened'],
    ['b', 'updated'],
  ] as const;
  await topics.append(
    happened.map(([incident_id, event], i) => ({
      topic: 'incidents',
      partition: 0,
      timestamp: i,
      key: null,
      headers: {},
      value: Buffer.from(JSON.stringify({ data: { incident_id, event, sequence: i } })),
    })),
  );
  expect(await unresolvedIncidents(topics)).toEqual([
    { incident_id: 'b', event: 'updated', sequence: 6 },
    { incident_id: 'c', event: 'suppressed', sequence: 2 },
    { incident_id: 'd', event: 'opened', sequence: 5 },
  ]);
});
