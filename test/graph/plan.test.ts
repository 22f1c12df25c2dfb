import { describe, expect, test } from 'vitest';
import { float64 } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import { type Job, job } from '../../graph/job.ts';
import { plan, type Stage, wholeStage } from '../../graph/plan.ts';
import { broadcast } from '../../operators/broadcast.ts';
import { eventTime } from '../../operators/event-time.ts';
import { filter } from '../../operators/filter.ts';
import { keyBy } from '../../operators/key-by.ts';
import { keyBySplit } from '../../operators/key-by-split.ts';
import { process } from '../../operators/process.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { union } from '../../operators/union.ts';
import { buildCircuit } from '../../runtime/circuit/circuit.ts';
import { stageJobs } from '../../runtime/exchange/stage-jobs.ts';
import { memoryState } from '../../state/memory.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { sampleJob } from '../support/sample-graph.ts';

const rows = table<number>(
  { name: 't', comment: 'numbers', columns: { n: { type: 'Float64', comment: 'The number' } }, identity: ['n'] },
  { row: (n) => ({ n }) },
);
const counted = (uid: string) =>
  scan(uid, { codec: float64 }, (past: number | undefined, n: number) => [(past ?? 0) + 1, n]);
const gatesOf = (planned: Job) =>
  wholeStage(planned).nodes.flatMap(({ gate, node }) => (gate === undefined ? [] : [`${gate} ${node.verb}`]));
const sourcesOf = ({ nodes }: Stage) => nodes.flatMap(({ node }) => (node.body.kind === 'source' ? [node.uid] : []));
/** Parts of a circuit into which nothing is pushed. */
const idle = {
  clock: new ManualClock(0),
  cacheKeys: 1,
  splitName: String,
  memory: {},
  onData() {},
  onError() {},
  onSide() {},
  onDropped() {},
  onPoison() {},
};
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

  test('streams that meet behind their exchanges belong to one stage; those that never meet to several', () => {
    const meeting = job('meeting', (from) => {
      const one = from('one', topic<number>('a')).pipe(keyBy((n: number) => n));
      const other = from('other', topic<number>('b')).pipe(keyBy((n: number) => n));
      union(one, other).pipe(
        scan('seen', { codec: float64 }, (n) => [(n ?? 0) + 1, n]),
        to('out', topic('out')),
      );
    });
    const { stages, exchanges } = plan(meeting, 'topic');
    expect(stages.map((s) => s.name)).toEqual(['one', 'other', 'seen']);
    expect(stages[2]!.nodes.map(({ node }) => node.verb)).toEqual(['union', 'scan', 'to']);
    expect(exchanges.map((e) => e.kind)).toEqual(['topic', 'topic']);
  });

  test('values change hands only where keyed state follows: a key for a sink needs no exchange', () => {
    const keyed = job('keyed', (from) =>
      from('in', topic<number>('a')).pipe(
        keyBy((n) => n),
        to('out', topic('b')),
      ),
    );
    expect(plan(keyed, 'topic').stages).toHaveLength(1);
    expect(plan(keyed, 'topic').exchanges).toEqual([{ node: 1, kind: 'inline' }]);
  });

  test('values keyed by split stay where they were read', () => {
    const local = job('local', (from) =>
      from('in', topic<number>('a')).pipe(
        keyBySplit((n) => n),
        scan('seen', { codec: float64 }, (n) => [(n ?? 0) + 1, n]),
        to('out', topic('b')),
      ),
    );
    expect(plan(local, 'topic').stages).toHaveLength(1);
  });

  test('two readers of one topic are one stage, because a partition is owned once', () => {
    const twice = job('twice', (from) => {
      from('first', topic<number>('a')).pipe(to('x', topic('x')));
      from('second', topic<number>('a')).pipe(to('y', topic('y')));
    });
    expect(plan(twice, 'topic').stages).toHaveLength(1);
  });

  test('eventTime behind an exchange is refused, because partitions are mixed there', () => {
    const mixed = job('mixed', (from) =>
      from('in', topic<number>('a')).pipe(
        keyBy((n) => n),
        eventTime({ at: (n) => n, outOfOrder: 0 }),
        scan('seen', { codec: float64 }, (n) => [(n ?? 0) + 1, n]),
        to('out', topic('b')),
      ),
    );
    expect(() => plan(mixed, 'topic')).toThrow(/EVENT_TIME_BEHIND_EXCHANGE/);
    expect(plan(mixed).stages).toHaveLength(1);
  });

  test('a control stream that is dealt out by key is refused, because no task would hear all of it', () => {
    const partial = (control: 'whole' | 'dealt') =>
      job('partial', (from) => {
        const rules = from('rules', topic<number>('rules'));
        const counted = rules.pipe(
          keyBy((n: number) => n),
          scan('rule-count', { codec: float64 }, (n) => [(n ?? 0) + 1, n ?? 0]),
        );
        const options = { codec: float64, id: (n: number) => n };
        const above = broadcast('above', control === 'whole' ? rules : counted, options, (n: number) => n);
        if (control === 'whole') counted.pipe(to('counts', topic('counts')));
        from('in', topic<number>('a')).pipe(above, to('out', topic('b')));
      });
    expect(() => plan(partial('dealt'), 'topic')).toThrow(/CONTROL_BEHIND_EXCHANGE/);
    expect(() => plan(partial('whole'), 'topic')).toThrow(/CONTROL_BEHIND_EXCHANGE/);
  });

  test('a segment with keyed state has a gate, others have none', () => {
    expect(plan(sampleJob()).stages[0]!.segments.map((s) => s.gated)).toEqual([false, true]);
  });

  test('two readers of one keyBy share its gate', () => {
    const forked = job('forked', (from) => {
      const keyed = from('in', topic<number>('a')).pipe(keyBy((n: number) => n));
      for (const uid of ['one', 'other']) keyed.pipe(counted(uid), to(`to-${uid}`, topic(uid)));
    });
    expect(gatesOf(forked)).toEqual(['behind keyBy']);
  });

  test('eventTime ends a segment, and its side outputs belong to the segment before it', () => {
    const late = job('late', (from) =>
      from('in', topic<number>('a')).pipe(
        keyBy((n) => n),
        eventTime(
          { at: (n) => n, outOfOrder: 0 },
          { untimed: (s) => s.pipe(counted('odd'), to('odd-out', topic('o'))) },
        ),
        counted('seen'),
        to('out', topic('b')),
      ),
    );
    expect(gatesOf(late)).toEqual(['behind keyBy', 'behind eventTime']);
    const { nodes } = wholeStage(late);
    const segmentOf = (uid: string) => nodes.find(({ node }) => node.uid === uid)!.segment;
    expect(segmentOf('odd')).toBe(nodes.find(({ node }) => node.verb === 'keyBy')!.segment);
    expect(segmentOf('seen')).toBe(nodes.find(({ node }) => node.verb === 'eventTime')!.segment);
  });

  test('an operator with a lazy map has a gate of its own, which sees the values that it handles', () => {
    const lazy = job('lazy', (from) =>
      from('in', topic<number>('a')).pipe(
        keyBy((n) => n),
        process('some', (ctx) => {
          ctx.map('entries', float64, { prefetch: (n: number) => [n] });
          return { onData() {} };
        }),
        to('out', topic('b')),
      ),
    );
    expect(gatesOf(lazy)).toEqual(['before process']);
  });
});

