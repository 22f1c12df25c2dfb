import { expect, test } from 'vitest';
import { memoryState } from '../../state/memory.ts';
import { stateConformance } from '../conformance/state.ts';
import { epoch, loaded, put, value } from '../conformance/state-steps.ts';

stateConformance('state in memory', async () => ({ state: memoryState(), close: async () => {} }), [
  { reason: 'memory keeps nothing', tests: ['what was confirmed is there after reopening'] },
]);

test('a store that lost a take-over is detected by the fence that the process knows', async () => {
  const store = memoryState({ undoable: 5 });
  await (await store.open('job', 't')).commit(epoch(0));
  const owner = await store.open('job', 't');
  await owner.commit(epoch(1));
  store.loseTail('job', 't', 2);
  await expect(store.open('job', 't', owner.fence)).rejects.toEqual(
    expect.objectContaining({ code: 'STATE_LOST_WRITES' }),
  );
});

test('a store that lost commits refuses the next one of the same owner', async () => {
  const store = memoryState({ undoable: 5 });
  const owner = await store.open('job', 't');
  await owner.commit(epoch(0, { deltas: [put(value, 'a', '1'), put(value, 'b', '1')] }));
  await owner.commit(epoch(1, { deltas: [put(value, 'a', '2'), put(value, 'b', null), put(value, 'c', '1')] }));
  store.loseTail('job', 't', 1);
  await expect(owner.commit(epoch(2))).rejects.toEqual(expect.objectContaining({ code: 'STATE_EPOCH_GAP' }));
  expect(await loaded(owner, value, ['a', 'b', 'c'])).toEqual([[['', '1']], [['', '1']], []]);
});

test('lost drops and acknowledgements come back', async () => {
  const store = memoryState({ undoable: 5 });
  const owner = await store.open('job', 't');
  const outbox = [{ lane: 'a', seq: 1, epoch: 0, payload: Buffer.from('x') }];
  await owner.commit(epoch(0, { deltas: [put(value, 'a', '1')], outbox }));
  await owner.acknowledge('a', 1);
  await owner.drop([value]);
  store.loseTail('job', 't', 2);
  expect(await loaded(owner, value, ['a'])).toEqual([[['', '1']]]);
  expect(await owner.outbox()).toHaveLength(1);
});
