import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { topic } from '../../../connectors/topic.ts';
import { type Job, job } from '../../../graph/job.ts';
import { map } from '../../../operators/map.ts';
import { to } from '../../../operators/to.ts';
import { silent } from '../../../runtime/log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { reset } from '../../../runtime/task/reset.ts';
import { Task } from '../../../runtime/task/task.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { work } from '../../../runtime/task/worker.ts';
import type { GroupEvent, TopicInfo } from '../../../topics/topics.ts';
import { drain } from '../../conformance/topics-steps.ts';
import { archive, order, relay, shops } from '../../simulation/jobs.ts';
import { shared, Workers } from '../../simulation/workers.ts';
import { live, makeWorld, type World, type WorldPorts } from '../../simulation/world.ts';

/** What is told of topics, in place of the truth. */
type Told = Record<string, Partial<TopicInfo>>;

const telling =
  (told: Told) =>
  (ports: WorldPorts): WorldPorts => {
    const describe = async (name: string) => {
      const info = await ports.topics.describe(name);
      return info && { ...info, ...told[name] };
    };
    return { ...ports, topics: { ...ports.topics, describe } };
  };

/** A world with orders, in which topics are what is told. */
async function worldTelling(told: Told): Promise<World> {
  const world = makeWorld(telling(told));
  for (const name of ['orders', 'others', 'alerts']) await world.topics.create({ name, partitions: 2 });
  await world.topics.append(Array.from({ length: 30 }, (_, id) => order(id)));
  await world.topics.append(Array.from({ length: 60 }, (_, id) => ({ ...order(id), topic: 'others' })));
  return world;
}

const jobs = [
  ['with state', shops],
  ['by transactions alone', relay],
  ['by recipes', archive],
] as const;

describe.each(jobs)('a job that commits %s', (_, original) => {
  test('does not go on in a topic that was made again while it was down, and begins again once it is reset', async () => {
    const told: Told = {};
    const world = await worldTelling(told);
    expect((await live(world, original)).end).toBe('finished');
    told['orders'] = { id: 'the second' };
    const refused = await live(world, original);
    expect(refused.error).toMatchObject({ code: 'TOPIC_REMADE', detail: { topic: 'orders', now: 'the second' } });
    await reset(original, world.ports);
    expect((await live(world, original)).error).toBeUndefined();
  });

  test('is not taken for another of the same name that reads another topic with the same source', async () => {
    const world = await worldTelling({});
    expect((await live(world, original)).end).toBe('finished');
    const detail = { uid: 'orders', job: original.name, now: 'others' };
    const moved = readingOthers(original);
    expect((await live(world, moved)).error).toMatchObject({ code: 'SOURCE_TOPIC_CHANGED', detail });
    expect((await live(world, original)).error).toBeUndefined();
  });

  test('goes on from what an older version stored, which kept no topics', async () => {
    const told: Told = {};
    const world = await worldTelling(told);
    const { topics, state } = world.ports;
    const old: WorldPorts = {
      ...world.ports,
      topics: {
        ...topics,
        producer: async (id) => {
          const producer = await topics.producer(id);
          const withoutRead = (note: string) => {
            const { '~read': _, ...watermarks } = JSON.parse(note);
            return JSON.stringify(watermarks);
          };
          return {
            ...producer,
            transact: ({ mark, ...rest }) =>
              producer.transact({
                ...rest,
                mark: mark.note === undefined ? mark : { ...mark, note: withoutRead(mark.note) },
              }),
          };
        },
      },
      state: {
        ...state,
        open: async (...given) => {
          const task = await state.open(...given);
          const commit: typeof task.commit = ({ meta, ...rest }) => {
            const { sources: _, ...runtime } = meta.runtime as { sources?: unknown };
            return task.commit({ ...rest, meta: { ...meta, runtime: runtime as typeof meta.runtime } });
          };
          return new Proxy(task, {
            get: (of, name) => {
              const value = name === 'commit' ? commit : Reflect.get(of, name, of);
              return typeof value === 'function' ? value.bind(of) : value;
            },
          });
        },
      },
    };
    expect((await live({ ...world, ports: old }, original)).error).toBeUndefined();
    told['orders'] = { id: 'a second, of which nothing is known' };
    expect((await live(world, original)).error).toBeUndefined();
    told['orders'] = { id: 'a third' };
    expect((await live(world, original)).error).toMatchObject({ code: 'TOPIC_REMADE' });
  });
});

