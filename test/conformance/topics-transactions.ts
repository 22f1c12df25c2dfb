/** Transactions: all of it or nothing, one live producer per id, and a mark that tells how far delivery came. */
import { expect } from 'vitest';
import type { Transaction } from '../../topics/topics.ts';
import { drain, record, refused, type TopicsTest, texts } from './topics-steps.ts';

/** A transaction with what matters to a test; the rest is plain. */
export function transaction(fresh: (word: string) => string, rest: Partial<Transaction>): Transaction {
  const mark = { generation: 1, epoch: 0 };
  return { records: [], group: fresh('group'), offsets: [], task: fresh('task'), mark, ...rest };
}

export const transactionTests: Record<string, TopicsTest> = {
  async 'a transaction stores records of many partitions, offsets and the mark'(topics, fresh) {
    const [orders, alerts, input] = [fresh('orders'), fresh('alerts'), fresh('input')];
    for (const name of [orders, alerts, input]) await topics.create({ name, partitions: 2 });
    const producer = await topics.producer(fresh('producer'));
    const mark = { generation: 3, epoch: 17, note: '{"as it was":[1, "ü"]}' };
    const records = [record(orders, 0, 'a'), record(alerts, 1, 'b'), record(orders, 1, 'c'), record(orders, 0, 'd')];
    await producer.transact(
      transaction(fresh, { records, mark, offsets: [{ topic: input, partition: 1, offset: 0 }] }),
    );
    expect(await Promise.all([drain(topics, orders, 0), drain(topics, orders, 1), drain(topics, alerts, 1)])).toEqual([
      ['a', 'd'],
      ['c'],
      ['b'],
    ]);
    expect(await topics.mark(fresh('group'), fresh('task'))).toEqual(mark);
    const asked = [1, 0].map((partition) => ({ topic: input, partition }));
    expect(await topics.committed(fresh('group'), asked)).toEqual([0, undefined]);
    await producer.close();
  },
  async 'a transaction without records moves mark and offsets'(topics, fresh) {
    const input = fresh('input');
    await topics.create({ name: input, partitions: 1 });
    const producer = await topics.producer(fresh('producer'));
    for (const epoch of [0, 1, 2]) {
      const offsets = [{ topic: input, partition: 0, offset: epoch * 10 }];
      await producer.transact(transaction(fresh, { mark: { generation: 1, epoch }, offsets }));
    }
    expect(await topics.mark(fresh('group'), fresh('task'))).toEqual({ generation: 1, epoch: 2 });
    expect(await topics.committed(fresh('group'), [{ topic: input, partition: 0 }])).toEqual([20]);
    await producer.close();
  },
  async 'marks belong to one task of one group'(topics, fresh) {
    const input = fresh('input');
    await topics.create({ name: input, partitions: 2 });
    const producer = await topics.producer(fresh('producer'));
    const offsets = [{ topic: input, partition: 0, offset: 1 }];
    await producer.transact(transaction(fresh, { mark: { generation: 1, epoch: 5 }, offsets }));
    expect(await topics.mark(fresh('group'), fresh('other-task'))).toBeUndefined();
    expect(await topics.mark(fresh('other-group'), fresh('task'))).toBeUndefined();
    expect(await topics.committed(fresh('other-group'), [{ topic: input, partition: 0 }])).toEqual([undefined]);
    await producer.close();
  },
  async 'a transaction into a missing topic leaves nothing behind'(topics, fresh) {
    const orders = fresh('orders');
    await topics.create({ name: orders, partitions: 1 });
    const producer = await topics.producer(fresh('producer'));
    const records = [record(orders, 0, 'half'), record(fresh('missing'), 0, 'other half')];
    await expect(producer.transact(transaction(fresh, { records }))).rejects.toEqual(refused('TOPIC_MISSING'));
    expect(await drain(topics, orders)).toEqual([]);
    expect(await topics.mark(fresh('group'), fresh('task'))).toBeUndefined();
    await producer.close();
  },
  async 'opening a producer fences the older one of its id'(topics, fresh) {
    const orders = fresh('orders');
    await topics.create({ name: orders, partitions: 1 });
    const zombie = await topics.producer(fresh('producer'));
    const bystander = await topics.producer(fresh('bystander'));
    await zombie.transact(transaction(fresh, { records: [record(orders, 0, 'first')] }));
    const owner = await topics.producer(fresh('producer'));
    const late = transaction(fresh, { records: [record(orders, 0, 'late')], mark: { generation: 1, epoch: 9 } });
    await expect(zombie.transact(late)).rejects.toEqual(refused('PRODUCER_FENCED'));
    await expect(zombie.transact(late)).rejects.toEqual(refused('PRODUCER_FENCED'));
    await zombie.close();
    await owner.transact(transaction(fresh, { records: [record(orders, 0, 'second')] }));
    await bystander.transact(transaction(fresh, { records: [record(orders, 0, 'third')], task: fresh('another') }));
    expect(await drain(topics, orders)).toEqual(['first', 'second', 'third']);
    expect(await topics.mark(fresh('group'), fresh('task'))).toEqual({ generation: 1, epoch: 0 });
    await Promise.all([owner.close(), bystander.close()]);
  },
  async 'a mark waits for the transaction that is under way'(topics, fresh) {
    const orders = fresh('orders');
    await topics.create({ name: orders, partitions: 1 });
    const producer = await topics.producer(fresh('producer'));
    const records = texts(2_000).map((text) => record(orders, 0, text));
    const done = producer.transact(transaction(fresh, { records, mark: { generation: 1, epoch: 4 } }));
    const settled = await done.then(() => topics.mark(fresh('group'), fresh('task')));
    expect(settled).toEqual({ generation: 1, epoch: 4 });
    const next = producer.transact(transaction(fresh, { mark: { generation: 1, epoch: 5 } }));
    expect([4, 5]).toContain((await topics.mark(fresh('group'), fresh('task')))!.epoch);
    await next;
    expect((await topics.mark(fresh('group'), fresh('task')))!.epoch).toBe(5);
    await producer.close();
  },
  async 'a reader sees a transaction whole or not at all'(topics, fresh) {
    const orders = fresh('orders');
    await topics.create({ name: orders, partitions: 1 });
    const producer = await topics.producer(fresh('producer'));
    for (let epoch = 0; epoch < 10; epoch++) {
      const records = texts(50).map((text) => record(orders, 0, text));
      const done = producer.transact(transaction(fresh, { records, mark: { generation: 1, epoch } }));
      expect((await drain(topics, orders)).length % 50).toBe(0);
      await done;
    }
    expect(await drain(topics, orders)).toHaveLength(500);
    await producer.close();
  },
};
