import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../../state/redis/checks.ts';
import { type RedisState, type RedisStateOptions, redisState } from '../../../state/redis/redis.ts';
import type { TaskState } from '../../../state/store.ts';
import { epoch, loaded, map, put, value } from '../../conformance/state-steps.ts';
import { faultProxy } from '../../support/fault-proxy.ts';
import {
  type RedisServer,
  redisProgram,
  type Settings,
  startRedis,
  valkeyProgram,
} from '../../support/servers/redis.ts';

const refused = (code: string) => expect.objectContaining({ code });
const lost = refused('STATE_LOST_WRITES');
/** Tests of WAITAOF need a server that knows it. */
const lacksValkey = valkeyProgram === undefined;
const whyNot = lacksValkey ? ' (no Valkey is here: set-up fetches it with pip)' : '';
const quick = { timeout: 1_000, patience: 1_000 };

async function start(settings: Settings = {}, program = redisProgram): Promise<RedisServer> {
  const server = await startRedis(settings, program);
  onTestFinished(() => server.stop());
  return server;
}

async function connect(options: RedisStateOptions): Promise<RedisState> {
  const store = await redisState({ ...quick, ...options });
  onTestFinished(() => store.close());
  return store;
}

function client({ url }: RedisServer): Redis {
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** Asks for confirmation until it comes: a replica takes a while to find its master. */
async function confirmed(task: TaskState): Promise<void> {
  for (let tries = 1; ; tries++) {
    const error = await task.confirm().catch((caught) => caught);
    if (error === undefined) return;
    expect(error).toEqual(refused('OUTCOME_UNKNOWN'));
    expect(tries).toBeLessThan(30);
  }
}

describe('a store that lost writes', () => {
  test('by FLUSHALL is detected by every call of the owner, and by the next take-over', async () => {
    const server = await start();
    const store = await connect({ url: server.url });
    const task = await store.open('job', 't');
    await task.commit(epoch(0, { deltas: [put(value, 'k', 'v')] }));
    await client(server).flushall();
    await expect(task.commit(epoch(1))).rejects.toEqual(lost);
    await expect(task.acknowledge('topics', 1)).rejects.toEqual(lost);
    await expect(task.drop([value])).rejects.toEqual(lost);
    await expect(task.confirm()).rejects.toEqual(lost);
    await expect(store.open('job', 't')).rejects.toEqual(lost);
    const other = await connect({ url: server.url });
    await expect(other.open('job', 't', task.fence)).rejects.toEqual(lost);
  });

  test('and gives the same fence again lets the former owner write nothing', async () => {
    const server = await start();
    const former = await (await connect({ url: server.url })).open('job', 't');
    await client(server).flushall();
    const owner = await (await connect({ url: server.url })).open('job', 't');
    expect(owner.fence).toBe(former.fence);
    await expect(former.commit(epoch(0))).rejects.toEqual(lost);
    await owner.commit(epoch(0));
  });

  test('by going back to an older dump is detected by the epoch, and reset makes it usable', async () => {
    const server = await start({ appendonly: 'no' });
    const store = await connect({ url: server.url });
    const task = await store.open('job', 't');
    await task.commit(epoch(0));
    await task.commit(epoch(1, { deltas: [put(value, 'k', 'old')] }));
    await client(server).save();
    await task.commit(epoch(2, { deltas: [put(value, 'k', 'new')] }));
    await server.kill();
    await server.start();
    await expect(task.commit(epoch(3))).rejects.toEqual(
      expect.objectContaining({
        code: 'STATE_LOST_WRITES',
        detail: { task: 't', found: 'epoch 1', known: 'epoch 2' },
        message: expect.stringContaining('millrace reset'),
      }),
    );
    await expect(task.confirm()).rejects.toEqual(lost);
    await expect(store.open('job', 't', task.fence)).rejects.toEqual(lost);
    await store.reset('job');
    const fresh = await store.open('job', 't', task.fence);
    expect(fresh.meta).toBeUndefined();
    await fresh.commit(epoch(0));
  });

  test('by a fail-over to a lagging replica is detected', async () => {
    const master = await start();
    const link = await faultProxy(master);
    onTestFinished(() => link.close());
    const replica = await start({ replicaof: `127.0.0.1 ${link.port}` });
    const clients = await faultProxy(master);
    onTestFinished(() => clients.close());
    const store = await connect({ url: `redis://127.0.0.1:${clients.port}`, replicas: 1 });
    const task = await store.open('job', 't');
    await task.commit(epoch(0));
    await confirmed(task);
    link.hold();
    await task.commit(epoch(1));
    const unconfirmed = expect(task.confirm()).rejects.toEqual(lost);
    await master.kill();
    await client(replica).replicaof('NO', 'ONE');
    clients.target = replica;
    clients.cut();
    await unconfirmed;
    await expect(task.commit(epoch(2))).rejects.toEqual(lost);
    await expect(store.open('job', 't', task.fence)).rejects.toEqual(lost);
  });

  test('is not suspected when another process reset the job', async () => {
    const server = await start();
    const store = await connect({ url: server.url });
    const task = await store.open('job', 't');
    await task.commit(epoch(0));
    await (await connect({ url: server.url })).reset('job');
    await expect(task.commit(epoch(1))).rejects.toEqual(refused('STATE_FENCED'));
    expect((await store.open('job', 't', task.fence)).meta).toBeUndefined();
  });
});

describe('confirmations', () => {
  const waiters = [redisProgram, valkeyProgram].filter((name) => name !== undefined);
  for (const program of waiters) {
    test(`of ${program.split('/').at(-1)} wait for the replica, also over a new connection`, async () => {
      const master = await start({}, program);
      const replica = await start({ replicaof: `127.0.0.1 ${master.port}` }, program);
      const proxy = await faultProxy(master);
      onTestFinished(() => proxy.close());
      const store = await connect({ url: `redis://127.0.0.1:${proxy.port}`, replicas: 1 });
      const task = await store.open('job', 't');
      await task.commit(epoch(0));
      await confirmed(task);
      await replica.kill();
      await task.commit(epoch(1));
      proxy.cut();
      await expect(task.confirm()).rejects.toEqual(refused('OUTCOME_UNKNOWN'));
      await replica.start();
      await confirmed(task);
    });
  }

  test.skipIf(lacksValkey)(`are shared by tasks and wait for the disk where WAITAOF is${whyNot}`, async () => {
    const server = await start({ appendfsync: 'everysec' }, valkeyProgram);
    const store = await connect({ url: server.url, timeout: 5_000, patience: 10_000 });
    const tasks = await Promise.all(Array.from({ length: 20 }, (_, i) => store.open('job', `t${i}`)));
    await Promise.all(tasks.map((task) => task.commit(epoch(0))));
    const redis = client(server);
    const waits = async () =>
      Number(/calls=(\d+)/.exec((await redis.info('commandstats')).split('cmdstat_waitaof')[1] ?? '')?.[1] ?? 0);
    await Promise.all(tasks.map((task) => task.confirm()));
    expect(await waits()).toBeLessThanOrEqual(2);
    expect(await waits()).toBeGreaterThan(0);
  });

  test.skipIf(lacksValkey)(`do not come while the disk does not have the epoch${whyNot}`, async () => {
    const server = await start({ appendfsync: 'no' }, valkeyProgram);
    const task = await (await connect({ url: server.url })).open('job', 't');
    await task.commit(epoch(0));
    // The server writes without ever asking the disk whether it has what was written.
    const error = await task.confirm().catch((caught: unknown) => caught);
    expect(error).toEqual(refused('OUTCOME_UNKNOWN'));
    expect(String(error)).toContain('and not the disk');
    await client(server).config('SET', 'appendfsync', 'always');
    await confirmed(task);
  });
});

describe('checks at the start', () => {
  const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);

  for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random']) {
    test(`maxmemory-policy ${policy} is refused`, async () => {
      const server = await start({ 'maxmemory-policy': policy });
      const error = await redisState(server.url).catch((caught) => caught);
      expect(error).toEqual(refused('STATE_UNSAFE'));
      expect(error.message).toContain('noeviction');
    });
  }

  test('a server without AOF causes a warning, in the log and in the list', async () => {
    const server = await start({ appendonly: 'no' });
    const logged: object[] = [];
    const store = await redisState(server.url, { warn: (fields) => logged.push(fields) });
    expect(codes(store.checks())).toEqual(['REDIS_NO_AOF', 'REDIS_NO_REPLICA']);
    expect(logged).toEqual(store.checks().map(({ code }) => ({ code, address: `127.0.0.1:${server.port}` })));
    await store.close();
  });

  test('a late fsync matters only where nothing can wait for it', async () => {
    const late = await connect({ url: (await start({ appendfsync: 'everysec' })).url });
    expect(codes(late.checks())).toEqual(['REDIS_FSYNC_LATE', 'REDIS_NO_REPLICA']);
    const always = await connect({ url: (await start()).url, replicas: 1 });
    expect(codes(always.checks())).toEqual(['REDIS_REPLICA_IN_MEMORY']);
  });

  test.skipIf(lacksValkey)(`a late fsync is no matter where WAITAOF waits for it${whyNot}`, async () => {
    const server = await start({ appendfsync: 'everysec' }, valkeyProgram);
    expect(codes((await connect({ url: server.url })).checks())).toEqual(['REDIS_NO_REPLICA']);
  });

  test('a replica, a wrong password, no server and an invalid URL have different errors', async () => {
    const master = await start({ requirepass: 'secret' });
    const replica = await start({ replicaof: `127.0.0.1 ${master.port}` });
    await expect(connect({ url: replica.url })).rejects.toEqual(refused('STATE_UNSAFE'));
    await expect(connect({ url: master.url })).rejects.toThrow(/STATE_UNAVAILABLE.*NOAUTH/);
    const wrong = await connect({ url: `redis://:wrong@127.0.0.1:${master.port}` }).catch((error) => error);
    expect(wrong).toEqual(refused('STATE_UNAVAILABLE'));
    expect(wrong.message).not.toContain('wrong@');
    await connect({ url: `redis://:secret@127.0.0.1:${master.port}` });
    await master.stop();
    await expect(connect({ url: master.url })).rejects.toThrow(/STATE_UNAVAILABLE.*ECONNREFUSED/);
    await expect(connect({ url: 'localhost:6379' })).rejects.toEqual(refused('OPTION_INVALID'));
  });
});

