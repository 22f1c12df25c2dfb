/** What a directory keeps in topics is bounded, and a restart still finds each incident that is open. */
import { expect, test } from 'vitest';
import { unresolvedIncidents } from '../../../cli/incidents/earlier-runs.ts';
import { boundDeadLetters, boundIncidents } from '../../../cli/parts/topic-bounds.ts';
import { memoryTopics } from '../../../topics/memory.ts';
import type { Topics } from '../../../topics/topics.ts';

async function filled(topic: string, values: readonly unknown[]): Promise<Topics> {
  const topics = memoryTopics();
  await topics.create({ name: topic, partitions: 1 });
  // As old as the events that a recording tells of.
  const record = (value: unknown) => ({ topic, partition: 0, key: null, timestamp: 0, value: bytes(value) });
  await topics.append(values.map(record));
  return topics;
}
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const told = (id: string, event: string) => ({ data: { incident_id: id, event } });
/** As many incidents that came and went. */
const over = (n: number) =>
  Array.from({ length: n }, (_, i) => [told(`i${i}`, 'opened'), told(`i${i}`, 'resolved')]).flat();

test('of many dead letters the newer half of the bound is kept, of few all', async () => {
  const topics = await filled(
    'incidents.dead-letters',
    Array.from({ length: 20_000 }, (_, i) => i),
  );
  await boundDeadLetters(topics, 'incidents');
  expect(await topics.range('incidents.dead-letters', 0)).toEqual({ begin: 0, end: 20_000 });
  await topics.append([
    { topic: 'incidents.dead-letters', partition: 0, key: null, timestamp: 0, value: bytes('one more') },
  ]);
  await boundDeadLetters(topics, 'incidents');
  expect(await topics.range('incidents.dead-letters', 0)).toEqual({ begin: 10_001, end: 20_001 });
});

test('incidents that are over go, and those that are open stay known', async () => {
  const topics = await filled('incidents', over(15_000));
  await boundIncidents(topics);
  expect((await topics.range('incidents', 0)).begin).toBe(20_000);

  const open = await filled('incidents', [
    ...over(3_000),
    told('open', 'opened'),
    told('open', 'updated'),
    ...over(9_000),
  ]);
  await boundIncidents(open);
  expect((await open.range('incidents', 0)).begin).toBe(6_001);
  expect(await unresolvedIncidents(open)).toEqual([{ incident_id: 'open', event: 'updated' }]);
});

test('without the topics there is nothing to bound', async () => {
  const topics = memoryTopics();
  await expect(Promise.all([boundIncidents(topics), boundDeadLetters(topics, 'incidents')])).resolves.toBeDefined();
});
