import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { taskKeys } from '../../../state/redis/keys.ts';
import { type RedisState, redisState } from '../../../state/redis/redis.ts';
import type { Space, TaskState } from '../../../state/store.ts';
import { epoch, loaded, map, put, value } from '../../conformance/state-steps.ts';
import { startRedis } from '../../support/servers/redis.ts';

const lost = expect.objectContaining({ code: 'STATE_LOST_WRITES' });
const { head, prefix } = taskKeys('job', 't');
const many = Array.from({ length: 300 }, (_, i) => put(map, 'long', 'x', `sub-${i}`));
const first = epoch(0, {
  deltas: [put(value, 'k', 'v'), put(map, 'short', 'x', 'a'), ...many],
  outbox: [{ lane: 'topics', seq: 1, epoch: 0, payload: Buffer.from('out') }],
});

async function server() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  const connect = async (): Promise<RedisState> => {
    const store = await redisState({ url: redis.url, timeout: 1_000, patience: 1_000 });
    onTestFinished(() => store.close());
    return store;
  };
  return { client, connect };
}

async function scanned(task: TaskState, space: Space): Promise<void> {
  for await (const _ of task.scan(space));
}

/** What meets the loss of each key, by the beginning of its name. */
const losses: readonly (readonly [key: string, meets: (task: TaskState) => Promise<unknown>])[] = [
  ['v:', (task) => task.load(value, ['k'])],
  ['v:', (task) => scanned(task, value)],
  ['v:', (task) => task.commit(epoch(1, { deltas: [put(value, 'other', 'v')] }))],
  ['p:', (task) => task.load(map, ['short'])],
  ['p:', (task) => scanned(task, map)],
  ['p:', (task) => task.commit(epoch(1, { deltas: [put(map, 'short', 'y', 'b')] }))],
  ['k:', (task) => task.load(map, ['long'])],
  ['k:', (task) => task.commit(epoch(1, { deltas: [put(map, 'long', 'y', 'sub-1')] }))],
  ['m:', (task) => task.load(map, ['long'])],
  ['m:', (task) => scanned(task, map)],
  ['m:', (task) => task.commit(epoch(1, { deltas: [put(map, 'long', 'y', 'sub-1')] }))],
  ['spaces', (task) => task.load(value, ['k'])],
  ['spaces', (task) => task.commit(epoch(1, { deltas: [put(value, 'k', 'w')] }))],
  ['spaces', (task) => task.drop([value])],
  ['o:', (task) => task.outbox()],
  ['o:', (task) => task.acknowledge('topics', 1)],
  ['lanes', (task) => task.outbox()],
  ['lanes', (task) => task.commit(epoch(1))],
];

test.each(losses)('a key %s that is gone while the head stays is no empty state: %s', async (kind, meets) => {
  const { client, connect } = await server();
  const task = await (await connect()).open('job', 't');
  await task.commit(first);
  const gone = (await client.keys(`${prefix}${kind}*`)).sort();
  expect(gone.length).toBeGreaterThan(0);
  await client.del(gone);
  await expect(meets(task)).rejects.toEqual(lost);
  if (kind !== 'm:') await expect((await connect()).open('job', 't')).rejects.toEqual(lost);
});

test('a head that is gone while entries stay is no new task, and a reset makes one', async () => {
  const { client, connect } = await server();
  await (await (await connect()).open('job', 't')).commit(first);
  await client.del(head);
  const store = await connect();
  await expect(store.open('job', 't')).rejects.toEqual(lost);
  await store.reset('job');
  const task = await store.open('job', 't');
  expect(task.meta).toBeUndefined();
  await task.commit(epoch(0, { deltas: [put(value, 'k', 'new')] }));
  expect(await loaded(task, value, ['k'])).toEqual([[['', 'new']]]);
});

test('the parts of a large epoch that are gone before they were applied were not applied', async () => {
  const { client, connect } = await server();
  const task = await (await connect()).open('job', 't');
  await task.commit(first);
  // As after the commit of an epoch in parts, before the first of them is applied.
  await client.hset(head, 'rolling', 'id');
  await expect(task.commit(epoch(1))).rejects.toEqual(lost);
  await expect((await connect()).open('job', 't')).rejects.toEqual(lost);
});

test('an entry that is gone from a key is noticed too', async () => {
  const { client, connect } = await server();
  const task = await (await connect()).open('job', 't');
  await task.commit(epoch(0, { deltas: [put(value, 'a', '1'), put(value, 'b', '2')] }));
  await client.hdel((await client.keys(`${prefix}v:*`))[0]!, 'a');
  await expect(task.load(value, ['a'])).rejects.toEqual(lost);
});

test('what an older version wrote, which counts nothing, is counted by the next owner', async () => {
  const { client, connect } = await server();
  await (await (await connect()).open('job', 't')).commit(first);
  // An owner of that version: its token, its commit, and no counts; those of before are no longer true.
  const [hash] = await client.keys(`${prefix}v:*`);
  await client.hset(head, { owner: '2:0.0', fence: '2' });
  await client.hset(hash!, 'unseen', 'v');
  const task = await (await connect()).open('job', 't');
  await task.commit(epoch(1, { deltas: [put(value, 'k', 'w')] }));
  expect(await loaded(task, value, ['k'])).toEqual([[['', 'w']]]);
  await client.del(hash!);
  await expect(task.load(value, ['k'])).rejects.toEqual(lost);
});

test('what is counted follows drops, acknowledgements and deletions', async () => {
  const { connect } = await server();
  const task = await (await connect()).open('job', 't');
  await task.commit(first);
  await task.acknowledge('topics', 1);
  await task.drop([value]);
  await task.commit(
    epoch(1, { deltas: [put(value, 'k', 'again'), ...many.map((delta) => ({ ...delta, value: null }))] }),
  );
  const next = await (await connect()).open('job', 't');
  expect(await loaded(next, value, ['k'])).toEqual([[['', 'again']]]);
  expect(await loaded(next, map, ['long'])).toEqual([[]]);
  expect(await next.outbox()).toEqual([]);
});

test('a server that was set to evict while it ran is refused at the next connection, until it is set back', async () => {
  const { client, connect } = await server();
  const task = await (await connect()).open('job', 't');
  await task.commit(first);
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await expect(task.load(value, ['k'])).rejects.toMatchObject({ code: 'STATE_UNSAFE' });
  await expect(task.load(value, ['k'])).rejects.toMatchObject({ code: 'STATE_UNSAFE' });
  await client.config('SET', 'maxmemory-policy', 'noeviction');
  expect(await loaded(task, value, ['k'])).toEqual([[['', 'v']]]);
});
