/**
 * Every await of the first epochs × every await of the recovery: the process dies there, before the call is applied or
 * after, and dies again while it takes over; then it may finish. What it leaves is what a run leaves that never died.
 */
import { describe, expect, test } from 'vitest';
import { judge, outcomeOf, type Verdict } from './check.ts';
import { archive, relay, shops } from './jobs.ts';
import { commitOf, isFaultless, lives, reference } from './runs.ts';
import { at, filled, live } from './world.ts';

const times = ['crash before', 'crash after'] as const;

describe('killed at any await of an epoch, and again at any await of the recovery, nothing is lost or doubled', () => {
  for (const job of [shops, relay, archive]) {
    test(job.name, { timeout: 300_000 }, async () => {
      const { expected, names, end } = await reference(job);
      const wrong: (readonly [string, Verdict])[] = [];
      let runs = 0;
      for (let i = 0; i < end; i++) {
        for (const first of times) {
          // The recovery ends a few steps behind the first commit of the new owner.
          for (let j = 0, last = Number.POSITIVE_INFINITY; j < last; j++) {
            for (const second of times) {
              const world = await filled();
              const [, two] = await lives(world, job, [at(i, first), at(j, second)]);
              runs++;
              const verdict = judge(expected, await outcomeOf(world));
              const steps = two!.faults.steps;
              if (!isFaultless(verdict)) wrong.push([`${first} ${names[i]} ${i}, ${second} ${steps[j]} ${j}`, verdict]);
              const point = steps.findIndex((name, n) => n >= two!.opened && name === commitOf(job));
              if (point >= 0) last = Math.min(last, point + 4);
            }
          }
        }
      }
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(runs).toBeGreaterThan(2_000);
    });
  }
});

test('the rows of the run that nothing happens to have identities of their own', async () => {
  for (const job of [shops, archive]) {
    const world = await filled();
    await live(world, job);
    for (const [table, rows] of world.journal)
      expect([table, await world.tables.rows(table)]).toHaveProperty('1.length', rows.length);
  }
});
