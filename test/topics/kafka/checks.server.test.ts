import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
// @ts-expect-error a plain script without types
import { ensure, shortLived, startBroker } from '../../../scripts/kafka.mjs';
import { systemClock } from '../../../time/clock.ts';
import { createTopic } from '../../../topics/kafka/admin.ts';
import { brokerFindings, inspect, ofLogin } from '../../../topics/kafka/checks.ts';
import { Cluster } from '../../../topics/kafka/cluster.ts';

interface Broker {
  readonly url: string;
  stop(): Promise<void>;
}

const dir = mkdtempSync(join(tmpdir(), 'millrace-kafka-checks-'));
let broker: Broker | undefined;
afterAll(async () => {
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The broker of these tests with these settings; its data stay. */
async function started(settings: Readonly<Record<string, string | number>>): Promise<Cluster> {
  await broker?.stop();
  broker = (await startBroker({ dir, settings, java: shortLived })) as Broker;
  const cluster = new Cluster({
    brokers: [broker.url],
    clientId: 'test',
    timeoutMs: 20_000,
    readAheadBytes: 1 << 20,
    compression: 'none',
    clock: systemClock,
  });
  onTestFinished(() => cluster.close());
  await cluster.refresh([]);
  return cluster;
}

const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

test('transactions kept by one broker only matter where there are several', () => {
  const settings = new Map([
    ['transaction.state.log.replication.factor', '3'],
    ['transaction.state.log.min.isr', '1'],
  ]);
  expect(brokerFindings(settings, 1)).toEqual([]);
  const [found, ...others] = brokerFindings(settings, 3);
  expect(others).toEqual([]);
  expect(found?.code).toBe('KAFKA_TRANSACTIONS_UNREPLICATED');
  expect(found?.text).toContain('transaction.state.log.min.isr is 1');
});

test('a password that goes over a network as it is is told, and only then', () => {
  const sasl = { mechanism: 'plain', username: 'ada', password: 'secret' } as const;
  const brokers = ['127.0.0.1', 'kafka.example'].map((host) => ({ host }));
  const [found, ...others] = ofLogin({ sasl }, brokers);
  expect([found?.code, others]).toEqual(['KAFKA_PASSWORD_CLEAR', []]);
  expect(found?.text).toContain("user 'ada' goes to kafka.example");
  expect(found?.text).not.toContain('secret');
  for (const host of ['127.0.0.1', 'localhost', '::1']) expect(ofLogin({ sasl }, [{ host }])).toEqual([]);
  expect(codes(ofLogin({ sasl }, [{ host: '127.example' }]))).toEqual(['KAFKA_PASSWORD_CLEAR']);
  expect(ofLogin({ sasl, tls: true }, brokers)).toEqual([]);
  expect(ofLogin({ sasl: { ...sasl, mechanism: 'scram-sha-256' } }, brokers)).toEqual([]);
  expect(ofLogin({}, brokers)).toEqual([]);
});

describe('a cluster is inspected', () => {
  beforeAll(() => ensure());

  test('and one that suits is passed with how long a take-over lasts', async () => {
    const cluster = await started({
      'group.consumer.heartbeat.interval.ms': 1_000,
      'offsets.retention.minutes': 43_200,
    });
    await createTopic(cluster, { name: 'kept', partitions: 1 });
    expect(await inspect(cluster, ['kept'])).toEqual({ findings: [], takeOver: 6_000 });
    await expect(inspect(cluster, ['none'])).rejects.toEqual(expect.objectContaining({ code: 'TOPIC_MISSING' }));
  });

  test('and told what it forgets, what it delays and what it refuses', async () => {
    const cluster = await started({
      'group.consumer.min.session.timeout.ms': 45_000,
      'group.consumer.session.timeout.ms': 45_000,
      'group.consumer.max.session.timeout.ms': 60_000,
      'group.consumer.min.heartbeat.interval.ms': 5_000,
      'group.consumer.heartbeat.interval.ms': 5_000,
      'offsets.retention.minutes': 10_080,
      'message.max.bytes': 500_000,
      'auto.create.topics.enable': 'true',
    });
    await createTopic(cluster, { name: 'short', partitions: 1, retentionMs: 3_600_000 });
    await createTopic(cluster, { name: 'table', partitions: 1, compact: true });
    const { findings, takeOver } = await inspect(cluster, ['kept', 'short', 'table']);
    expect(takeOver).toBe(45_000);
    const texts = Object.fromEntries(findings.map(({ code, text }) => [code, text]));
    expect(codes(findings)).toEqual([
      'KAFKA_TAKE_OVER_SLOW',
      'KAFKA_HEARTBEAT_SLOW',
      'KAFKA_FORGETS_MARKS',
      'KAFKA_RECORDS_SMALL',
      'KAFKA_CREATES_TOPICS',
      'KAFKA_INPUT_SHORT',
      'KAFKA_INPUT_COMPACTED',
    ]);
    expect(texts['KAFKA_TAKE_OVER_SLOW']).toContain('lasts 45 s');
    expect(texts['KAFKA_TAKE_OVER_SLOW']).toContain('group.consumer.min.session.timeout.ms (45000)');
    expect(texts['KAFKA_HEARTBEAT_SLOW']).toContain('group.consumer.min.heartbeat.interval.ms (5000)');
    expect(texts['KAFKA_FORGETS_MARKS']).toContain('7 days');
    expect(texts['KAFKA_RECORDS_SMALL']).toContain('500000 bytes');
    expect(texts['KAFKA_INPUT_SHORT']).toContain("'short' keeps records for 1 h");
  });

  test('and refused if it has no groups of the new protocol', async () => {
    const cluster = await started({ 'group.coordinator.rebalance.protocols': 'classic' });
    await expect(inspect(cluster)).rejects.toEqual(expect.objectContaining({ code: 'KAFKA_UNSUPPORTED' }));
  });
});
