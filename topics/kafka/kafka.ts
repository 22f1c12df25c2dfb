/**
 * Topics of a Kafka cluster, 4.0 or newer. librdkafka keeps the membership of groups and writes; reading speaks Kafka's
 * protocol itself, because the client's object per record costs more than most jobs do with it.
 *
 * Topics whose offsets matter must keep what a job has not read yet: a position that retention has passed is a coded
 * stop. Groups should notice a dead member soon: `group.consumer.session.timeout.ms` is 45 s by default.
 */
import { systemClock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import type { Topics } from '../topics.ts';
import { createTopic, describeTopic, mostBytesOf, trimPartition } from './admin.ts';
import { Appender } from './appender.ts';
import { type Inspection, inspect } from './checks.ts';
import { Cluster } from './cluster.ts';
import { Fetcher } from './fetcher.ts';
import { GroupHandles } from './group-handles.ts';
import { readCommitted, readMark } from './marks.ts';
import type { KafkaOptions } from './options.ts';
import { KafkaProducer } from './producer.ts';
import { rangeOf } from './range.ts';
import { checkTls } from './tls.ts';

export type { KafkaOptions, Sasl, Tls } from './options.ts';

/** Looks at the settings of a cluster and of a job's inputs. Errors: those of connecting. */
export async function inspectKafka(options: KafkaOptions, inputs: readonly string[]): Promise<Inspection> {
  const cluster = clusterOf(options);
  try {
    await cluster.refresh([]);
    return await inspect(cluster, inputs);
  } finally {
    await cluster.close();
  }
}

/**
 * Connects. Errors: KAFKA_UNREACHABLE, KAFKA_REFUSED for a login in vain, KAFKA_UNTRUSTED for a broker that can't show
 * who it is, KAFKA_UNSUPPORTED, OPTION_INVALID for certificates and keys that can't be used.
 */
export async function kafkaTopics(options: KafkaOptions): Promise<Topics> {
  const cluster = clusterOf(options);
  const fetcher = new Fetcher(cluster);
  const appender = new Appender(cluster);
  const handles = new GroupHandles(cluster);
  const producers = new Set<KafkaProducer>();
  await cluster.refresh([]);
  return {
    create: (spec) => createTopic(cluster, spec),
    describe: (topic) => describeTopic(cluster, topic),
    mostBytes: (topic) => mostBytesOf(cluster, topic),
    range: (topic, partition) => rangeOf(cluster, { topic, partition }),
    fetch: (from, offset, limit) => fetcher.fetch(from, offset, limit),
    append: (records) => appender.append(records),
    trim: (topic, partition, before) => trimPartition(cluster, { topic, partition }, before),
    join: (group, topics) => handles.join(group, topics, (gone) => fetcher.forget(gone)),
    async producer(id) {
      const producer = await KafkaProducer.open({ cluster, handles, id, onClose: () => producers.delete(producer) });
      producers.add(producer);
      return producer;
    },
    mark: (group, task) => readMark(cluster, group, task),
    committed: (group, partitions) => readCommitted(cluster, group, partitions),
    async close() {
      fetcher.close();
      // A producer that was not closed would keep the process alive.
      await Promise.all([appender.close(), ...[...producers].map((producer) => producer.close())]);
      await handles.close();
      await cluster.close();
    },
  };
}

/** Asks a cluster for a sign of life, on connections of its own. Errors of `ping`: KAFKA_UNREACHABLE. */
export function kafkaPing(options: KafkaOptions): { ping(): Promise<void>; close(): Promise<void> } {
  const cluster = clusterOf({ ...options, timeoutMs: seconds(5) });
  return { ping: () => cluster.ping(), close: () => cluster.close() };
}

function clusterOf(options: KafkaOptions): Cluster {
  checkTls(options.tls);
  return new Cluster({
    clientId: 'millrace',
    timeoutMs: seconds(30),
    readAheadBytes: 64 << 20,
    compression: 'lz4',
    clock: systemClock,
    ...options,
  });
}
