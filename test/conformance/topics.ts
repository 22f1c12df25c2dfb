/** What every Topics promises, whatever carries them. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Topics } from '../../topics/topics.ts';
import { type Skip, suite } from './suite.ts';
import { groupTests } from './topics-groups.ts';
import {
  drain,
  plenty,
  record,
  refused,
  type TopicsTest,
  type TopicsUnderTest,
  texts,
  values,
} from './topics-steps.ts';
import { transaction, transactionTests } from './topics-transactions.ts';

/** Runs the suite; `make` gives topics whose existing ones, if any, are not in the way. */
export function topicsConformance(
  name: string,
  make: () => Promise<TopicsUnderTest>,
  skips: readonly Skip[] = [],
): void {
  const using = (run: TopicsTest) => async () => {
    const under = await make();
    const run1 = randomUUID().slice(0, 8);
    try {
      await run(under.topics, (word) => `${word}-${run1}`, under);
    } finally {
      await under.close();
    }
  };
  const tests = { ...existence, ...log, ...transactionTests, ...groupTests };
  suite(name, Object.fromEntries(Object.entries(tests).map(([title, run]) => [title, using(run)])), skips);
}

/** The topic's oldest offset in partition 0; a broker may not begin at 0. */
async function offsets(topics: Topics, topic: string): Promise<readonly number[]> {
  const { begin } = await topics.range(topic, 0);
  return [...(await topics.fetch({ topic, partition: 0 }, begin, plenty))!.offsets];
}

const existence: Record<string, TopicsTest> = {
  async 'a topic is described once it is created'(topics, fresh) {
    const name = fresh('orders');
    expect(await topics.describe(name)).toBeUndefined();
    await topics.create({ name, partitions: 3 });
    expect(await topics.describe(name)).toEqual({ name, partitions: 3, id: expect.stringMatching(/./) });
  },
  async 'creating a topic again does nothing'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 2 });
    const { id } = (await topics.describe(name))!;
    await topics.append([record(name, 1, 'kept')]);
    await topics.create({ name, partitions: 2 });
    expect((await topics.describe(name))!.id).toBe(id);
    expect(await drain(topics, name, 1)).toEqual(['kept']);
  },
  async 'creating it with other partitions is refused'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 2 });
    await expect(topics.create({ name, partitions: 3 })).rejects.toEqual(refused('TOPIC_PARTITIONS_CHANGED'));
    expect((await topics.describe(name))!.partitions).toBe(2);
  },
  async 'a missing topic is an error everywhere'(topics, fresh) {
    const name = fresh('missing');
    const missing = refused('TOPIC_MISSING');
    await expect(topics.range(name, 0)).rejects.toEqual(missing);
    await expect(topics.fetch({ topic: name, partition: 0 }, 0, plenty)).rejects.toEqual(missing);
    await expect(topics.append([record(name, 0, 'x')])).rejects.toEqual(missing);
    await expect(topics.join(fresh('group'), [name])).rejects.toEqual(missing);
  },
  async 'topics survive reopening, with marks and offsets'(topics, fresh, { reopen }) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 2 });
    const { id } = (await topics.describe(name))!;
    const producer = await topics.producer(fresh('producer'));
    await producer.transact(transaction(fresh, { records: texts(5).map((text) => record(name, 1, text)) }));
    await topics.trim(name, 1, 2);
    const again = await reopen!();
    expect(await again.describe(name)).toEqual({ name, id, partitions: 2 });
    expect(await drain(again, name, 1, 2)).toEqual(texts(5).slice(2));
    expect((await again.range(name, 1)).begin).toBe(2);
    expect(await again.mark(fresh('group'), fresh('task'))).toEqual({ generation: 1, epoch: 0 });
    await again.append([record(name, 1, 'more')]);
    expect(await drain(again, name, 1, 2)).toEqual([...texts(5).slice(2), 'more']);
  },
};

