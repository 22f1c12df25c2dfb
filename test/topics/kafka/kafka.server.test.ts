import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../time/clock.ts';
import { Cluster } from '../../../topics/kafka/cluster.ts';
import type { KafkaMembership } from '../../../topics/kafka/group.ts';
import { type KafkaOptions, kafkaTopics } from '../../../topics/kafka/kafka.ts';
import { loadNative } from '../../../topics/kafka/native.ts';
import type { Api } from '../../../topics/kafka/protocol/api.ts';
import type { Membership, Topics } from '../../../topics/topics.ts';
import { topicsConformance } from '../../conformance/topics.ts';
import { drain, record, refused, texts } from '../../conformance/topics-steps.ts';
import { transaction } from '../../conformance/topics-transactions.ts';
import { printed, startChild } from '../../support/processes/child.ts';
import { removeMember } from '../../support/processes/kafka-lose.ts';
import { type KafkaServer, kafkaServer } from '../../support/servers/kafka.ts';

let server: KafkaServer;
beforeAll(async () => {
  server = await kafkaServer();
});
afterAll(() => server.stop());

topicsConformance('topics in Kafka', async () => {
  const brokers = [server.url];
  let open = await kafkaTopics({ brokers });
  return {
    topics: open,
    async reopen() {
      await open.close();
      open = await kafkaTopics({ brokers });
      return open;
    },
    async lose(membership) {
      await removeMember(server.url, membership as KafkaMembership);
      while (membership.poll()?.kind !== 'lost') await setImmediate();
    },
    close: () => open.close(),
  };
}, [
  {
    reason:
      'the client learns of the loss once the revocation is answered; what is stored until then is refused, below',
    tests: ['a member that is lost while it drains is told of the loss instead'],
  },
]);

