/**
 * A process that hangs at any await, as a long pause of the machine makes it, while another takes its task over. When
 * it wakes it may finish what is already committed, and is refused everything else.
 */
import { describe, expect, test } from 'vitest';
import { hasCode } from '../../errors.ts';
import type { FaultPlan } from '../../testing/faults.ts';
import { judge, outcomeOf, type Verdict } from './check.ts';
import { archive, relay, shops } from './jobs.ts';
import { commitOf, isFaultless, reference } from './runs.ts';
import { at, filled, live, thaw } from './world.ts';

/** What tells an owner that it is one no more. */
const isRefusal = (error: unknown): boolean => hasCode(error, 'STATE_FENCED') || hasCode(error, 'PRODUCER_FENCED');

describe('a zombie that wakes after its successor has finished is refused, and doubles nothing', () => {
  for (const job of [shops, relay, archive]) {
    test(job.name, { timeout: 60_000 }, async () => {
      const { expected, names, end } = await reference(job);
      const wrong: (readonly [string, unknown])[] = [];
      for (let i = 0; i < end; i++) {
        const world = await filled();
        const zombie = await live(world, job, at(i, 'hang'));
        expect(zombie.end).toBe('frozen');
        expect((await live(world, job)).end).toBe('finished');
        const error = await thaw(world, zombie);
        const verdict = judge(expected, await outcomeOf(world));
        if (!isFaultless(verdict)) wrong.push([`${names[i]} ${i}`, verdict]);
        // Before it took the task over it was no owner yet, and takes it over now.
        const owned = names.slice(0, i).some((name) => name === 'state.open' || name === 'topics.producer');
        if (owned && !isRefusal(error)) wrong.push([`${names[i]} ${i}`, error]);
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    });
  }
});

describe('a zombie that wakes while its successor hangs doubles nothing either', () => {
  for (const job of [shops, relay, archive]) {
    test(job.name, { timeout: 120_000 }, async () => {
      const { expected, names, end } = await reference(job);
      const wrong: (readonly [string, Verdict])[] = [];
      for (let i = 0; i < end; i++) {
        for (let j = 0, last = Number.POSITIVE_INFINITY; j < last; j += 1) {
          const world = await filled();
          const zombie = await live(world, job, at(i, 'hang'));
          const heir = await live(world, job, at(j, 'hang'));
          await thaw(world, zombie);
          await thaw(world, heir);
          expect((await live(world, job)).end).toBe('finished');
          const verdict = judge(expected, await outcomeOf(world));
          if (!isFaultless(verdict)) wrong.push([`${names[i]} ${i}, heir ${heir.faults.steps[j]} ${j}`, verdict]);
          const point = heir.faults.steps.findIndex((name, n) => n >= heir.opened && name === commitOf(job));
          if (point >= 0) last = Math.min(last, point + 4);
        }
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    });
  }
});

describe('a zombie that hangs while it asks what became of its transaction does not take its heir for itself', () => {
  for (const job of [shops, relay]) {
    test(job.name, async () => {
      const { expected, names, end } = await reference(job);
      const wrong: (readonly [string, unknown])[] = [];
      for (let i = 0; i < end; i++) {
        if (names[i] !== 'topics.transact') continue;
        for (const fault of ['unknown before', 'unknown after'] as const) {
          for (let next = 1; next <= 6; next++) {
            const world = await filled();
            const plan: FaultPlan = (step) => at(i, fault)(step) ?? at(i + next, 'hang')(step);
            const zombie = await live(world, job, plan);
            expect((await live(world, job)).end).toBe('finished');
            const error = await thaw(world, zombie);
            const verdict = judge(expected, await outcomeOf(world));
            if (!isFaultless(verdict)) wrong.push([`${fault} ${i}, hangs ${next} later`, verdict]);
            if (!isRefusal(error)) wrong.push([`${fault} ${i}, hangs ${next} later`, error]);
          }
        }
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    });
  }
});
