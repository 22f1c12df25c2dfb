/** Lives with random faults one after the other, zombies waking at random: hundreds of worlds, each from its seed. */
import { describe, expect, test } from 'vitest';
import { randomPlan } from '../../testing/faults.ts';
import { mulberry32 } from '../../testing/random.ts';
import { judge, outcomeOf } from './check.ts';
import { archive, relay, shops } from './jobs.ts';
import { isFaultless, reference } from './runs.ts';
import { filled, type Life, live, thaw } from './world.ts';

const seeds = 250;

describe(`${seeds} worlds of random crashes, unknown outcomes and zombies lose and double nothing`, () => {
  for (const job of [shops, relay, archive]) {
    test(job.name, { timeout: 120_000 }, async () => {
      const { expected } = await reference(job);
      const wrong: unknown[] = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const random = mulberry32(seed);
        const world = await filled();
        const zombies: Life[] = [];
        for (let n = 0; n < 10; n++) {
          const odds = { crash: 0.02, unknown: 0.06, hang: 0.015 };
          const life = await live(world, job, randomPlan(seed * 100 + n, odds));
          if (life.end === 'frozen') zombies.push(life);
          else life.faults.kill();
          if (zombies.length > 0 && random() < 0.5) await thaw(world, zombies.shift()!);
        }
        if (random() < 0.5) for (const zombie of zombies.splice(0)) await thaw(world, zombie);
        expect((await live(world, job)).end).toBe('finished');
        for (const zombie of zombies) await thaw(world, zombie);
        const verdict = judge(expected, await outcomeOf(world));
        if (!isFaultless(verdict)) wrong.push([seed, verdict]);
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    });
  }
});
