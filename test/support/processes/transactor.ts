/** A process of its own for the tests of the embedded topics: transaction after transaction until it is killed. */
import { embeddedTopics } from '../../../topics/embedded.ts';

const topics = await embeddedTopics(process.argv[2]!);
await topics.create({ name: 'out', partitions: 2 });
const producer = await topics.producer('producer');
for (let epoch = 0; ; epoch++) {
  const records = Array.from({ length: 200 }, (_, i) => {
    return { topic: 'out', partition: i % 2, key: null, value: Buffer.from(String(epoch)), timestamp: epoch };
  });
  const offsets = [{ topic: 'out', partition: 0, offset: epoch }];
  await producer.transact({ records, group: 'group', offsets, task: 'task', mark: { generation: 1, epoch } });
  process.stdout.write(`${epoch}\n`);
}
