import { expect, test } from 'vitest';
import { reset } from '../../../runtime/task/reset.ts';
import { drain } from '../../conformance/topics-steps.ts';
import { relay, shops } from '../../simulation/jobs.ts';
import { shared, Workers } from '../../simulation/workers.ts';
import { filled, live } from '../../simulation/world.ts';

test('a job that was reset reads everything again: with state, and with positions in the topics alone', async () => {
  const cases = [
    [shops, 'alerts', 2],
    [relay, 'relayed', 1],
  ] as const;
  for (const [job, output, partitions] of cases) {
    const world = await filled();
    const all = async () =>
      (await Promise.all(Array.from({ length: partitions }, (_, p) => drain(world.topics, output, p))))
        .flat()
        .map(String);
    expect((await live(world, job)).end).toBe('finished');
    const first = await all();
    await reset(job, world);
    expect((await live(world, job)).end).toBe('finished');
    expect((await all()).sort()).toEqual([...first, ...first].sort());
  }
});

test('workers begin again with empty exchanges, and rows replace those of the former run', async () => {
  const workers = await Workers.make();
  workers.start();
  await workers.write(200);
  await workers.finish();
  expect(await workers.wrong()).toEqual([]);
  const { world } = workers;
  const before = await world.tables.rows('totals');
  const told = (await drain(world.topics, 'all', 0)).length;
  await reset(shared, world);
  expect((await world.topics.range('shared.to-window', 0)).begin).toBeGreaterThan(0);
  workers.start();
  await workers.finish();
  const after = await world.tables.rows('totals');
  expect(after.map(({ shop, from, ids }) => [shop, from, String(ids).split(' ').length])).toEqual(
    before.map(({ shop, from, ids }) => [shop, from, String(ids).split(' ').length]),
  );
  expect(Number(after[0]!['revision'])).toBeGreaterThan(Number(before[0]!['revision']));
  expect((await drain(world.topics, 'all', 0)).length).toBe(2 * told);
});
