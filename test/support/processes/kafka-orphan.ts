/** A process of its own that opens a transaction, writes records into it, says so, and waits to be killed. */
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { loadNative } from '../../../topics/kafka/native.ts';

const { url, topic, id } = JSON.parse(process.argv[2]!) as Record<'url' | 'topic' | 'id', string>;
const { Producer } = await loadNative();
const producer = new Producer({ 'bootstrap.servers': url, 'transactional.id': id }, {});
await promisify((done: (error: unknown) => void) => producer.connect({}, done))();
await promisify((done: (error: unknown) => void) => producer.initTransactions(10_000, done))();
await promisify((done: (error: unknown) => void) => producer.beginTransaction(done))();
for (let i = 0; i < 100; i++) producer.produce(topic, 0, Buffer.from('orphan'), null, 1_000, undefined, undefined);
await promisify((done: (error: unknown) => void) => producer.flush(10_000, done))();
process.stdout.write('100\n');
for (;;) await setTimeout(1_000);