const log: Record<string, TopicsTest> = {
  async 'records of a partition keep their order, over appends and fetches'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 2 });
    const all = texts(1_000);
    for (let i = 0; i < all.length; i += 100) {
      const some = all.slice(i, i + 100);
      await topics.append(some.flatMap((text) => [record(name, 0, text), record(name, 1, `other ${text}`)]));
    }
    expect(await drain(topics, name, 0)).toEqual(all);
    expect(await drain(topics, name, 0, 0, { ...plenty, maxRecords: 7 })).toEqual(all);
    expect(await drain(topics, name, 1, 0, { ...plenty, maxBytes: 100 })).toEqual(all.map((text) => `other ${text}`));
  },
  async 'offsets grow, and any of them can be read from'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 1 });
    for (const text of texts(30)) await topics.append([record(name, 0, text)]);
    const all = await offsets(topics, name);
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
    expect((await topics.range(name, 0)).end).toBeGreaterThan(all.at(-1)!);
    for (const [i, offset] of all.entries()) {
      const batch = (await topics.fetch({ topic: name, partition: 0 }, offset, { ...plenty, maxRecords: 2 }))!;
      expect(values(batch)).toEqual(texts(30).slice(i, i + 2));
      expect(batch.offsets[0]).toBe(offset);
    }
  },
  async 'a fetch keeps to its limits, but gives at least one record'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 1 });
    const big = 'x'.repeat(1_000);
    await topics.append([record(name, 0, big), record(name, 0, big), record(name, 0, 'small'), record(name, 0, big)]);
    await topics.append([record(name, 0, 'small')]);
    const sizes = async (offset: number, maxRecords: number, maxBytes: number) =>
      (await topics.fetch({ topic: name, partition: 0 }, offset, { maxRecords, maxBytes }))!.length;
    expect(await sizes(0, 1, 1_000_000)).toBe(1);
    expect(await sizes(0, 3, 1_000_000)).toBe(3);
    expect(await sizes(0, 10, 10)).toBe(1);
    expect(await sizes(0, 10, 2_000)).toBeLessThanOrEqual(2);
    expect(await sizes(2, 10, 600)).toBe(1);
    expect(await drain(topics, name, 0, 0, { maxRecords: 10, maxBytes: 1 })).toHaveLength(5);
  },
  async 'the end of a partition is undefined, and beyond it an error'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 1 });
    expect(
      await topics.fetch({ topic: name, partition: 0 }, (await topics.range(name, 0)).end, plenty),
    ).toBeUndefined();
    await topics.append([record(name, 0, 'x')]);
    const { end } = await topics.range(name, 0);
    expect(await topics.fetch({ topic: name, partition: 0 }, end, plenty)).toBeUndefined();
    await expect(topics.fetch({ topic: name, partition: 0 }, end + 1, plenty)).rejects.toEqual(
      refused('OFFSET_OUT_OF_RANGE'),
    );
  },
  async 'trimmed records are out of range, the others keep their offsets'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 1 });
    await topics.append(texts(10).map((text) => record(name, 0, text)));
    await topics.append(texts(10, 'later').map((text) => record(name, 0, text)));
    const all = await offsets(topics, name);
    const { end } = await topics.range(name, 0);
    await topics.trim(name, 0, all[13]!);
    await topics.trim(name, 0, all[2]!);
    expect(await topics.range(name, 0)).toEqual({ begin: all[13], end });
    await expect(topics.fetch({ topic: name, partition: 0 }, all[12]!, plenty)).rejects.toEqual(
      refused('OFFSET_OUT_OF_RANGE'),
    );
    expect(await drain(topics, name, 0, all[13])).toEqual(texts(10, 'later').slice(3));
    await topics.trim(name, 0, end);
    expect(await topics.range(name, 0)).toEqual({ begin: end, end });
    await topics.append([record(name, 0, 'new')]);
    expect(await drain(topics, name, 0, end)).toEqual(['new']);
  },
  async 'keys, timestamps, tombstones, empty values and headers'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 1 });
    const bytes = Buffer.from([0, 255, 128, 10]);
    await topics.append([
      record(name, 0, 'plain', { timestamp: 1_700_000_000_123 }),
      record(name, 0, null, { key: Buffer.from('k'), timestamp: 5 }),
      record(name, 0, '', { key: Buffer.alloc(0), headers: { trace: 'abc', ü: '' } }),
      record(name, 0, null),
      { ...record(name, 0, null), value: bytes, key: bytes },
    ]);
    const batch = (await topics.fetch({ topic: name, partition: 0 }, 0, plenty))!;
    expect(values(batch).slice(0, 4)).toEqual(['plain', null, '', null]);
    expect([...batch.bytes.subarray(batch.starts[4], batch.ends[4])]).toEqual([...bytes]);
    expect([...batch.timestamps]).toEqual([1_700_000_000_123, 5, 1_000, 1_000, 1_000]);
    expect(batch.keys!.map((key) => key && [...key])).toEqual([null, [107], [], null, [...bytes]]);
  },
  async 'a batch without any key has none'(topics, fresh) {
    const name = fresh('orders');
    await topics.create({ name, partitions: 1 });
    await topics.append([record(name, 0, 'a'), record(name, 0, 'b')]);
    expect((await topics.fetch({ topic: name, partition: 0 }, 0, plenty))!.keys).toBeUndefined();
    await topics.append([record(name, 0, 'c', { key: Buffer.from('k') })]);
    const keys = (await topics.fetch({ topic: name, partition: 0 }, 0, plenty))!.keys!;
    expect(keys.map((key) => key && Buffer.from(key).toString())).toEqual([null, null, 'k']);
  },
};
