/** A sign of life says whether the state could be written, not only whether something answers. */
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { redisState } from '../../../state/redis/redis.ts';
import { startRedis } from '../../support/servers/redis.ts';

test.each([
  ['is full', ['maxmemory', '1'], 'OOM'],
  ['misses its replicas', ['min-replicas-to-write', '1'], 'NOREPLICAS'],
])('a server that %s is away, until it takes writes again', async (_, [name, value], reason) => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const client = new Redis(server.url);
  onTestFinished(() => client.disconnect());
  const state = await redisState({ url: server.url, timeout: 1_000, patience: 1_000 });
  onTestFinished(() => state.close());
  await state.ping();
  await client.config('SET', name!, value!);
  await expect(client.ping()).resolves.toBe('PONG');
  await expect(state.ping()).rejects.toThrow(reason);
  await client.config('SET', name!, '0');
  await expect(state.ping()).resolves.toBeUndefined();
});
