import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Packable, Packer } from '../../../state/redis/message-pack.ts';
import { type RedisServer, startRedis } from '../../support/servers/redis.ts';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis({ appendonly: 'no' });
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** What the server's own reader makes of the items. */
async function unpacked(items: readonly Packable[]): Promise<readonly Buffer[]> {
  const packed = new Packer(0).items(items).finish();
  return (await redis.callBuffer('EVAL', 'return cmsgpack.unpack(ARGV[1])', 0, packed)) as readonly Buffer[];
}

test('bytes and texts of every length class arrive as they were', async () => {
  const lengths = [0, 1, 15, 16, 31, 32, 39, 40, 84, 85, 86, 255, 256, 65_535, 65_536, 70_000];
  const bytes = lengths.map((length) => Buffer.alloc(length, length % 251));
  expect(await unpacked(bytes)).toEqual(bytes);
  for (const char of ['a', 'ü', '€', '😀']) {
    const all = lengths.map((length) => char.repeat(Math.ceil(length / char.length)));
    expect((await unpacked(all)).map(String)).toEqual(all);
  }
});

test('arrays of every length class arrive complete', async () => {
  for (const length of [0, 1, 15, 16, 65_535, 65_536]) {
    const items = Array.from({ length }, (_, i) => `item ${i}`);
    expect((await unpacked(items)).map(String)).toEqual(items);
  }
});

test('a text that is not ASCII leaves no trace of the ASCII attempt', async () => {
  const texts = ['abc', `${'x'.repeat(38)}ü`, 'd', 'ab\0ü', '\0'];
  expect((await unpacked(texts)).map(String)).toEqual(texts);
});
