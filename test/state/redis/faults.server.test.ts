import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RedisState, redisState } from '../../../state/redis/redis.ts';
import { flipEpoch, rollPart, type Script, stagePart } from '../../../state/redis/scripts.ts';
import type { EpochCommit, TaskState } from '../../../state/store.ts';
import { epoch, loaded, map, put, value } from '../../conformance/state-steps.ts';
import { type FaultProxy, faultProxy } from '../../support/fault-proxy.ts';
import { type RedisServer, redisProgram, startRedis, valkeyProgram } from '../../support/servers/redis.ts';

const refused = (code: string) => expect.objectContaining({ code });
const waiting = (seq: number) => ({ lane: 'topics', seq, epoch: 0, payload: Buffer.from(`payload ${seq}`) });
const quick = { timeout: 1_000, patience: 1_000 };

for (const program of [redisProgram, valkeyProgram].filter((name) => name !== undefined)) {
  test(`${program.split('/').at(-1)} killed amid commits and started again has whole epochs and all acknowledged ones`, async () => {
    const server = await startRedis({}, program);
    const store = await redisState({ url: server.url, ...quick });
    let commit = epoch(0);
    let task = await store.open('job', 'task');
    await task.commit(commit);
    for (let round = 0; round < 3; round++) {
      let acknowledged = task.meta?.epoch ?? 0;
      const killed = Promise.resolve().then(async () => {
        while (acknowledged < round * 20 + 10) await task.confirm();
        await server.kill();
      });
      const failure = await (async () => {
        for (;;) {
          const n = acknowledged + 1;
          const deltas = Array.from({ length: 200 }, (_, i) => put(value, `key-${i}`, String(n)));
          commit = epoch(n, { deltas, outbox: [waiting(n)] });
          await task.commit(commit);
          acknowledged = n;
        }
      })().catch((error) => error);
      expect(failure).toEqual(refused('OUTCOME_UNKNOWN'));
      await killed.catch(() => {});
      await server.start();
      await task.commit(commit);
      acknowledged++;
      task = await store.open('job', 'task', task.fence);
      expect(task.meta!.epoch).toBe(acknowledged);
      const values = await loaded(task, value, ['key-0', 'key-100', 'key-199']);
      expect(values).toEqual(values.map(() => [['', String(acknowledged)]]));
      expect((await task.outbox()).map(({ seq }) => seq)).toEqual(
        Array.from({ length: acknowledged }, (_, i) => i + 1),
      );
    }
    await store.close();
    await server.stop();
  });
}

