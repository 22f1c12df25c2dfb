import { describe, expect, test } from 'vitest';
import { type Codec, float64 } from '../../codec.ts';
import { script } from '../../connectors/script.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import { type Job, job } from '../../graph/job.ts';
import { plan } from '../../graph/plan.ts';
import { filter } from '../../operators/filter.ts';
import { keyBy } from '../../operators/key-by.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { union } from '../../operators/union.ts';
import { sampleJob } from './sample.ts';

const rows = table<number>(
  { name: 't', comment: 'numbers', columns: { n: { type: 'Float64', comment: 'it' } }, identity: ['n'] },
  { row: (n) => ({ n }) },
);
const commitOf = (job: Job) => plan(job).stages.map((s) => s.commit);

describe('plan', () => {
  test('inline, everything is one stage; through topics, a stage begins behind each keyBy', () => {
    expect(plan(sampleJob()).stages).toHaveLength(1);
    const { stages, exchanges } = plan(sampleJob(), 'topic');
    expect(stages).toHaveLength(2);
    expect(exchanges).toEqual([{ node: 4, kind: 'topic' }]);
    expect(stages[0]!.states).toEqual([]);
    expect(stages[1]!.states.map((s) => s.space)).toEqual(['per-minute/panes', 'rise/state']);
  });

  test('streams that meet again belong to the later of their stages', () => {
    const meeting = job('meeting', (from) => {
      const numbers = from('numbers', script([1]));
      const keyed = numbers.pipe(keyBy((n: number) => n));
      const counted = keyed.pipe(
        scan('a', { codec: float64 }, (n) => [(n ?? 0) + 1, n]),
        keyBy((n: number) => n),
      );
      union(keyed, counted).pipe(to('out', topic('out')));
    });
    const { stages } = plan(meeting, 'topic');
    expect(stages).toHaveLength(3);
    expect(stages[2]!.nodes.map((id) => meeting.nodes[id]!.verb)).toEqual(['union', 'to']);
  });

  test('a segment with keyed state has a gate, others have none', () => {
    expect(plan(sampleJob()).stages[0]!.segments.map((s) => s.gated)).toEqual([false, true]);
  });
});

describe('the way of committing', () => {
  test('state: epochs', () => {
    expect(commitOf(sampleJob())).toEqual(['epochs']);
  });

  test('no state, topic to topic: transactions', () => {
    const copy = job('copy', (from) =>
      from('in', topic<number>('a')).pipe(
        filter((n) => n > 0),
        to('out', topic('b')),
      ),
    );
    expect(commitOf(copy)).toEqual(['transactions']);
  });

  test('no state, replayable source to tables: recipes', () => {
    expect(commitOf(job('archive', (from) => from('in', topic<number>('a')).pipe(to('out', rows))))).toEqual([
      'recipes',
    ]);
  });

  test('no state, a source that cannot be read again: epochs, because the input is gone once read', () => {
    const stdin = { ...script([1]), replayable: false };
    expect(commitOf(job('once', (from) => from('in', stdin).pipe(to('out', rows))))).toEqual(['epochs']);
  });
});

describe('the hash of a plan', () => {
  const version2: Codec<number> = { ...float64, version: 2 };

  test('is the same for two builds of one job', () => {
    expect(plan(sampleJob()).hash).toBe(plan(sampleJob()).hash);
  });

  test('changes with the version of a state codec', () => {
    expect(plan(sampleJob(version2)).hash).not.toBe(plan(sampleJob()).hash);
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
