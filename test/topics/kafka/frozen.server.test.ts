/** A broker that is frozen amid transactions, and producers that are given up before their calls are answered. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error a plain script without types
import { ensure, shortLived, startBroker } from '../../../scripts/kafka.mjs';
import { type Clock, systemClock } from '../../../time/clock.ts';
import { kafkaTopics } from '../../../topics/kafka/kafka.ts';
import type { Topics } from '../../../topics/topics.ts';
import { drain, record, refused } from '../../conformance/topics-steps.ts';
import { transaction } from '../../conformance/topics-transactions.ts';

interface Broker {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const foreign = process.env['KAFKA_URL'] !== undefined;
const title = `a frozen broker${foreign ? ' (skipped: that of KAFKA_URL is not ours to freeze)' : ''}`;

describe.skipIf(foreign)(title, () => {
  let dir: string;
  let broker: Broker;
  let topics: Topics;
  /** Without patience, every limit is reached at once, as it is for a process that was itself frozen. */
  let isPatient = true;
  const clock: Clock = {
    now: () => systemClock.now(),
    sleep: (ms, signal) => systemClock.sleep(isPatient ? ms : 0, signal),
  };

  beforeAll(async () => {
    await ensure();
    dir = mkdtempSync(join(tmpdir(), 'millrace-kafka-frozen-'));
    broker = (await startBroker({ dir, java: shortLived })) as Broker;
    topics = await kafkaTopics({ brokers: [broker.url], clock });
  }, 300_000);

  afterAll(async () => {
    await topics?.close();
    await broker?.stop();
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  test('as many producers as Node has threads are given up amid a call, and the next one works', async () => {
    const name = randomUUID().slice(0, 8);
    const fresh = (word: string) => `${word}-${name}`;
    await topics.create({ name, partitions: 2 });
    const offsets = [{ topic: name, partition: 0, offset: 0 }];
    const write = (partition: number, text: string) =>
      transaction(fresh, { records: [record(name, partition, text)], offsets });
    const producers = await Promise.all([1, 2, 3, 4].map((i) => topics.producer(fresh(`producer-${i}`))));
    for (const producer of producers) await producer.transact(write(0, 'before'));
    process.kill(broker.pid, 'SIGSTOP');
    isPatient = false;
    const doubts: unknown[] = [];
    for (const producer of producers) {
      const doubt = await producer.transact(write(0, 'amid')).catch((error: unknown) => error);
      expect(doubt).toEqual(refused('OUTCOME_UNKNOWN'));
      doubts.push(doubt);
    }
    isPatient = true;
    process.kill(broker.pid, 'SIGCONT');
    // One whose outcome is in doubt asks nothing of the broker any more: it could tear a transaction.
    for (const [i, producer] of producers.entries()) {
      await expect(producer.transact(write(0, 'again'))).rejects.toBe(doubts[i]);
    }
    const next = await topics.producer(fresh('producer-1'));
    await next.transact(write(1, 'after'));
    await next.close();
    for (const producer of producers) await producer.close();
    // In the other partition the coordinator may still wait for the end of what was left open.
    expect(await drain(topics, name, 1)).toEqual(['after']);
  });
});
