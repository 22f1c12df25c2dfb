/**
 * Every await of the first epochs × every await of the recovery: the process dies there, before the call is applied or
 * after, and dies again while it takes over; then it may finish. What it leaves is what a run leaves that never died.
 */
import { describe, expect, test } from 'vitest';
import type { Job } from '../../graph/job.ts';
import type { Fault, Plan } from '../../testing/faults.ts';
import { faultless, judge, type Outcome, outcomeOf } from './check.ts';
import { archive, fill, relay, shops } from './jobs.ts';
import { type Life, live, makeWorld, type World } from './world.ts';

const at =
  (number: number, fault: Fault): Plan =>
  (step) =>
    step.number === number ? fault : undefined;

async function filled(): Promise<World> {
  const world = makeWorld();
  await fill(world.topics);
  return world;
}

test('debug', async () => {
  for (const job of [shops, relay, archive]) {
  const world = await filled();
  const life = await live(world, job);
  console.log(job.name, life.end, life.error, life.faults.steps.length, life.opened);
  console.log(life.faults.steps.join(' '));
  const o = await outcomeOf(world);
  console.log(Object.fromEntries(Object.entries(o).map(([k,v])=>[k,v.length])));
  console.log(o['totals'], o['alerts/0'], o['dead_letters'], o['ledger'], judge(o,o));
  }
});
