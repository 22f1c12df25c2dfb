/** Runs that several tests are made of: the one that nothing happens to, and lives that end at given steps. */
import { expect } from 'vitest';
import type { Job } from '../../graph/job.ts';
import type { FaultPlan, FaultStep } from '../../testing/faults.ts';
import { faultless, judge, type Outcome, outcomeOf, type Verdict } from './check.ts';
import { relay } from './jobs.ts';
import { filled, type Life, live, unharmed, type World, type WorldPorts } from './world.ts';

/** What a job leaves when nothing happens to it, and the steps it takes. */
export interface Reference {
  readonly expected: Outcome;
  readonly names: readonly string[];
  /** The first step after its first four epochs. */
  readonly end: number;
}

export async function reference(job: Job): Promise<Reference> {
  const world = await filled();
  const { end, faults } = await live(world, job);
  expect(end).toBe('finished');
  const commits = faults.steps.flatMap((name, i) => (name === commitOf(job) ? [i] : []));
  return { expected: await outcomeOf(world), names: faults.steps, end: commits[4]! };
}

/** The call that is the commit point of the job's epochs. */
export const commitOf = (job: Job): string => (job === relay ? 'topics.transact' : 'state.commit');

/** The n-th call of a name, from 0 on. */
export function nth(name: string, n: number, fault: ReturnType<FaultPlan>): FaultPlan {
  let seen = 0;
  return (step: FaultStep) => (step.name === name && seen++ === n ? fault : undefined);
}

/** Lives with these plans one after the other, until one finishes; the last one is unharmed. */
export async function lives(world: World, job: Job, plans: readonly FaultPlan[]): Promise<readonly Life[]> {
  const all: Life[] = [];
  for (const plan of [...plans, unharmed]) {
    const life = await live(world, job, plan);
    all.push(life);
    if (life.end === 'finished') return all;
    expect([life.end, life.error]).toEqual(['crashed', life.error]);
  }
  throw new Error('the unharmed life did not finish');
}

/** What these lives leave, compared with the run that nothing happens to. */
export async function verdictOf(
  job: Job,
  plans: readonly FaultPlan[],
  { expected }: Reference,
  weaken?: (ports: WorldPorts) => WorldPorts,
): Promise<Verdict> {
  const world = await filled(weaken);
  await lives(world, job, plans);
  return judge(expected, await outcomeOf(world));
}

export const isFaultless = (verdict: Verdict): boolean => JSON.stringify(verdict) === JSON.stringify(faultless);
