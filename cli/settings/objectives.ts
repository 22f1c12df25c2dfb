/** Objectives as they are written, and as the code has them. */
import { type Objective, objectiveId } from '../../signals/objectives/objective.ts';
import type { Written } from './schema.ts';
import type { YamlText } from './yaml-text.ts';

type WrittenObjective = NonNullable<Written['objectives']>[number];

/** Refuses the first that has no goal, or two: each objective is one number. */
export function checkGoals(written: readonly WrittenObjective[], refuse: YamlText['refuse']): void {
  for (const [i, { availability, latency }] of written.entries())
    if ((availability === undefined) === (latency === undefined))
      refuse(['objectives', i], 'give it availability or latency, and another objective for the other');
}

/** Refuses the first that stands there twice: two budgets of one goal would contradict one another. */
export function checkOnce(objectives: readonly Objective[], refuse: YamlText['refuse']): void {
  const known = new Set<string>();
  for (const [i, objective] of objectives.entries()) {
    const id = objectiveId(objective);
    if (known.has(id)) refuse(['objectives', i], 'it is there already; give each its own service, operation or goal');
    known.add(id);
  }
}

export const objectiveOf = ({ service, operation, availability, latency, days }: WrittenObjective): Objective => ({
  service,
  ...(operation === undefined ? {} : { operation }),
  ...(latency === undefined ? { percent: availability! } : latency),
  days: days ?? 28,
});
