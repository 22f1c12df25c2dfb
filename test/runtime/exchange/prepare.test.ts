import { describe, expect, test } from 'vitest';
import { count, eventTime, job, keyBy, minutes, script, to, topic, tumbling, union, window } from '../../../index.ts';
import { prepareStages, stageJobs } from '../../../runtime/exchange/stage-jobs.ts';
import { memoryTopics } from '../../../topics/memory.ts';

const counting = job('counting', (from) => {
  from('in', topic<number>('in')).pipe(
    eventTime({ at: (n) => n, outOfOrder: 0 }),
    keyBy((n) => n),
    window('per-minute', tumbling(minutes(1)), count()),
    to('out', topic('out')),
  );
});

describe('the topics of exchanges', () => {
  test('get as many partitions as the largest source, and keep everything', async () => {
    const topics = memoryTopics();
    await topics.create({ name: 'in', partitions: 6 });
    const counts = await prepareStages(stageJobs(counting), topics);
    expect([...counts].map(([stage, tasks]) => [stage.name, tasks])).toEqual([
      ['in', 6],
      ['per-minute', 6],
    ]);
    expect((await topics.describe('counting.to-per-minute'))?.partitions).toBe(6);
  });

  test('get as many as asked for, and keep what they have', async () => {
    const topics = memoryTopics();
    await topics.create({ name: 'in', partitions: 6 });
    await prepareStages(stageJobs(counting), topics, 3);
    const counts = await prepareStages(stageJobs(counting), topics, 12);
    expect([...counts.values()]).toEqual([6, 3]);
  });
});

describe('refused before anything runs', () => {
  test('a missing source', async () => {
    await expect(prepareStages(stageJobs(counting), memoryTopics())).rejects.toThrow(/TOPIC_MISSING: topic 'in'/);
  });

  test('topics that meet with unequal partition counts', async () => {
    const meeting = job('meeting', (from) => {
      union(from('a', topic<number>('a')), from('b', topic<number>('b'))).pipe(to('out', topic('out')));
    });
    const topics = memoryTopics();
    await topics.create({ name: 'a', partitions: 2 });
    await topics.create({ name: 'b', partitions: 3 });
    await expect(prepareStages(stageJobs(meeting), topics)).rejects.toThrow(
      /PARTITIONS_UNEQUAL.*'a' \(2 partitions\) and 'b' \(3\)/,
    );
  });

  test('a source that is no topic', async () => {
    const local = job('local', (from) => from('in', script([1])).pipe(to('out', topic('out'))));
    await expect(prepareStages(stageJobs(local), memoryTopics())).rejects.toThrow(/SOURCE_UNSHARED: source 'in'/);
  });
});
