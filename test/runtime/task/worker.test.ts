/** Partitions that change hands: what their owner has read is committed before the next one begins. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Job } from '../../../graph/job.ts';
import { silent } from '../../../runtime/log.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { type WorkerStatus, work } from '../../../runtime/task/worker.ts';
import { hours, seconds } from '../../../time/duration.ts';
import { drain } from '../../conformance/topics-steps.ts';
import { archive, order, relay } from '../../simulation/jobs.ts';
import { makeWorld, type World } from '../../simulation/world.ts';

/** A worker whose epochs end by nothing but what happens to it. */
function start({ ports, clock }: World, job: Job) {
  const metrics = new Metrics();
  const stop = new AbortController();
  let status: WorkerStatus = { assigned: false, tasks: 0, reading: 0 };
  let nonces = 0;
  const options = { ...taskDefaults, epochEvery: hours(1), nonce: () => `n${++nonces}` };
  const onChange = (now: WorkerStatus) => (status = now);
  const done = work(job, { ...ports, clock }, { options, metrics, log: silent, signal: stop.signal, onChange });
  return {
    read: () => metrics.get('millrace_records_in_total', 'orders'),
    get reading() {
      return status.reading;
    },
    stop: async () => {
      stop.abort();
      await pass(clock, seconds(1));
      await done;
    },
  };
}

/** Lets time pass, and every sleeper be woken in turn. */
async function pass(clock: World['clock'], ms: number): Promise<void> {
  for (const until = clock.now() + ms; clock.now() < until; ) {
    await setImmediate();
    clock.advanceTo(Math.min(until, clock.nextWake ?? until));
  }
}

const places = [
  { topic: 'orders', partition: 0 },
  { topic: 'orders', partition: 1 },
];

/** A world with ten orders in each of two partitions. */
async function filled(): Promise<World> {
  const world = makeWorld();
  await world.topics.create({ name: 'orders', partitions: 2 });
  await world.topics.create({ name: 'relayed', partitions: 1 });
  await world.topics.append(Array.from({ length: 20 }, (_, id) => ({ ...order(0), partition: id % 2 })));
  return world;
}

test('a task that is revoked has committed what it read, and its next owner reads nothing again', async () => {
  const world = await filled();
  const { topics, clock } = world;
  const one = start(world, relay);
  await pass(clock, seconds(2));
  expect([one.reading, await one.read()]).toEqual([2, 20]);
  expect(await topics.committed('relay', places)).toEqual([0, 0]);
  const other = start(world, relay);
  await pass(clock, seconds(2));
  expect([one.reading, other.reading]).toEqual([1, 1]);
  const committed = await topics.committed('relay', places);
  expect(committed.filter((offset) => offset === 10)).toHaveLength(1);
  expect(await drain(topics, 'relayed', 0)).toHaveLength(10);
  expect(await other.read()).toBe(0);
  await one.stop();
  await other.stop();
  expect(await topics.committed('relay', places)).toEqual([10, 10]);
  expect(await drain(topics, 'relayed', 0)).toHaveLength(20);
});

test('the same of a task that keeps its positions in its state', async () => {
  const world = await filled();
  const { clock } = world;
  const one = start(world, archive);
  await pass(clock, seconds(2));
  expect(await one.read()).toBe(20);
  const other = start(world, archive);
  await pass(clock, seconds(2));
  expect([one.reading, other.reading, await other.read()]).toEqual([1, 1, 0]);
  await one.stop();
  await other.stop();
  expect(world.journal.get('archived')).toHaveLength(20);
});
