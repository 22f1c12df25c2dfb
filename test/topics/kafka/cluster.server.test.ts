/** Three real brokers, of which one is killed while all are used. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasCode } from '../../../errors.ts';
// @ts-expect-error a plain script without types
import { ensure, startBrokers } from '../../../scripts/kafka.mjs';
import { systemClock } from '../../../time/clock.ts';
import { Cluster } from '../../../topics/kafka/cluster.ts';
import { kafkaTopics } from '../../../topics/kafka/kafka.ts';
import { createTopics } from '../../../topics/kafka/protocol/admin.ts';
import { findCoordinator } from '../../../topics/kafka/protocol/coordinators.ts';
import { metadata } from '../../../topics/kafka/protocol/metadata.ts';
import type { Producer, TopicRecord, Topics } from '../../../topics/topics.ts';
import { drain, record, texts, values } from '../../conformance/topics-steps.ts';
import { transaction } from '../../conformance/topics-transactions.ts';

interface Broker {
  readonly url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const foreign = process.env['KAFKA_URL'] !== undefined;
const title = `several brokers${foreign ? ' (skipped: those of KAFKA_URL are not ours to kill)' : ''}`;
const plenty = { maxRecords: 10_000, maxBytes: 10_000_000 };
const three = [0, 1, 2];

describe.skipIf(foreign)(title, () => {
  let dir: string;
  let brokers: Broker[];
  let start: (id: number) => Promise<Broker>;
  let cluster: Cluster;
  let topics: Topics;

  beforeAll(async () => {
    await ensure();
    dir = mkdtempSync(join(tmpdir(), 'millrace-kafka-cluster-'));
    ({ brokers, start } = (await startBrokers({ dir })) as { brokers: Broker[]; start: typeof start });
    const settings = { clientId: 'test', timeoutMs: 30_000, readAheadBytes: 0, clock: systemClock } as const;
    cluster = new Cluster({ ...settings, compression: 'none', brokers: brokers.map(({ url }) => url) });
    await cluster.refresh([]);
    topics = await opened();
    await allJoined();
  }, 300_000);

  afterAll(async () => {
    await topics?.close();
    await cluster?.close();
    // A broker that leaves in good order waits for the others.
    await Promise.all((brokers ?? []).map((broker) => broker.kill()));
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  const opened = () => kafkaTopics({ brokers: brokers.map(({ url }) => url) });

  async function allJoined(): Promise<void> {
    const count = async () => (await (await cluster.controller()).request(metadata, { topics: [] })).brokers.length;
    while ((await count()) < brokers.length) await setTimeout(100);
  }

  /** A topic whose partitions live on one broker each: no other could answer for it. */
  async function createUnreplicated(name: string): Promise<void> {
    const request = {
      name,
      partitions: 3,
      replicas: 1,
      configs: { 'min.insync.replicas': '1', 'retention.ms': '-1' },
      timeoutMs: 10_000,
    };
    await cluster.persist('creating', [], async () => (await cluster.controller()).request(createTopics, request));
    const leaders = async () => new Set((await cluster.topic(name))?.partitions.map(({ leader }) => leader));
    while ((await leaders()).size < 3) await setTimeout(10);
  }

  /** Kills broker `id` at once, and gives the way to start it again. */
  async function killed(id: number): Promise<() => Promise<void>> {
    await brokers[id - 1]!.kill();
    return async () => {
      brokers[id - 1] = await start(id);
      await allJoined();
    };
  }

  test('partitions are read from the brokers that lead them', async () => {
    await createUnreplicated('apart');
    await topics.append(three.flatMap((p) => texts(50).map((text) => record('apart', p, `${p}-${text}`))));
    for (const p of three) expect(await drain(topics, 'apart', p)).toEqual(texts(50).map((text) => `${p}-${text}`));
  });

  test('killed brokers cost no record and double none, and the writer goes on', async () => {
    const name = 'replicated';
    await topics.create({ name, partitions: 3 });
    const writer = new Writer(topics, name, (epoch) =>
      three.flatMap((p) => texts(20, `${epoch}`).map((text) => record(name, p, text))),
    );
    const read = async (partition: number) => {
      const found: (string | null)[] = [];
      for (let at = 0; !writer.isDone || found.length < writer.epoch * 20; ) {
        const batch = await topics.fetch({ topic: name, partition }, at, plenty);
        if (batch === undefined) continue;
        found.push(...values(batch));
        at = batch.nextOffset;
      }
      return found;
    };
    const victims = [
      async () => (await cluster.leader(name, 0, true)).broker,
      async () => {
        const { port } = await (await cluster.controller()).request(findCoordinator, { kind: 'transaction', name });
        return brokers.findIndex(({ url }) => url.endsWith(`:${port}`)) + 1;
      },
    ];
    const disturb = async () => {
      for (const victim of victims) {
        await writer.epochs(10);
        const again = await killed(await victim());
        await writer.epochs(10);
        await again();
      }
      await writer.epochs(10);
      writer.isEnough = true;
    };
    const [found] = await Promise.all([Promise.all(three.map(read)), writer.run(), disturb()]);
    const all = Array.from({ length: writer.epoch }, (_, epoch) => texts(20, `${epoch}`)).flat();
    expect(found).toEqual(three.map(() => all));
    for (const p of three) expect(await drain(topics, name, p)).toEqual(all);
  }, 180_000);

  test('a partition without a leader holds up none of the others', async () => {
    await createUnreplicated('led');
    await topics.append(three.map((p) => record('led', p, `of ${p}`)));
    const { broker } = await cluster.leader('led', 0);
    const again = await killed(broker);
    while ((await cluster.topic('led'))!.partitions.find((p) => p.partition === 0)!.leader >= 0) await setTimeout(100);
    const late = await opened();
    const orphan = late.fetch({ topic: 'led', partition: 0 }, 0, plenty);
    let answered = false;
    void orphan.finally(() => (answered = true)).catch(() => undefined);
    expect(await Promise.all([drain(late, 'led', 1), drain(late, 'led', 2)])).toEqual([['of 1'], ['of 2']]);
    expect(answered).toBe(false);
    await again();
    expect(values((await orphan)!)).toEqual(['of 0']);
    await late.close();
  }, 180_000);
});

