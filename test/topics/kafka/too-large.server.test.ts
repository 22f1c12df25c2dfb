import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../time/clock.ts';
import { Cluster } from '../../../topics/kafka/cluster.ts';
import { kafkaTopics } from '../../../topics/kafka/kafka.ts';
import { createTopics } from '../../../topics/kafka/protocol/admin.ts';
import { drain, record, refused, texts } from '../../conformance/topics-steps.ts';
import { transaction } from '../../conformance/topics-transactions.ts';
import { type KafkaServer, kafkaServer } from '../../support/servers/kafka.ts';

let server: KafkaServer;
beforeAll(async () => {
  server = await kafkaServer();
});
afterAll(() => server.stop());

/** A topic that takes batches of so many bytes, and topics that know of it only if they are asked. */
async function limited(bytes: number) {
  const name = randomUUID().slice(0, 8);
  const settings = { clientId: 'test', timeoutMs: 30_000, readAheadBytes: 1 << 20, compression: 'none' as const };
  const cluster = new Cluster({ ...settings, clock: systemClock, brokers: [server.url] });
  const configs = { 'max.message.bytes': String(bytes), 'retention.ms': '-1' };
  const request = { name, partitions: 1, replicas: -1, configs, timeoutMs: 30_000 };
  await cluster.persist('a topic', [], async () => (await cluster.controller()).request(createTopics, request));
  await cluster.close();
  const topics = await kafkaTopics({ brokers: [server.url], compression: 'none' });
  onTestFinished(() => topics.close());
  while ((await topics.range(name, 0).catch(() => undefined)) === undefined);
  return { name, topics, fresh: (word: string) => `${word}-${name}` };
}

test('a record too large for its broker is refused at once, with all of its transaction, and its successor goes on', async () => {
  const { name, topics, fresh } = await limited(10_000);
  const producer = await topics.producer(name);
  const records = [record(name, 0, 'small'), record(name, 0, 'x'.repeat(20_000))];
  await expect(producer.transact(transaction(fresh, { records }))).rejects.toEqual(refused('TOPIC_APPEND_REFUSED'));
  expect(await topics.mark(fresh('group'), fresh('task'))).toBeUndefined();
  await producer.close();
  const next = await topics.producer(name);
  await next.transact(transaction(fresh, { records: [record(name, 0, 'next')] }));
  expect(await drain(topics, name)).toEqual(['next']);
  await next.close();
});

test('what a topic takes is known once it was asked for, and then many small records go in by small batches', async () => {
  const { name, topics, fresh } = await limited(10_000);
  expect(await topics.mostBytes!(name)).toBe(10_000);
  const producer = await topics.producer(name);
  const all = texts(2_000, 'a value of some length, so that many of them are more than one batch takes');
  await producer.transact(transaction(fresh, { records: all.map((text) => record(name, 0, text)) }));
  expect(await drain(topics, name)).toEqual(all);
  await producer.close();
});
