/** Where state is kept when the stages of a job change. */
import { describe, expect, test } from 'vitest';
import { float64 } from '../../../codecs/codec.ts';
import { script } from '../../../connectors/script.ts';
import { table } from '../../../connectors/table.ts';
import { topic } from '../../../connectors/topic.ts';
import { type From, type Job, job } from '../../../graph/job.ts';
import { plan, wholeStage } from '../../../graph/plan.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { scan } from '../../../operators/scan.ts';
import { to } from '../../../operators/to.ts';
import { stageJobs } from '../../../runtime/exchange/stage-jobs.ts';
import { stagingCheck } from '../../../runtime/task/staging.ts';
import { memoryState } from '../../../state/memory.ts';
import type { TableSpec } from '../../../tables/tables.ts';
import { memoryWorld, runToEnd } from '../../support/run-to-end.ts';

const summed = (uid = 'sum', was: readonly string[] = []) =>
  scan(uid, { codec: float64, was }, (past: number = 0, n: number) => [past + n, past + n]);
const inTopics = (source: string, was?: readonly string[], uid = 'sum') =>
  job('staged', (from) => {
    from(source, topic<number>('in')).pipe(
      keyBy((n) => n),
      summed(uid, was),
      to('out', topic('out')),
    );
  });
let starts = 0;
const nonce = () => `start${++starts}`;
const inline = (made: Job) => ({ job: made, stages: [['all', wholeStage(made)]] as const, nonce });
const staged = (made: Job) => ({ job: made, stages: stageJobs(made).map((s) => [s.name, s.plan] as const), nonce });

test('tasks of a process that are opened at the same time make one check, and after a failure another', async () => {
  const state = memoryState();
  let opened = 0;
  const open: typeof state.open = async (...which) => {
    if (++opened === 1) throw new Error('away');
    return await state.open(...which);
  };
  const check = stagingCheck({ ...state, open }, staged(inTopics('in')));
  const first = await Promise.allSettled([check(), check(), check()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await Promise.all([check(), check(), check()]);
  expect(opened).toBe(2);
});

describe('an operator that would begin with nothing', () => {
  test.each([
    ['a job that was run inline', inline, staged],
    ['a job that was run in stages', staged, inline],
  ])('is refused: %s', async (_, former, now) => {
    const state = memoryState();
    const made = inTopics('in');
    await stagingCheck(state, former(made))();
    await expect(stagingCheck(state, now(made))()).rejects.toThrow(/^PLAN_CHANGED: .*operator 'sum' kept its state in/);
    await expect(stagingCheck(state, former(made))()).resolves.toBeUndefined();
    await state.reset('staged');
    await expect(stagingCheck(state, now(made))()).resolves.toBeUndefined();
  });

  test('is found again under another name', async () => {
    const state = memoryState();
    await stagingCheck(state, staged(inTopics('in')))();
    await expect(stagingCheck(state, staged(inTopics('in', ['sum'], 'total')))()).resolves.toBeUndefined();
  });

  test('is told when it is gone with its whole stage, unless it is dropped', async () => {
    const stateful = job('staged', (from) => {
      from('in', script([1, 2])).pipe(
        keyBy(() => 'k'),
        summed(),
        to('out', topic('out')),
      );
    });
    const spec = { name: 't', columns: { n: { type: 'Float64' } }, identity: ['n'] } as unknown as TableSpec;
    const archive = (from: From) =>
      void from('in', script([1, 2])).pipe(to('rows', table(spec, { row: (n) => ({ n }) })));
    const world = memoryWorld();
    await runToEnd(stateful, world);
    await expect(runToEnd(job('staged', archive), world)).rejects.toThrow(/^STATE_UNKNOWN_UID: .*'sum'/);
    await expect(runToEnd(stateful, world)).resolves.toBeDefined();
    await expect(runToEnd(job('staged', archive, { drop: ['sum'] }), world)).resolves.toBeDefined();
  });
});

test('processes that start at the same time agree', async () => {
  const state = memoryState();
  const checks = Array.from({ length: 4 }, () => stagingCheck(state, staged(inTopics('in'))));
  await Promise.all(checks.map((check) => check()));
  const { meta } = await state.open('staged', '~stages');
  expect(meta?.runtime).toEqual({ staging: { sum: 'sum' } });
});

test('a stage keeps its name when the uid is changed that it is named after', () => {
  const renamed = job('staged', (from) => {
    from('in', topic<number>('in')).pipe(
      keyBy((n) => n),
      summed('total', ['sum']),
      to('out', topic('out')),
    );
  });
  const namesOf = (made: Job) => plan(made, 'topic').stages.map(({ name }) => name);
  expect(namesOf(renamed)).toEqual(namesOf(inTopics('in')));
});
