import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaTopics } from '../../topics/kafka.ts';
import type { Topics } from '../../topics/topics.ts';
import { emptyDirectory, millrace, start } from '../cli/command.ts';
import { type RedisServer, startRedis } from '../state/redis-server.ts';
import { type KafkaServer, kafkaServer } from '../topics/kafka-server.ts';
import type { Order } from './servers-job.ts';

/** The command on a real Kafka and a real Redis, killed in the middle of its work. */

const jobFile = `${import.meta.dirname}/servers-job.ts`;
const shops = ['north', 'south', 'east'];
const perShop = 4_000;
let kafka: KafkaServer;
let redis: RedisServer;
let topics: Topics;

beforeAll(async () => {
  kafka = await kafkaServer();
  redis = await startRedis();
  topics = await kafkaTopics({ brokers: kafka.url.split(',') });
  await topics.create({ name: 'orders', partitions: 2 });
  await topics.create({ name: 'counts', partitions: 1 });
}, 300_000);

afterAll(async () => {
  await topics?.close();
  await kafka?.stop();
  await redis?.stop();
});

/** Ten minutes of orders; the last one of each partition is late enough to close all windows before it. */
async function write(from: number, to: number): Promise<void> {
  const orders = Array.from({ length: to - from }, (_, i) => from + i).flatMap((n) =>
    shops.map((shop): Order => ({ shop, at: Math.floor((n * 600_000) / perShop) })),
  );
  await topics.append(
    orders.map((order, i) => {
      const value = Buffer.from(JSON.stringify(order));
      return { topic: 'orders', partition: i % 2, key: null, value, timestamp: order.at };
    }),
  );
}

async function counts(): Promise<{ minute: number; orders: number }[]> {
  const found: { minute: number; orders: number }[] = [];
  const { end } = await topics.range('counts', 0);
  for (let offset = 0; offset < end; ) {
    const batch = await topics.fetch('counts', 0, offset, { maxRecords: 1_000, maxBytes: 1 << 20 });
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
  await write(0, perShop / 2);
  const first = start(args, { env });
  await first.said('task opened');
  while ((await counts()).length < 3) await first.said(/running orders/);
  first.signal('SIGKILL');
  await first.ended;
  await write(perShop / 2, perShop);
  const second = start(args, { env });
  await second.said('task opened');
  // When all is read and both partitions are quiet, the watermark follows the clock and closes the last window.
  while ((await counts()).length < 30) await second.said(/running orders/);
  second.signal('SIGTERM');
  const { code, err } = await second.ended;
  expect([code, err]).toEqual([0, expect.stringContaining('task finished')]);
  const found = await counts();
  expect(found).toHaveLength(30);
  expect(found.every((c) => c.orders === perShop / 10)).toBe(true);
  expect(new Set(found.map((c) => c.minute)).size).toBe(10);
}, 120_000);

test('Kafka without Redis is refused: state would be one machine’s', async () => {
  const { code, err } = await millrace(['run', jobFile], { env: { KAFKA_URL: kafka.url, REDIS_URL: '' } });
  expect([code, err]).toEqual([2, expect.stringContaining('KAFKA_URL and REDIS_URL go together')]);
});
