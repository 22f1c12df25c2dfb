/** Real servers that are killed or frozen under a running job, and commands that meet them so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error a plain script without types
import { ensure, shortLived, startBroker } from '../../scripts/kafka.mjs';
import { kafkaTopics } from '../../topics/kafka/kafka.ts';
import { millrace, objects, type Running, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { type RedisServer, startRedis } from '../support/servers/redis.ts';

interface Broker {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const jobFile = `${import.meta.dirname}/../support/e2e/servers-job-away.ts`;
const password = 'not-to-be-told';
let dir: string;
let broker: Broker;
let redis: RedisServer;
let env: Record<string, string>;

const startKafka = async () => (broker = (await startBroker({ dir, java: shortLived })) as Broker);

beforeAll(async () => {
  await ensure();
  dir = mkdtempSync(join(tmpdir(), 'millrace-kafka-away-'));
  await startKafka();
  redis = await startRedis({ requirepass: password });
  env = { KAFKA_URL: broker.url, REDIS_URL: `redis://:${password}@127.0.0.1:${redis.port}` };
}, 300_000);

afterAll(async () => {
  await broker?.stop();
  await redis?.stop();
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
});

async function makeTopics(): Promise<void> {
  const topics = await kafkaTopics({ brokers: [broker.url] });
  for (const [name, partitions] of [['away', 4] as const, ['away-counts', 1] as const]) {
    await topics.create({ name, partitions });
  }
  await topics.close();
}

/** Answers of `/readyz`. */
function readiness(job: Running): () => Promise<string> {
  const url = /metrics on (\S+)\/metrics/.exec(job.heard())![1]!;
  return async () => (await fetch(`${url}/readyz`)).text();
}

describe('before its topics are there', () => {
  test('lag names an input that does not exist, in place of no lag', async () => {
    const { code, out, err } = await millrace(['lag', jobFile], { env });
    expect([code, out, err]).toEqual([1, '', expect.stringContaining("TOPIC_MISSING: topic 'away' does not exist")]);
  }, 20_000);

  test('lag says of a job that it never committed', async () => {
    await makeTopics();
    const { code, out, err } = await millrace(['lag', jobFile, '--json'], { env });
    expect([code, err]).toEqual([0, expect.stringContaining('away has never committed a position')]);
    expect(err).toContain('exchange away.to-per-minute does not exist');
    expect(objects(out)).toHaveLength(4);
    expect(objects(out)[0]).toMatchObject({ topic: 'away', committed: null });
  }, 20_000);
});

test('a server that is frozen or killed is told once, makes the worker unready in 20 s, and no task says a word', async () => {
  const job = start(['run', jobFile, '--metrics', '0', '--data', emptyDirectory()], { env });
  await job.said(/metrics on/);
  const ready = readiness(job);
  const becomes = (answer: string) => expect.poll(ready, { timeout: 30_000, interval: 200 }).toBe(`${answer}\n`);
  await becomes('ready');
  const absences: readonly (readonly [string, () => unknown, () => unknown])[] = [
    [
      `redis at 127.0.0.1:${redis.port}`,
      () => process.kill(redis.pid, 'SIGSTOP'),
      () => process.kill(redis.pid, 'SIGCONT'),
    ],
    [`redis at 127.0.0.1:${redis.port}`, () => redis.kill(), () => redis.start()],
    [`kafka at ${broker.url}`, () => process.kill(broker.pid, 'SIGSTOP'), () => process.kill(broker.pid, 'SIGCONT')],
    [`kafka at ${broker.url}`, () => broker.kill(), startKafka],
  ];
  for (const [server, away, back] of absences) {
    await away();
    await expect.poll(ready, { timeout: 20_000, interval: 200 }).toBe(`${server} does not answer\n`);
    await back();
    await becomes('ready');
  }
  job.signal('SIGTERM');
  const { code, err } = await job.ended;
  expect(code).toBe(0);
  const lines = objects(
    err
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n'),
  );
  const texts = lines.map(({ msg }) => String(msg));
  const told = texts.filter((text) => text.includes('does not answer'));
  expect(told).toEqual(absences.map(([server]) => `${server} does not answer; tasks stand still until it is back`));
  expect(texts.filter((text) => text.includes('answers again'))).toHaveLength(4);
  expect(texts.filter((text) => text.includes('it is opened again'))).toEqual([]);
  expect(err).not.toContain(password);
}, 300_000);

test('lag, reset and run name a server that does not answer, in time and without its password', async () => {
  process.kill(broker.pid, 'SIGSTOP');
  try {
    const lag = await millrace(['lag', jobFile], { env });
    expect([lag.code, lag.err]).toEqual([1, expect.stringContaining(`KAFKA_UNREACHABLE: no broker of ${broker.url}`)]);
    const reset = await millrace(['reset', jobFile, '--yes'], { env });
    expect([reset.code, reset.err]).toEqual([1, expect.stringContaining(broker.url)]);
  } finally {
    process.kill(broker.pid, 'SIGCONT');
  }
  const dead = { ...env, REDIS_URL: `redis://:${password}@127.0.0.1:1` };
  const run = start(['run', jobFile], { env: dead });
  await run.said('millrace: redis at 127.0.0.1:1 does not answer yet; waiting for it');
  run.signal('SIGKILL');
  const reset = await millrace(['reset', jobFile, '--yes'], { env: dead });
  expect([reset.code, reset.err]).toEqual([
    1,
    expect.stringContaining('STATE_UNAVAILABLE: the state store at 127.0.0.1:1'),
  ]);
  expect(reset.err + run.heard()).not.toContain(password);
}, 120_000);
