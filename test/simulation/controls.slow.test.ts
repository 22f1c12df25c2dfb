/**
 * Negative controls: each protection is switched off, alone, and the checkers that find nothing otherwise must report
 * loss or doubles.
 */
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../testing/faults.ts';
import { judge, type Outcome, outcomeOf, type Verdict } from './check.ts';
import { shops } from './jobs.ts';
import { lives, nth, type Reference, reference, verdictOf } from './runs.ts';
import { type Weaken, withoutFence, withoutMark, withoutOutbox, withoutProducerFence, withoutToken } from './weaken.ts';
import { at, filled, live, thaw } from './world.ts';

/** Killed once, at each await of the first epochs: everything that the checkers say. */
async function killedOnce(run: Reference, weaken?: Weaken): Promise<Verdict> {
  const all: Verdict[] = [];
  for (let i = 0; i < run.end; i++) {
    for (const when of ['crash before', 'crash after'] as const) {
      all.push(await verdictOf(shops, [at(i, when)], run, weaken));
    }
  }
  return {
    lost: all.flatMap(({ lost }) => lost),
    doubled: all.flatMap(({ doubled }) => doubled),
    disordered: all.flatMap(({ disordered }) => disordered),
  };
}

describe('killed at any await of the first epochs, the checkers report', () => {
  test('nothing, with every protection', async () => {
    expect(await killedOnce(await reference(shops))).toEqual({ lost: [], doubled: [], disordered: [] });
  });

  test('doubles, when tokens are ignored', async () => {
    const { lost, doubled } = await killedOnce(await reference(shops), withoutToken);
    expect(doubled.some((text) => text.startsWith('totals'))).toBe(true);
    expect(lost).toEqual([]);
  });

  test('loss, when the outbox is forgotten', async () => {
    const { lost } = await killedOnce(await reference(shops), withoutOutbox);
    expect(lost.some((text) => text.startsWith('alerts'))).toBe(true);
    expect(lost.some((text) => text.startsWith('totals'))).toBe(true);
  });

  test('doubles, when the mark is ignored', async () => {
    const { lost, doubled } = await killedOnce(await reference(shops), withoutMark);
    expect(doubled.some((text) => text.startsWith('alerts'))).toBe(true);
    expect(lost).toEqual([]);
  });
});

/** A zombie hangs in its delivery, its successor delivers the same epoch and more, the zombie wakes. */
async function zombieDelivers(weaken?: Weaken): Promise<Verdict> {
  const { expected } = await reference(shops);
  const world = await filled(weaken);
  const zombie = await live(world, shops, nth('topics.transact', 3, 'hang'));
  expect((await live(world, shops)).end).toBe('finished');
  await thaw(world, zombie);
  return judge(expected, await outcomeOf(world));
}

test('a zombie that delivers doubles records only where producers are not fenced', async () => {
  expect(await zombieDelivers()).toEqual({ lost: [], doubled: [], disordered: [] });
  expect((await zombieDelivers(withoutProducerFence)).doubled).not.toEqual([]);
});

/**
 * A zombie from before a reset acknowledges what it once delivered, and does nothing else, while its successor's
 * outbox, numbered again, holds the same numbers undelivered. After a crash no former owner would wake.
 */
async function afterReset(end: 'hang' | 'crash before', weaken?: Weaken): Promise<Outcome> {
  const world = await filled(weaken);
  const last = nth('state.acknowledge', 4, end);
  let isLast = false;
  const plan: FaultPlan = (step) => {
    if (isLast) return 'crash before';
    const fault = last(step);
    isLast = fault !== undefined;
    return fault;
  };
  const zombie = await live(world, shops, plan);
  await world.ports.state.reset('shops');
  expect((await live(world, shops, nth('topics.transact', 3, 'crash before'))).end).toBe('crashed');
  if (end === 'hang') await thaw(world, zombie);
  await lives(world, shops, []);
  return outcomeOf(world);
}

test('a zombie that writes loses records only where the store does not fence', async () => {
  const expected = await afterReset('crash before');
  expect(judge(expected, await afterReset('hang'))).toEqual({ lost: [], doubled: [], disordered: [] });
  expect(judge(expected, await afterReset('hang', withoutFence)).lost).not.toEqual([]);
});
