/** Makes a job begin again from the oldest records of its topics. */
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { wholeStage } from '../../graph/plan.ts';
import type { GroupOffset } from '../../topics/topics.ts';
import { type StageJob, stageJobs } from '../exchange/stage-jobs.ts';

/**
 * Makes a job begin again: state is forgotten, exchanges are emptied, and stages that keep their positions in the
 * topics are set to the oldest records. Outputs stay where they are: rows are replaced by those of the new run, because
 * their revisions rise with the generation; records of topics are written once more.
 *
 * No worker may run meanwhile. A reset that was cut off is repeated: each of its steps can be done again.
 */
export async function reset(job: Job, ports: Pick<Ports, 'state' | 'topics'>): Promise<void> {
  await ports.state.reset(job.name);
  if (wholeStage(job).commit === 'transactions') await rewind(job, ports, wholeJob(job));
  const hasTopics = job.nodes.every(({ body }) => body.kind !== 'source' || body.source.topic !== undefined);
  if (!hasTopics) return;
  for (const stage of stageJobs(job)) {
    for (const topic of stage.received) await empty(topic, ports);
    if (stage.plan.commit === 'transactions') await rewind(job, ports, stage);
  }
}

const wholeJob = (job: Job): Pick<StageJob, 'name' | 'inputs'> => ({
  name: 'all',
  inputs: job.nodes.flatMap(({ body }) => (body.kind === 'source' ? (body.source.topic ?? []) : [])),
});

async function empty(topic: string, { topics }: Pick<Ports, 'topics'>): Promise<void> {
  const partitions = (await topics.describe(topic))?.partitions ?? 0;
  for (let partition = 0; partition < partitions; partition++) {
    const { end } = await topics.range(topic, partition);
    await topics.trim(topic, partition, end);
  }
}

/** Stores the oldest offsets in the name of each task; marks count on, so that none of before counts as new. */
async function rewind(
  job: Job,
  { topics }: Pick<Ports, 'topics'>,
  { name, inputs }: Pick<StageJob, 'name' | 'inputs'>,
): Promise<void> {
  const oldest: GroupOffset[] = [];
  for (const topic of inputs) {
    const partitions = (await topics.describe(topic))?.partitions ?? 0;
    for (let partition = 0; partition < partitions; partition++) {
      oldest.push({ topic, partition, offset: (await topics.range(topic, partition)).begin });
    }
  }
  const partitions = name === 'all' ? [undefined] : [...new Set(oldest.map((o) => o.partition))];
  for (const partition of partitions) {
    const task = partition === undefined ? name : `${name}-${partition}`;
    const offsets = oldest.filter((o) => partition === undefined || o.partition === partition);
    const mark = await topics.mark(job.name, task);
    if (mark === undefined) continue;
    const producer = await topics.producer(`${job.name}/${task}`);
    try {
      const next = { generation: mark.generation, epoch: mark.epoch + 1 };
      await producer.transact({ records: [], group: job.name, task, offsets, mark: next });
    } finally {
      await producer.close();
    }
  }
}
