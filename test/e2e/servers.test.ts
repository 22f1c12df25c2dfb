import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaTopics } from '../../topics/kafka.ts';
import type { Topics } from '../../topics/topics.ts';
import { emptyDirectory, start } from '../cli/command.ts';
import { type RedisServer, startRedis } from '../state/redis-server.ts';
import { type KafkaServer, kafkaServer } from '../topics/kafka-server.ts';
import type { Order } from './servers-job.ts';

/** The command on a real Kafka and a real Redis, killed in the middle of its work. */

const jobFile = `${import.meta.dirname}/servers-job.ts`;
const takenFile = `${import.meta.dirname}/servers-job-taken.ts`;
const shops = ['north', 'south', 'east'];
const perShop = 4_000;
let kafka: KafkaServer;
let redis: RedisServer;
let topics: Topics;

beforeAll(async () => {
  kafka = await kafkaServer();
  redis = await startRedis();
  topics = await kafkaTopics({ brokers: kafka.url.split(',') });
  for (const name of ['killed', 'taken']) {
    await topics.create({ name, partitions: 2 });
    await topics.create({ name: `${name}-counts`, partitions: 1 });
  }
}, 300_000);

afterAll(async () => {
  await topics?.close();
  await kafka?.stop();
  await redis?.stop();
});

/** Ten minutes of orders; the last one of each partition is late enough to close all windows before it. */
async function write(topic: string, from: number, to: number): Promise<void> {
  const orders = Array.from({ length: to - from }, (_, i) => from + i).flatMap((n) =>
    shops.map((shop): Order => ({ shop, at: Math.floor((n * 600_000) / perShop) })),
  );
  await topics.append(
    orders.map((order, i) => {
      const value = Buffer.from(JSON.stringify(order));
      return { topic, partition: i % 2, key: null, value, timestamp: order.at };
    }),
  );
}

async function counts(name: string): Promise<{ minute: number; orders: number }[]> {
  const found: { minute: number; orders: number }[] = [];
  const { end } = await topics.range(`${name}-counts`, 0);
  for (let offset = 0; offset < end; ) {
    const batch = await topics.fetch(`${name}-counts`, 0, offset, { maxRecords: 1_000, maxBytes: 1 << 20 });
    for (let i = 0; i < (batch?.length ?? 0); i++) {
      found.push(JSON.parse(batch!.bytes.toString('utf8', batch!.starts[i], batch!.ends[i])));
    }
    offset = batch?.nextOffset ?? end;
  }
  return found;
}

test('a job on Kafka and Redis, killed and started again, counts every order once', async () => {
  const env = { KAFKA_URL: kafka.url, REDIS_URL: redis.url };
  const args = ['run', jobFile, '--data', emptyDirectory()];
  await write('killed', 0, perShop / 2);
  const first = start(args, { env });
  await first.said('task opened');
  while ((await counts('killed')).length < 3) await first.said(/running/);
  first.signal('SIGKILL');
  await first.ended;
  await write('killed', perShop / 2, perShop);
  const second = start(args, { env });
  await second.said('task opened');
  // When all is read and both partitions are quiet, the watermark follows the clock and closes the last window.
  while ((await counts('killed')).length < 30) await second.said(/running/);
  second.signal('SIGTERM');
  const { code, err } = await second.ended;
  expect([code, err]).toEqual([0, expect.stringContaining('task finished')]);
  const found = await counts('killed');
  expect(found).toHaveLength(30);
  expect(found.every((c) => c.orders === perShop / 10)).toBe(true);
  expect(new Set(found.map((c) => c.minute)).size).toBe(10);
}, 120_000);

test('a second process takes the job over, and the first one stops', async () => {
  const env = { KAFKA_URL: kafka.url, REDIS_URL: redis.url };
  const first = start(['run', takenFile, '--data', emptyDirectory()], { env });
  await first.said('task opened');
  const second = start(['run', takenFile, '--data', emptyDirectory()], { env });
  await second.said('task opened');
  await write('taken', 0, perShop);
  const { code, err } = await first.ended;
  expect([code, err]).toEqual([1, expect.stringMatching(/STATE_FENCED|PRODUCER_FENCED/)]);
  while ((await counts('taken')).length < 30) await second.said(/running/);
  second.signal('SIGTERM');
  expect((await second.ended).code).toBe(0);
  const found = await counts('taken');
  expect(found).toHaveLength(30);
  expect(found.every((c) => c.orders === perShop / 10)).toBe(true);
}, 120_000);