describe('what the plan says is what is built', () => {
  const jobs: readonly Job[] = [
    sampleJob(),
    job('meeting', (from) => {
      const keyedFrom = (uid: string) => from(uid, topic<number>(uid)).pipe(keyBy((n: number) => n));
      union(keyedFrom('one'), keyedFrom('other')).pipe(counted('seen'), to('out', topic('out')));
    }),
    job('ruled', (from) => {
      const rules = from('rules', topic<number>('rules'));
      from('in', topic<number>('a')).pipe(
        eventTime({ at: (n) => n, outOfOrder: 0 }),
        broadcast('above', rules, { codec: float64, id: (n: number) => n }, (n: number) => n),
        keyBy((n) => n),
        counted('seen'),
        to('out', topic('b')),
      );
    }),
    job('copied-and-counted', (from) => {
      const numbers = from('in', topic<number>('a'));
      numbers.pipe(to('copies', rows));
      numbers.pipe(
        keyBy((n) => n),
        counted('seen'),
        to('out', topic('b')),
      );
    }),
  ];

  test.each(jobs)('the circuit of job $name has the gates, sources and watermarks of its plan', async (planned) => {
    for (const stage of [wholeStage(planned), ...stageJobs(planned).map((each) => each.plan)]) {
      const store = await memoryState().open(planned.name, stage.name);
      const circuit = buildCircuit(stage, { ...idle, store });
      expect(circuit.gates).toHaveLength(stage.segments.filter((s) => s.gated).length);
      expect([...circuit.sources.keys()]).toEqual(sourcesOf(stage));
      expect(circuit.times.ids).toEqual(stage.nodes.flatMap(({ times }) => times ?? []));
    }
  });

  test.each(jobs)('the stages of job $name run as its plan with topics says', (planned) => {
    const { stages } = plan(planned, 'topic');
    const built = stageJobs(planned);
    expect(built.map((s) => s.name)).toEqual(stages.map((s) => s.name));
    for (const [i, { plan: running }] of built.entries()) {
      const { commit, states, segments } = stages[i]!;
      expect({ commit: running.commit, states: running.states }).toEqual({ commit, states });
      expect(running.segments.filter((s) => s.gated)).toHaveLength(segments.filter((s) => s.gated).length);
    }
  });

  test('a stage that writes rows and sends to another stage commits epochs, not recipes', () => {
    expect(plan(jobs[3]!, 'topic').stages.map((s) => s.commit)).toEqual(['epochs', 'epochs']);
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
