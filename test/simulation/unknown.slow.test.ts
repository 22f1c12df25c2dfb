/** Calls without a definite answer, at every await of the first epochs, applied or not: nothing is lost or doubled. */
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../testing/faults.ts';
import { faultless, judge, outcomeOf, type Verdict } from './check.ts';
import { archive, relay, shops } from './jobs.ts';
import { isFaultless, reference, verdictOf } from './runs.ts';
import { at, filled, live } from './world.ts';

const uncertain = new Set(['topics.transact', 'state.commit', 'state.acknowledge', 'tables.insert']);
const both = ['unknown before', 'unknown after'] as const;

describe('without an answer, at any call that may have been applied, nothing is lost or doubled', () => {
  for (const job of [shops, relay, archive]) {
    test(job.name, { timeout: 60_000 }, async () => {
      const run = await reference(job);
      const wrong: (readonly [string, Verdict])[] = [];
      for (let i = 0; i < run.end; i++) {
        if (!uncertain.has(run.names[i]!)) continue;
        for (const fault of both) {
          for (const then of [undefined, 'unknown before', 'unknown after', 'crash before', 'crash after'] as const) {
            // The next steps are the repetition, or what decides whether there must be one.
            for (const next of [1, 2, 3, 4]) {
              const plan: FaultPlan = (step) => at(i, fault)(step) ?? at(i + next, then ?? fault)(step);
              const verdict = await verdictOf(job, [then === undefined ? at(i, fault) : certain(plan)], run);
              if (!isFaultless(verdict)) wrong.push([`${fault} ${run.names[i]} ${i}, ${then} ${next} later`, verdict]);
            }
          }
        }
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    });
  }
});

/** Only some calls can have an unknown outcome. */
function certain(plan: FaultPlan): FaultPlan {
  return (step) => {
    const fault = plan(step);
    return fault?.startsWith('unknown') && !uncertain.has(step.name) ? undefined : fault;
  };
}

test('a commit without an answer is given up after five tries, and a restart goes on', async () => {
  const { expected } = await reference(shops);
  const world = await filled();
  const never: FaultPlan = ({ name }) => (name === 'state.commit' ? 'unknown before' : undefined);
  const life = await live(world, shops, never);
  expect(life.error).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  expect(life.faults.steps.filter((name) => name === 'state.commit')).toHaveLength(5);
  expect((await live(world, shops)).end).toBe('finished');
  expect(judge(expected, await outcomeOf(world))).toEqual(faultless);
});
