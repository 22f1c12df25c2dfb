/** Fail-overs that lose what was delivered, seen by a process that remembers nothing: only the topics know better. */

import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { Metrics } from '../../../runtime/metrics.ts';
import { Task } from '../../../runtime/task/task.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { redisState } from '../../../state/redis/redis.ts';
import { memoryTables } from '../../../tables/memory.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { memoryTopics } from '../../../topics/memory.ts';
import { fill, order, shops, start } from '../../simulation/jobs.ts';
import { faultProxy } from '../../support/fault-proxy.ts';
import { type RedisServer, type Settings, startRedis } from '../../support/servers/redis.ts';

const lost = (found: number, known: number) =>
  expect.objectContaining({
    code: 'STATE_LOST_WRITES',
    detail: { task: 'all', found, known },
    message: expect.stringMatching(/[Rr]estore the store from a backup or reset the job with `millrace reset`/),
  });

async function serve(settings: Settings = {}): Promise<RedisServer> {
  const server = await startRedis(settings);
  onTestFinished(() => server.stop());
  return server;
}

/** A world whose state is in Redis; every life is a process of its own, as far as memory goes. */
async function makeWorld() {
  const topics = memoryTopics();
  const tables = memoryTables();
  await fill(topics);
  const open = async (url: string) => {
    const state = await redisState({ url, timeout: 2_000, patience: 5_000, replicas: 0 });
    onTestFinished(() => state.close());
    const ports = { topics, tables, state, clock: new ManualClock(start) };
    return Task.open(shops, ports, { options: { ...taskDefaults, nonce: () => 'n' }, metrics: new Metrics() });
  };
  return {
    topics,
    open,
    /** Takes the job over, handles what there is and delivers it; the last epoch it committed. */
    async live(url: string): Promise<number> {
      const task = await open(url);
      while ((await task.step()) === 'worked');
      await task.finish();
      return task.status.epoch;
    },
    async alerts(): Promise<number> {
      const ends = await Promise.all([0, 1].map((partition) => topics.range('alerts', partition)));
      return ends.reduce((sum, { end }) => sum + end, 0);
    },
  };
}

test('an old replica, promoted while the delivery mark is ahead of it, stops every new process', async () => {
  const master = await serve();
  const link = await faultProxy(master);
  onTestFinished(() => link.close());
  const replica = await serve({ replicaof: `127.0.0.1 ${link.port}` });
  const [first, second] = [new Redis(master.url), new Redis(replica.url)];
  onTestFinished(() => first.disconnect());
  onTestFinished(() => second.disconnect());
  const world = await makeWorld();
  const epoch = await world.live(master.url);
  // A connection waits for what it wrote itself, and so for all that was written before.
  await first.set('written-last', '1');
  await expect.poll(() => first.wait(1, 100), { timeout: 20_000 }).toBe(1);
  link.hold();
  await world.topics.append(Array.from({ length: 30 }, (_, i) => order(30 + i)));
  const known = await world.live(master.url);
  expect(known).toBeGreaterThan(epoch);
  const delivered = await world.alerts();
  await master.kill();
  await second.replicaof('NO', 'ONE');
  // A supervisor starts it again and again: the answer must not change.
  for (let life = 0; life < 3; life++) await expect(world.open(replica.url)).rejects.toEqual(lost(epoch, known));
  expect(await world.alerts()).toBe(delivered);
  const state = await redisState({ url: replica.url, replicas: 0 });
  await state.reset('shops');
  await state.close();
  expect(await world.live(replica.url)).toBeGreaterThanOrEqual(0);
});

test('a server without AOF that came back empty stops the running process and the next one', async () => {
  const server = await serve({ appendonly: 'no' });
  const world = await makeWorld();
  const known = await world.live(server.url);
  const running = await world.open(server.url);
  await world.topics.append(Array.from({ length: 30 }, (_, i) => order(30 + i)));
  await server.kill();
  await server.start();
  const drive = async () => {
    while ((await running.step()) === 'worked');
    await running.finish();
  };
  await expect(drive()).rejects.toEqual(expect.objectContaining({ code: 'STATE_LOST_WRITES' }));
  await running.close();
  await expect(world.open(server.url)).rejects.toEqual(lost(-1, known));
});