describe('over a network that breaks', () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let direct: RedisState;
  let through: RedisState;
  let job: string;
  let jobs = 0;

  beforeAll(async () => {
    server = await startRedis();
    direct = await redisState(server.url);
  });
  afterAll(async () => {
    await direct.close();
    await server.stop();
  });
  beforeEach(async () => {
    proxy = await faultProxy(server);
    through = await redisState({ url: `redis://127.0.0.1:${proxy.port}`, ...quick });
    job = `job-${jobs++}`;
  });
  afterEach(async () => {
    await through.close();
    await proxy.close();
  });

  /** 25,000 changes, some of them of the same entries: three parts. */
  function large(n: number): EpochCommit {
    const deltas = Array.from({ length: 25_000 }, (_, i) => {
      return i % 3 === 0 ? put(map, `key-${i % 700}`, `${n}-${i}`, `sub-${i}`) : put(value, `key-${i}`, `${n}-${i}`);
    });
    return epoch(n, { deltas: [...deltas, put(value, 'key-1', 'last')], outbox: [waiting(n)] });
  }

  async function expectLarge(task: TaskState, n: number): Promise<void> {
    const found = await loaded(task, value, ['key-1', 'key-2', 'key-24998']);
    expect(found).toEqual([[['', 'last']], [['', `${n}-2`]], [['', `${n}-24998`]]]);
    let mapped = 0;
    for await (const page of task.scan(map))
      mapped += page.filter(([, , bytes]) => String(bytes).startsWith(`${n}-`)).length;
    expect(mapped).toBe(8_334);
    expect((await task.outbox()).map(({ seq }) => seq)).toEqual([n]);
  }

  /** Lets a commit die when the first answer of `script` is lost: applied there, never known here, no second try. */
  async function dieAt(script: Script, commit: Promise<void>): Promise<void> {
    const failed = expect(commit).rejects.toEqual(refused('OUTCOME_UNKNOWN'));
    await proxy.loseAnswer(script.sha);
    proxy.refuse();
    await failed;
  }

  test('a commit interrupted at any byte is sent again and counts once', async () => {
    const task = await through.open(job, 't');
    await task.commit(epoch(0));
    for (let n = 1; n <= 12; n++) {
      const cut = proxy.cutAfter(n * 30_000);
      await task.commit(large(n));
      await cut;
      await expectLarge(task, n);
      await task.acknowledge('topics', n);
    }
  });

  test('a commit whose answer was lost is a success when it is sent again, and its outbox is not doubled', async () => {
    const task = await through.open(job, 't');
    const commit = epoch(0, { deltas: [put(value, 'k', 'v')], outbox: [waiting(1)] });
    const failed = expect(task.commit(commit)).rejects.toEqual(refused('OUTCOME_UNKNOWN'));
    await proxy.loseAnswer('payload 1');
    proxy.refuse();
    await failed;
    proxy.accept();
    await task.commit(commit);
    expect((await task.outbox()).map(({ seq }) => seq)).toEqual([1]);
    await task.acknowledge('topics', 1);
    await task.commit(commit);
    expect(await task.outbox()).toEqual([]);
    await task.commit(epoch(1));
  });

  test('a lost answer is settled unnoticed if the network returns in time', async () => {
    const task = await through.open(job, 't');
    const lost = proxy.loseAnswer('payload 1');
    await task.commit(epoch(0, { outbox: [waiting(1)] }));
    await lost;
    expect(await task.outbox()).toHaveLength(1);
  });

  test('a lost answer to a take-over costs a fence and nothing else', async () => {
    await (await through.open(job, 't')).commit(epoch(0));
    const lost = proxy.loseAnswer(`{${job}:t}:pending`);
    const task = await through.open(job, 't');
    await lost;
    expect(task.fence).toBe(3);
    await task.commit(epoch(1));
  });

  test('a half-open connection is given up in bounded time and replaced', async () => {
    const task = await through.open(job, 't');
    proxy.hold();
    const commit = epoch(0, { deltas: [put(value, 'k', 'v')] });
    await expect(task.commit(commit)).rejects.toEqual(refused('OUTCOME_UNKNOWN'));
    proxy.release();
    await task.commit(commit);
    expect(await loaded(task, value, ['k'])).toEqual([[['', 'v']]]);
  });

  test('a server that is away fails reads as unavailable and writes as unknown', async () => {
    const task = await through.open(job, 't');
    proxy.refuse();
    const read = expect(task.load(value, ['k'])).rejects.toEqual(refused('STATE_UNAVAILABLE'));
    await expect(task.commit(epoch(0))).rejects.toEqual(refused('OUTCOME_UNKNOWN'));
    await expect(through.open(job, 't')).rejects.toEqual(refused('OUTCOME_UNKNOWN'));
    await read;
    proxy.accept();
    await task.commit(epoch(0));
  });

  test('a commit delayed until after a take-over is refused when it arrives', async () => {
    const zombie = await through.open(job, 't');
    await zombie.commit(epoch(0));
    proxy.hold();
    const late = expect(zombie.commit(epoch(1, { deltas: [put(value, 'k', 'late')] }))).rejects.toEqual(
      refused('STATE_FENCED'),
    );
    const owner = await direct.open(job, 't');
    await owner.commit(epoch(1, { deltas: [put(value, 'k', 'mine')] }));
    proxy.release();
    await late;
    expect(await loaded(owner, value, ['k'])).toEqual([[['', 'mine']]]);
  });

  test('a large commit whose owner dies while staging it is deleted by the next owner', async () => {
    const task = await through.open(job, 't');
    await task.commit(epoch(0));
    await dieAt(stagePart, task.commit(large(1)));
    const redis = new Redis(server.url);
    expect(await redis.llen(`millrace:{${job}:t}:pending`)).toBe(1);
    const next = await direct.open(job, 't');
    expect(next.meta!.epoch).toBe(0);
    expect([await next.spaces(), await next.outbox()]).toEqual([[], []]);
    expect(await redis.exists(`millrace:{${job}:t}:pending`)).toBe(0);
    redis.disconnect();
    const again = large(1);
    await next.commit(again);
    await expectLarge(next, 1);
  });

  for (const [when, script] of [
    ['at its commit point', flipEpoch],
    ['while it is applied', rollPart],
  ] as const) {
    test(`a large commit whose owner dies ${when} is finished by the next owner`, async () => {
      const task = await through.open(job, 't');
      await task.commit(epoch(0));
      const commit = large(1);
      await dieAt(script, task.commit(commit));
      const next = await direct.open(job, 't');
      expect(next.meta).toEqual(commit.meta);
      await expectLarge(next, 1);
      await next.commit(epoch(2));
    });

    test(`a large commit interrupted ${when} is finished when it is sent again, before anything else`, async () => {
      const task = await through.open(job, 't');
      await task.commit(epoch(0));
      const commit = large(1);
      await dieAt(script, task.commit(commit));
      proxy.accept();
      await task.commit(commit);
      await expectLarge(task, 1);
      await task.commit(epoch(2));
    });
  }

  test('a commit after an unfinished epoch finishes that epoch first', async () => {
    const task = await through.open(job, 't');
    await task.commit(epoch(0));
    await dieAt(flipEpoch, task.commit(large(1)));
    proxy.accept();
    await task.commit(epoch(2, { deltas: [put(value, 'key-2', 'newer')] }));
    expect(await loaded(task, value, ['key-1', 'key-2'])).toEqual([[['', 'last']], [['', 'newer']]]);
  });

  test('a server that forgot the scripts receives them again', async () => {
    const task = await through.open(job, 't');
    const redis = new Redis(server.url);
    await redis.script('FLUSH');
    redis.disconnect();
    await task.commit(epoch(0));
    await task.confirm();
    expect((await through.open(job, 't')).meta?.epoch).toBe(0);
  });
});