test('a commit for which the server has no memory is refused whole, and accepted when there is memory', async () => {
  const server = await start();
  const store = await connect({ url: server.url });
  const task = await store.open('job', 't');
  await task.commit(epoch(0));
  const redis = client(server);
  await redis.config('SET', 'maxmemory', '1');
  const commit = epoch(1, { deltas: [put(value, 'k', 'v')] });
  await expect(task.commit(commit)).rejects.toThrow(/OUTCOME_UNKNOWN.*OOM/);
  expect(await loaded(task, value, ['k'])).toEqual([[]]);
  await redis.config('SET', 'maxmemory', '0');
  await task.commit(commit);
  expect(await loaded(task, value, ['k'])).toEqual([[['', 'v']]]);
});

test('dropped spaces and reset jobs leave nothing but the fence', async () => {
  const server = await start();
  const store = await connect({ url: server.url });
  const task = await store.open('job', 't');
  const maps = Array.from({ length: 2_000 }, (_, i) =>
    put(map, `key-${i}`, i === 0 ? 'v' : 'long '.repeat(300), 'sub'),
  );
  await task.commit(epoch(0, { deltas: [...maps, put(value, 'k', 'v')] }));
  const redis = client(server);
  expect(await redis.dbsize()).toBeGreaterThanOrEqual(2_000);
  await task.drop([map]);
  expect((await redis.keys('*')).sort()).toEqual(
    ['millrace:tasks:{job}', 'millrace:{job:t}:head', 'millrace:{job:t}:spaces', 'millrace:{job:t}:v:1'].sort(),
  );
  await task.commit(epoch(1, { deltas: maps, outbox: [{ lane: 'a', seq: 1, epoch: 1, payload: Buffer.from('x') }] }));
  await store.reset('job');
  expect((await redis.keys('*')).sort()).toEqual(['millrace:tasks:{job}', 'millrace:{job:t}:head']);
});
