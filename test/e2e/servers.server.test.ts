/** The command on a real Kafka and a real Redis, killed in the middle of its work. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaTopics } from '../../topics/kafka/kafka.ts';
import type { Topics } from '../../topics/topics.ts';
import { start } from '../support/command.ts';
import type { Order } from '../support/e2e/servers-job.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { type KafkaServer, kafkaServer } from '../support/servers/kafka.ts';
import { type RedisServer, startRedis } from '../support/servers/redis.ts';

const jobFile = `${import.meta.dirname}/../support/e2e/servers-job.ts`;
const sharedFile = `${import.meta.dirname}/../support/e2e/servers-job-shared.ts`;
const takenFile = `${import.meta.dirname}/../support/e2e/servers-job-taken.ts`;
const shops = ['north', 'south', 'east'];
const perShop = 4_000;
/** Two minutes more, so that time passes the windows that are counted. */
const all = perShop * 1.2;
let kafka: KafkaServer;
let redis: RedisServer;
let topics: Topics;

beforeAll(async () => {
  kafka = await kafkaServer();
  redis = await startRedis();
  topics = await kafkaTopics({ brokers: kafka.url.split(',') });
  for (const name of ['killed', 'taken', 'shared']) {
    await topics.create({ name, partitions: 2 });
    await topics.create({ name: `${name}-counts`, partitions: 1 });
  }
}, 300_000);

afterAll(async () => {
  await topics?.close();
  await kafka?.stop();
  await redis?.stop();
});

/** Orders from the `from`-th to the `to`-th of each shop; ten minutes hold `perShop`. What comes later closes them. */
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

/** What was counted of the ten minutes. */
async function counts(name: string): Promise<{ minute: number; orders: number }[]> {
  const found: { minute: number; orders: number }[] = [];
  const { end } = await topics.range(`${name}-counts`, 0);
  for (let offset = 0; offset < end; ) {
    const batch = await topics.fetch({ topic: `${name}-counts`, partition: 0 }, offset, {
      maxRecords: 1_000,
      maxBytes: 1 << 20,
    });
    for (let i = 0; i < (batch?.length ?? 0); i++) {
      found.push(JSON.parse(batch!.bytes.toString('utf8', batch!.starts[i], batch!.ends[i])));
    }
    offset = batch?.nextOffset ?? end;
  }
  return found.filter((c) => c.minute < 600_000);
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
  await write('killed', perShop / 2, all);
  const second = start(args, { env });
  await second.said('task opened');
  while ((await counts('killed')).length < 30) await second.said(/running/);
  second.signal('SIGTERM');
  const { code, err } = await second.ended;
  expect([code, err]).toEqual([0, expect.stringContaining('task finished')]);
  const found = await counts('killed');
  expect(found).toHaveLength(30);
  expect(found.every((c) => c.orders === perShop / 10)).toBe(true);
  expect(new Set(found.map((c) => c.minute)).size).toBe(10);
}, 120_000);

test('inline, a second process takes the job over, and the first one stops', async () => {
  const env = { KAFKA_URL: kafka.url, REDIS_URL: redis.url };
  const first = start(['run', takenFile, '--inline', '--data', emptyDirectory()], { env });
  await first.said('task opened');
  const second = start(['run', takenFile, '--inline', '--data', emptyDirectory()], { env });
  await second.said('task opened');
  await write('taken', 0, all);
  const { code, err } = await first.ended;
  expect([code, err]).toEqual([1, expect.stringMatching(/STATE_FENCED|PRODUCER_FENCED/)]);
  while ((await counts('taken')).length < 30) await second.said(/running/);
  second.signal('SIGTERM');
  expect((await second.ended).code).toBe(0);
  const found = await counts('taken');
  expect(found).toHaveLength(30);
  expect(found.every((c) => c.orders === perShop / 10)).toBe(true);
}, 120_000);

test('workers share a job: one is killed and started again, all are replaced in turn, every order counts once', async () => {
  const env = { KAFKA_URL: kafka.url, REDIS_URL: redis.url };
  await write('shared', 0, perShop / 4);
  const job = start(['run', sharedFile, '--workers', '2', '--parallelism', '3', '--metrics', '0'], { env });
  await job.said(/metrics on/);
  const url = /metrics on (\S+)\/metrics/.exec(job.heard())![1]!;
  const ready = async () => {
    while ((await fetch(`${url}/readyz`)).status !== 200) await setImmediate();
  };
  await ready();
  await write('shared', perShop / 4, perShop / 2);
  process.kill(Number(/worker 1 is process (\d+)/.exec(job.heard())![1]), 'SIGKILL');
  await job.said('worker 1 ended with SIGKILL');
  await write('shared', perShop / 2, (3 * perShop) / 4);
  await ready();
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/millrace_records_in_total\{of="orders",worker="2"\} \d+/);
  job.signal('SIGUSR2');
  await job.said('every worker was replaced');
  await write('shared', (3 * perShop) / 4, all);
  while ((await counts('shared')).length < 30) await setImmediate();
  job.signal('SIGTERM');
  expect((await job.ended).code).toBe(0);
  const found = await counts('shared');
  expect(found).toHaveLength(30);
  expect(found.every((c) => c.orders === perShop / 10)).toBe(true);
}, 180_000);
