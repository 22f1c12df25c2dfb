import { expect, test } from 'vitest';
import { broadcast, job, json, to, topic } from '../../../index.ts';
import { stageJobs } from '../../../runtime/exchange/stage-jobs.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { Task } from '../../../runtime/task/task.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import { memoryState } from '../../../state/memory.ts';
import { memoryTables } from '../../../tables/memory.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { memoryTopics } from '../../../topics/memory.ts';
import { drain } from '../../conformance/topics-steps.ts';

interface Limit {
  readonly id: string;
  readonly most: number;
}

const limited = job('limited', (from) => {
  const limits = from('limits', topic<Limit>('limits'));
  const options = { codec: json<Limit>(), id: (limit: Limit) => limit.id };
  from('numbers', topic<number>('numbers')).pipe(
    broadcast('within', limits, options, (n: number, rules) => {
      const all = [...rules.entries()].map(([, { most }]) => most);
      return n <= Math.min(...all) ? n : undefined;
    }),
    to('small', topic('small', { key: (n: number) => n })),
  );
});

test('each task reads its own partition of the data and the whole of a control stream', async () => {
  const topics = memoryTopics();
  const ports = { topics, state: memoryState(), tables: memoryTables(), clock: new ManualClock(1_000) };
  const record = (name: string, partition: number, value: unknown) => {
    const bytes = Buffer.from(JSON.stringify(value));
    return { topic: name, partition, key: null, value: bytes, timestamp: 0 };
  };
  for (const [name, partitions] of [
    ['numbers', 2],
    ['limits', 2],
    ['small', 1],
  ] as const) {
    await topics.create({ name, partitions });
  }
  await topics.append([record('limits', 0, { id: 'a', most: 9 }), record('limits', 1, { id: 'b', most: 5 })]);
  for (let n = 0; n < 20; n++) await topics.append([record('numbers', n % 2, n)]);
  const [stage] = stageJobs(limited);
  expect(stage!.inputs).toEqual(['numbers']);
  for (const partition of [0, 1]) {
    const options = {
      ...taskDefaults,
      task: `numbers-${partition}`,
      share: { partition, of: 2 },
      nonce: () => `${partition}`,
    };
    const task = await Task.open(stage!.job, ports, { options, metrics: new Metrics() });
    while ((await task.step()) === 'worked');
    await task.finish();
    const offsets = await topics.committed('limited', [
      { topic: 'numbers', partition },
      { topic: 'limits', partition },
    ]);
    // No task may say how far the group has come with what all of them read.
    expect(offsets).toEqual([10, undefined]);
  }
  const small = (await drain(topics, 'small', 0)).map((text) => Number(String(text)));
  expect(small.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
});