/** The same job with its source over another topic. */
function readingOthers(original: Job): Job {
  const nodes = original.nodes.map((node) => {
    if (node.body.kind !== 'source') return node;
    return { ...node, body: { ...node.body, source: topic<never>('others') } };
  });
  return { ...original, nodes } as Job;
}

describe('partitions that are added while a job runs', () => {
  async function opened(what: Job, told: Told, share?: { readonly partition: number; readonly of: number }) {
    const world = await worldTelling(told);
    const options = { ...taskDefaults, nonce: () => 'once', ...(share && { share }) };
    const ports = { ...world.ports, clock: world.clock };
    const task = await Task.open(what, ports, { options, metrics: new Metrics() });
    await task.step();
    return { world, task };
  }
  const changed = { code: 'TOPIC_PARTITIONS_CHANGED', detail: { topic: 'orders', known: 2, found: 3 } };

  test.each([
    ['with state', shops, undefined],
    ['by recipes', archive, undefined],
    ['by transactions, one of several tasks', relay, { partition: 1, of: 2 }],
  ] as const)('stop a task that commits %s', async (_, what, share) => {
    const told: Told = {};
    const { world, task } = await opened(what, told, share);
    told['orders'] = { partitions: 3 };
    world.clock.advance(1_000);
    await expect(task.step()).rejects.toMatchObject(changed);
    await task.close();
  });

  test('are read by the only task of a job without state', async () => {
    const told: Told = {};
    const world = makeWorld(telling(told));
    await world.topics.create({ name: 'numbers', partitions: 2 });
    const copy = job('copy', (from) => {
      from('numbers', topic<number>('numbers')).pipe(
        map((n) => n),
        to('copied', topic('copied')),
      );
    });
    const ports = { ...world.ports, clock: world.clock };
    told['numbers'] = { partitions: 1 };
    const options = { ...taskDefaults, nonce: () => 'once' };
    const task = await Task.open(copy, ports, { options, metrics: new Metrics() });
    await world.topics.append([{ ...order(1), topic: 'numbers', partition: 1 }]);
    await task.step();
    told['numbers'] = { partitions: 2 };
    world.clock.advance(1_000);
    await task.step();
    await task.finish();
    expect(await drain(world.topics, 'copied', 0)).toHaveLength(1);
  });

  test('stop a task before it begins if it was planned for fewer', async () => {
    await expect(opened(relay, { orders: { partitions: 3 } }, { partition: 1, of: 2 })).rejects.toMatchObject(changed);
  });

  test('stop a worker to which the group gives one', async () => {
    const { world } = await Workers.make();
    let given: GroupEvent | undefined = { kind: 'assigned', partitions: [{ topic: 'orders', partition: 4 }] };
    const membership = {
      poll: () => given,
      answer: async () => {
        given = undefined;
      },
      leave: async () => {},
    };
    const topics = { ...world.ports.topics, join: async () => membership };
    const how = { metrics: new Metrics(), log: silent, signal: new AbortController().signal };
    const options = { ...taskDefaults, nonce: () => 'once' };
    const working = work(shared, { ...world.ports, topics, clock: world.clock }, { options, ...how });
    const ended = expect(working).rejects.toMatchObject({
      code: 'TOPIC_PARTITIONS_CHANGED',
      detail: { topic: 'orders', known: 4, found: 5 },
    });
    for (let i = 0; i < 20; i++) await setImmediate();
    await ended;
  });
});