describe('beyond what all topics promise', () => {
  let topics: Topics;
  let name: string;
  const plenty = { maxRecords: 10_000, maxBytes: 10_000_000 };
  const fresh = (word: string) => `${word}-${name}`;
  const opened = (rest: Partial<KafkaOptions> = {}) => kafkaTopics({ brokers: [server.url], ...rest });
  const child = (script: string, rest: object) =>
    startChild(
      join(import.meta.dirname, '../../support/processes', script),
      JSON.stringify({ url: server.url, ...rest }),
    );

  beforeEach(async () => {
    name = randomUUID().slice(0, 8);
    topics = await opened();
    await topics.create({ name, partitions: 2 });
  });
  afterEach(() => topics.close());

  /** Answers everything until the member owns `count` partitions. */
  async function owning(membership: Membership, count: number): Promise<void> {
    for (let owned = 0; owned < count; await setImmediate()) {
      const event = membership.poll();
      if (event === undefined) continue;
      owned += event.kind === 'assigned' ? event.partitions.length : -event.partitions.length;
      await membership.answer();
    }
  }

  test('an aborted transaction is never read, and its end is passed', async () => {
    const { Producer } = await loadNative();
    const producer = new Producer({ 'bootstrap.servers': server.url, 'transactional.id': name }, {});
    const step = (action: (done: (error: unknown) => void) => void) => promisify(action)();
    await step((done) => producer.connect({}, done));
    await step((done) => producer.initTransactions(10_000, done));
    for (const round of [0, 1, 2]) {
      await topics.append([record(name, 0, `before ${round}`)]);
      await step((done) => producer.beginTransaction(done));
      for (let i = 0; i < 50; i++) producer.produce(name, 0, Buffer.from('aborted'), null, 1, undefined, undefined);
      await step((done) => producer.flush(10_000, done));
      await topics.append([record(name, 0, `amid ${round}`)]);
      await step((done) => producer.abortTransaction(10_000, done));
    }
    await topics.append([record(name, 0, 'last')]);
    const expected = [0, 1, 2].flatMap((round) => [`before ${round}`, `amid ${round}`]);
    expect(await drain(topics, name)).toEqual([...expected, 'last']);
    await promisify((done: () => void) => producer.disconnect(1_000, done))();
  });

  test('the transaction of a killed producer is invisible, and its successor settles it', async () => {
    const orphan = child('kafka-orphan.ts', { topic: name, id: name });
    await printed(orphan, 100);
    orphan.kill('SIGKILL');
    await once(orphan, 'exit');
    expect(await topics.range(name, 0)).toEqual({ begin: 0, end: 0 });
    expect(await topics.fetch({ topic: name, partition: 0 }, 0, plenty)).toBeUndefined();
    const successor = await topics.producer(name);
    await successor.transact(transaction(fresh, { records: [record(name, 0, 'successor')] }));
    expect(await drain(topics, name)).toEqual(['successor']);
    expect((await topics.range(name, 0)).end).toBe(103);
    await successor.close();
  });

  test('a member that was stopped loses its partitions, is told so, and comes back', async () => {
    const group = fresh('group');
    const stopped = child('kafka-member.ts', { topic: name, group });
    await printed(stopped, 2);
    stopped.kill('SIGSTOP');
    const membership = await topics.join(group, [name]);
    await owning(membership, 2);
    stopped.kill('SIGCONT');
    expect(await printed(stopped, 1_000)).toBeGreaterThanOrEqual(1_000);
    // Listens before it leaves, since the other member may have both partitions by the time that leaving returns.
    const again = printed(stopped, 2);
    await membership.leave();
    expect(await again).toBe(2);
    stopped.kill('SIGKILL');
    await once(stopped, 'exit');
  });

  test("a transaction in the name of a member moves the group's offsets and mark", async () => {
    const group = fresh('group');
    const membership = await topics.join(group, [name]);
    await owning(membership, 2);
    const producer = await topics.producer(name);
    const offsets = [1, 0].map((partition) => ({ topic: name, partition, offset: 7 + partition }));
    await producer.transact(transaction(fresh, { offsets, mark: { generation: 2, epoch: 3 } }));
    expect(await topics.committed(group, offsets)).toEqual([8, 7]);
    expect(await topics.mark(group, fresh('task'))).toEqual({ generation: 2, epoch: 3 });
    await producer.close();
    await membership.leave();
  });

  test('a member that is lost while it drains can store nothing, and is told once it has answered', async () => {
    const group = fresh('group');
    const first = await topics.join(group, [name]);
    await owning(first, 2);
    const second = await topics.join(group, [name]);
    while (first.poll()?.kind !== 'revoked') await setImmediate();
    await removeMember(server.url, first as KafkaMembership);
    const producer = await topics.producer(name);
    const offsets = [{ topic: name, partition: 0, offset: 9 }];
    const late = transaction(fresh, { records: [record(name, 0, 'late')], offsets });
    await expect(producer.transact(late)).rejects.toEqual(refused('GROUP_LOST'));
    await first.answer();
    while (first.poll()?.kind !== 'lost') await setImmediate();
    await expect(producer.transact(late)).rejects.toEqual(refused('GROUP_LOST'));
    expect(await drain(topics, name)).toEqual([]);
    expect(await topics.committed(group, offsets)).toEqual([undefined]);
    await Promise.all([first.leave(), second.leave(), producer.close()]);
  });

  test('a broker that is killed amid reading delays it; nothing is lost or doubled', async ({ skip }) => {
    if (server.restart === undefined) skip('the broker is not ours to kill');
    // More than is read ahead, so that half of it must be fetched after the kill.
    const all = texts(20_000, 'x'.repeat(1_000));
    await topics.append(all.map((text) => record(name, 0, text)));
    const found: (string | null)[] = [];
    let restarted: Promise<void> | undefined;
    for (let at = 0; ; ) {
      const batch = await topics.fetch({ topic: name, partition: 0 }, at, { maxRecords: 500, maxBytes: 1_000_000 });
      if (batch === undefined) break;
      for (let i = 0; i < batch.length; i++) {
        found.push(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i]));
      }
      at = batch.nextOffset;
      if (at >= 10_000) restarted ??= server.restart!();
    }
    await restarted;
    await topics.append([record(name, 0, 'after')]);
    expect([...found, ...(await drain(topics, name, 0, found.length))]).toEqual([...all, 'after']);
  });

  test('a position that retention has passed is a coded stop', async () => {
    const short = fresh('short');
    await topics.create({ name: short, partitions: 1, retentionMs: 1_000 });
    await topics.append(texts(100).map((text) => record(short, 0, text)));
    while ((await topics.range(short, 0)).begin === 0) await setImmediate();
    const stop = topics.fetch({ topic: short, partition: 0 }, 0, plenty);
    await expect(stop).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', detail: { offset: 0, begin: 100 } });
  });

  test('a topic that is made again amid reading is a coded stop', async () => {
    await topics.append([record(name, 0, 'of the first')]);
    expect(await drain(topics, name)).toEqual(['of the first']);
    await deleteTopic(server.url, name);
    await topics.create({ name, partitions: 2 });
    await expect(drain(topics, name, 0, 1)).rejects.toEqual(refused('TOPIC_REMADE'));
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('what was written with %s is read', async (codec) => {
    const writer = await opened({ compression: codec });
    const all = texts(3_000, 'a value that compresses well, as values of logs do');
    await writer.append(all.map((text) => record(name, 1, text)));
    await writer.append([record(name, 1, 'x'.repeat(500_000))]);
    expect(await drain(topics, name, 1)).toEqual([...all, 'x'.repeat(500_000)]);
    await writer.close();
  });

  test('a record too large for the topic is refused, with nothing of its transaction', async () => {
    const producer = await topics.producer(name);
    const records = [record(name, 0, 'small'), record(name, 0, 'x'.repeat(2_000_000))];
    await expect(producer.transact(transaction(fresh, { records }))).rejects.toEqual(refused('TOPIC_APPEND_REFUSED'));
    await producer.transact(transaction(fresh, { records: [record(name, 0, 'next')] }));
    expect(await drain(topics, name)).toEqual(['next']);
    await producer.close();
  });

  test('where nothing listens, a coded error within the time limit', async () => {
    const nowhere = kafkaTopics({ brokers: ['127.0.0.1:1'], timeoutMs: 300 });
    await expect(nowhere).rejects.toEqual(refused('KAFKA_UNREACHABLE'));
  });
});

/** Deletes a topic; Millrace itself never does. */
async function deleteTopic(url: string, topic: string): Promise<void> {
  const deleteTopics: Api<{ readonly topic: string }, { readonly error: number }> = {
    key: 20,
    name: 'DeleteTopics',
    versions: [6, 6],
    write: (to, request) => to.unsigned(2).string(request.topic).uuid('0'.repeat(32)).tags().int32(10_000).tags(),
    read(from) {
      from.int32();
      return from.array(() => {
        from.string();
        from.uuid();
        return { error: from.int16() };
      })[0]!;
    },
  };
  const settings = { clientId: 'test', timeoutMs: 10_000, readAheadBytes: 0, compression: 'none', clock: systemClock };
  const cluster = new Cluster({ ...settings, compression: 'none', brokers: [url] });
  const ask = async () => (await cluster.controller()).request(deleteTopics, { topic });
  await cluster.refresh([]);
  await cluster.persist('deleting', [], ask);
  while ((await cluster.topic(topic)) !== undefined) await setImmediate();
  await cluster.close();
}
