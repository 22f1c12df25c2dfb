import { describe, expect, test } from 'vitest';
import { memoryState } from '../../state/memory.ts';
import { Crash, type Fault, type FaultPlan, type ProcessPorts, randomPlan, withFaults } from '../../testing/faults.ts';
import { memoryTopics } from '../../topics/memory.ts';
import { epoch, loaded, put, value } from '../conformance/state-steps.ts';
import { drain, record } from '../conformance/topics-steps.ts';

const none: FaultPlan = () => undefined;
const at =
  (number: number, fault: Fault): FaultPlan =>
  (step) =>
    step.number === number ? fault : undefined;
const unknown = expect.objectContaining({ code: 'OUTCOME_UNKNOWN' });

/** Topics and state, a task that delivers what it commits, and the run of one owner over them. */
function world() {
  const topics = memoryTopics();
  const state = memoryState();
  const open = (plan: FaultPlan) => withFaults({ topics, state }, plan);
  return { topics, state, open };
}

async function run({ topics, state }: Required<Pick<ProcessPorts, 'topics' | 'state'>>): Promise<void> {
  await topics.create({ name: 'out', partitions: 1 });
  const task = await state.open('job', 'task');
  const producer = await topics.producer('producer');
  await task.commit(epoch(0, { deltas: [put(value, 'k', '0')] }));
  for await (const page of task.scan(value)) expect(page).toHaveLength(1);
  const mark = { generation: 1, epoch: 0 };
  await producer.transact({ records: [record('out', 0, 'x')], group: 'g', offsets: [], task: 'task', mark });
}

const steps = [
  'topics.create',
  'state.open',
  'topics.producer',
  'state.commit',
  'state.scan',
  'state.scan',
  'topics.transact',
];

test('without faults the ports work as they are and the steps are named in order', async () => {
  const { topics, open } = world();
  const owner = open(none);
  await run(owner.ports);
  expect(owner.steps).toEqual(steps);
  expect(await drain(topics, 'out')).toEqual(['x']);
});

describe('a crash at any step, before it or after', () => {
  for (const [number, name] of steps.entries()) {
    for (const when of ['before', 'after'] as const) {
      test(`${when} ${number} ${name}`, async () => {
        const { topics, state, open } = world();
        const owner = open(at(number, `crash ${when}`));
        await expect(run(owner.ports)).rejects.toBeInstanceOf(Crash);
        expect(owner.steps).toEqual(steps.slice(0, number + 1));
        expect(owner.isDead).toBe(true);
        await expect(owner.ports.state.open('job', 'task')).rejects.toBeInstanceOf(Crash);
        expect(owner.steps).toHaveLength(number + 1);
        const isApplied = (step: string) => steps.indexOf(step) < number + (when === 'after' ? 1 : 0);
        expect((await topics.describe('out')) !== undefined).toBe(isApplied('topics.create'));
        expect((await state.open('job', 'task')).meta?.epoch).toBe(isApplied('state.commit') ? 0 : undefined);
        expect((await topics.mark('g', 'task'))?.epoch).toBe(isApplied('topics.transact') ? 0 : undefined);
      });
    }
  }
});

test('an unknown outcome is applied or not, and a resent commit decides', async () => {
  for (const when of ['before', 'after'] as const) {
    const { state, open } = world();
    const task = await open(at(1, `unknown ${when}`)).ports.state.open('job', 'task');
    const commit = epoch(0, { deltas: [put(value, 'k', '0')] });
    await expect(task.commit(commit)).rejects.toEqual(unknown);
    const before = await state.open('other', 'task');
    expect(before.meta).toBeUndefined();
    expect(await loaded(task, value, ['k'])).toEqual(when === 'before' ? [[]] : [[['', '0']]]);
    await task.commit(commit);
    expect(await loaded(task, value, ['k'])).toEqual([[['', '0']]]);
  }
});

test('a frozen owner that continues after a take-over is fenced', async () => {
  const { state, open } = world();
  const zombie = open(at(1, 'hang'));
  const task = await zombie.ports.state.open('job', 'task');
  const late = task.commit(epoch(0, { deltas: [put(value, 'k', 'late')] }));
  const later = task.load(value, ['k']);
  expect(zombie.isFrozen).toBe(true);
  const owner = await state.open('job', 'task');
  await owner.commit(epoch(0, { deltas: [put(value, 'k', 'kept')] }));
  expect(zombie.steps).toEqual(['state.open', 'state.commit']);
  zombie.release();
  await expect(late).rejects.toEqual(expect.objectContaining({ code: 'STATE_FENCED' }));
  expect(Buffer.from((await later)[0]![0]![1]).toString()).toBe('kept');
  expect(zombie.isFrozen).toBe(false);
});

test('a call in flight when the owner is killed is applied, but its answer is lost', async () => {
  const { state, open } = world();
  const owner = open(none);
  const task = await owner.ports.state.open('job', 'task');
  const commit = task.commit(epoch(0));
  owner.kill();
  await expect(commit).rejects.toBeInstanceOf(Crash);
  expect((await state.open('job', 'task')).meta?.epoch).toBe(0);
});

test('a frozen owner that is killed never continues: its waiting call is not sent', async () => {
  const { state, open } = world();
  const zombie = open(at(1, 'hang'));
  const task = await zombie.ports.state.open('job', 'task');
  const late = task.commit(epoch(0));
  zombie.kill();
  await expect(late).rejects.toBeInstanceOf(Crash);
  expect((await state.open('job', 'task')).meta).toBeUndefined();
});

test('the memberships of a dead owner can be made to expire', async () => {
  const { topics, open } = world();
  await topics.create({ name: 'in', partitions: 2 });
  const [dead, alive] = [open(none), open(none)];
  const lost = await dead.ports.topics.join('g', ['in']);
  lost.poll();
  await lost.answer();
  const heir = await alive.ports.topics.join('g', ['in']);
  dead.kill();
  expect(() => lost.poll()).toThrow(Crash);
  expect(heir.poll()).toBeUndefined();
  for (const membership of dead.memberships) topics.lose(membership);
  expect(heir.poll()).toMatchObject({ kind: 'assigned', partitions: { length: 2 } });
  expect(dead.steps).toEqual(['topics.join', 'topics.answer']);
});

test('errors of the port itself reach the caller', async () => {
  const { open } = world();
  await expect(open(none).ports.topics.range('missing', 0)).rejects.toEqual(
    expect.objectContaining({ code: 'TOPIC_MISSING' }),
  );
});

test('a random plan is the same for the same seed and keeps to its odds', () => {
  const roll = (seed: number, name: string) => {
    const plan = randomPlan(seed, { crash: 0.1, unknown: 0.2, hang: 0.1 });
    return Array.from({ length: 5_000 }, (_, number) => plan({ number, name }));
  };
  expect(roll(1, 'state.commit')).toEqual(roll(1, 'state.commit'));
  expect(roll(1, 'state.commit')).not.toEqual(roll(2, 'state.commit'));
  const share = (kind: string, name: string) => roll(3, name).filter((fault) => fault?.startsWith(kind)).length / 5_000;
  expect(share('crash', 'state.commit')).toBeCloseTo(0.1, 1);
  expect(share('unknown', 'state.commit')).toBeCloseTo(0.2, 1);
  expect(share('hang', 'state.commit')).toBeCloseTo(0.1, 1);
  expect(share('unknown', 'state.load')).toBe(0);
});
