/** When a plan is another one than before. */
import { describe, expect, test } from 'vitest';
import { type Codec, float64 } from '../../codecs/codec.ts';
import { topic } from '../../connectors/topic.ts';
import { type Job, job } from '../../graph/job.ts';
import { plan } from '../../graph/plan.ts';
import { eventTime } from '../../operators/event-time.ts';
import { filter } from '../../operators/filter.ts';
import { keyBy } from '../../operators/key-by.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { count } from '../../windows/aggregates/count.ts';
import { type Assigner, sliding, tumbling } from '../../windows/assigner.ts';
import { sampleJob } from '../support/sample-graph.ts';

function windowedBy(assigner: Assigner, { input = 'a', output = 'b' } = {}): Job {
  return job('windowed', (from) => {
    from('in', topic<number>(input)).pipe(
      eventTime({ at: (n) => n, outOfOrder: 0 }),
      keyBy((n) => n),
      window('w', assigner, count()),
      to('out', topic(output)),
    );
  });
}

describe('the hash of a plan', () => {
  const version2: Codec<number> = { ...float64, version: 2 };

  test('is the same for two builds of one job', () => {
    expect(plan(sampleJob()).hash).toBe(plan(sampleJob()).hash);
  });

  test('changes with the version of a state codec', () => {
    expect(plan(sampleJob(version2)).hash).not.toBe(plan(sampleJob()).hash);
  });

  test.each<[string, Job, Job]>([
    ['the size of a window', windowedBy(tumbling(1_000)), windowedBy(tumbling(2_000))],
    ['the kind of a window', windowedBy(tumbling(1_000)), windowedBy(sliding(1_000, 500))],
    ['a topic that is read', windowedBy(tumbling(1_000)), windowedBy(tumbling(1_000), { input: 'other' })],
    ['a topic that is written', windowedBy(tumbling(1_000)), windowedBy(tumbling(1_000), { output: 'other' })],
  ])('changes with %s', (_, before, now) => {
    expect(plan(now).hash).not.toBe(plan(before).hash);
  });

  test('changes with the staging', () => {
    const made = windowedBy(tumbling(1_000));
    expect(plan(made, 'topic').hash).not.toBe(plan(made).hash);
  });

  test('does not change when a stateless step is added', () => {
    const built = (extra: boolean) =>
      job('same', (from) => {
        const numbers = from('in', topic<number>('a'));
        (extra ? numbers.pipe(filter((n) => n > 0)) : numbers).pipe(to('out', topic('b')));
      });
    expect(plan(built(true)).hash).toBe(plan(built(false)).hash);
  });
});
