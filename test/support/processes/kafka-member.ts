/** A process of its own that is a member of a group: prints how much it owns after each event, 1000 after a loss. */
import { setTimeout } from 'node:timers/promises';
import { kafkaTopics } from '../../../topics/kafka/kafka.ts';

const { url, topic, group } = JSON.parse(process.argv[2]!) as Record<'url' | 'topic' | 'group', string>;
const topics = await kafkaTopics({ brokers: [url] });
const membership = await topics.join(group, [topic]);
for (let owned = 0; ; ) {
  const event = membership.poll();
  if (event !== undefined) {
    owned += event.kind === 'assigned' ? event.partitions.length : -event.partitions.length;
    await membership.answer();
    process.stdout.write(`${event.kind === 'lost' ? 1_000 : owned}\n`);
  }
  await setTimeout(10);
}
