import { MillraceError } from '../../errors.ts';
import type { Topics } from '../../topics/topics.ts';
import type { StageJob } from './stage-jobs.ts';

/**
 * Makes sure that the topics of all exchanges exist, and says how many tasks each stage has. The inputs of a stage must
 * have equal partition counts, for its tasks own one partition of each. An exchange gets as many partitions as the
 * largest source, or `parallelism`; once made it keeps them, because another count would move keys.
 *
 * Errors: TOPIC_MISSING, PARTITIONS_UNEQUAL, SOURCE_UNSHARED.
 */
export async function prepareStages(
  stages: readonly StageJob[],
  topics: Topics,
  parallelism?: number,
): Promise<ReadonlyMap<StageJob, number>> {
  const counts = new Map<string, number>();
  const received = new Set(stages.flatMap((stage) => stage.received));
  for (const { job, inputs, unshared } of stages) {
    if (unshared.length > 0) throw new MillraceError('SOURCE_UNSHARED', { uid: unshared[0]!, job: job.name });
    for (const topic of inputs) {
      const partitions = (await topics.describe(topic))?.partitions;
      if (partitions !== undefined) counts.set(topic, partitions);
      else if (!received.has(topic)) throw new MillraceError('TOPIC_MISSING', { topic });
    }
  }
  const usual = parallelism ?? Math.max(...counts.values());
  for (const { inputs } of stages) {
    const known = inputs.flatMap((topic) => counts.get(topic) ?? []);
    for (const name of inputs) {
      if (counts.has(name)) continue;
      const partitions = known[0] ?? usual;
      await topics.create({ name, partitions, retentionMs: -1 });
      counts.set(name, partitions);
    }
  }
  return new Map(stages.map((stage) => [stage, tasksOf(stage, counts)]));
}

function tasksOf({ job, inputs: [first, ...rest] }: StageJob, counts: ReadonlyMap<string, number>): number {
  const partitions = counts.get(first!)!;
  for (const other of rest) {
    const others = counts.get(other)!;
    if (others === partitions) continue;
    throw new MillraceError('PARTITIONS_UNEQUAL', { topic: first!, partitions, other, others, job: job.name });
  }
  return partitions;
}