/**
 * Writes epoch after epoch, each in a transaction. A producer in doubt is thrown away, and its successor with the same
 * id learns from the mark whether the epoch is there.
 */
class Writer {
  /** How many epochs are known to be committed. */
  epoch = 0;
  isEnough = false;
  isDone = false;
  readonly #topics: Topics;
  readonly #id: string;
  readonly #recordsOf: (epoch: number) => TopicRecord[];

  constructor(topics: Topics, id: string, recordsOf: (epoch: number) => TopicRecord[]) {
    this.#topics = topics;
    this.#id = id;
    this.#recordsOf = recordsOf;
  }

  /** Resolves when so many more are committed. */
  async epochs(count: number): Promise<void> {
    for (const until = this.epoch + count; this.epoch < until; ) await setTimeout(10);
  }

  async run(): Promise<void> {
    const fresh = (word: string) => `${word}-${this.#id}`;
    let producer: Producer | undefined;
    while (!this.isEnough) {
      try {
        if (producer === undefined) {
          producer = await this.#topics.producer(this.#id);
          this.epoch = ((await this.#topics.mark(fresh('group'), fresh('task')))?.epoch ?? -1) + 1;
        }
        const { epoch } = this;
        const offsets = [{ topic: this.#id, partition: 0, offset: epoch }];
        const records = this.#recordsOf(epoch);
        await producer.transact(transaction(fresh, { records, offsets, mark: { generation: 1, epoch } }));
        this.epoch++;
      } catch (error) {
        if (!hasCode(error, 'OUTCOME_UNKNOWN') && !hasCode(error, 'KAFKA_UNREACHABLE')) throw error;
        await producer?.close();
        producer = undefined;
      }
    }
    await producer?.close();
    this.isDone = true;
  }
}
