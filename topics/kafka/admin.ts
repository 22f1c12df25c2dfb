/** Making topics, describing them, and dropping their oldest records. */
import { MillraceError } from '../../errors.ts';
import type { TopicInfo, TopicPartition, TopicSpec } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { createTopics, deleteRecords } from './protocol/admin.ts';
import { code } from './protocol/codes.ts';
import { describeConfigs } from './protocol/configs.ts';

/** The topic's id and partition count, or undefined. */
export async function describeTopic(cluster: Cluster, name: string): Promise<TopicInfo | undefined> {
  const topic = await cluster.topic(name);
  return topic && { name, id: topic.id, partitions: topic.partitions.length };
}

/** What the topic takes as one batch, which producers that are opened later heed; undefined where it is hidden. */
export async function mostBytesOf(cluster: Cluster, name: string): Promise<number | undefined> {
  const names = ['max.message.bytes'];
  const { configs } = await (await cluster.controller()).request(describeConfigs, {
    resource: { kind: 'topic', name },
    names,
  });
  const found = configs.get('max.message.bytes');
  cluster.mostBytes.set(name, found === undefined ? undefined : Number(found));
  return cluster.mostBytes.get(name);
}

/** Creates the topic with the broker's own replication, and waits until it can be used. */
export async function createTopic(cluster: Cluster, spec: TopicSpec): Promise<void> {
  const { name, partitions, retentionMs = -1, compact = false } = spec;
  if ((await cluster.topic(name)) === undefined) {
    const configs = { 'retention.ms': String(retentionMs), 'cleanup.policy': policyOf(compact, retentionMs) };
    const request = { name, partitions, replicas: -1, configs, timeoutMs: cluster.settings.timeoutMs };
    const ask = async () => (await cluster.controller()).request(createTopics, request);
    await cluster.persist(`creating topic '${name}'`, [code.topicExists], ask);
  }
  await cluster.persist(`topic '${name}'`, [], async () => ({ error: await readiness(cluster, spec) }));
}

function policyOf(compact: boolean, retentionMs: number): string {
  if (!compact) return 'delete';
  return retentionMs < 0 ? 'compact' : 'compact,delete';
}

/** Brokers learn of a new topic one after the other: an error that passes until all its partitions are led. */
async function readiness(cluster: Cluster, { name, partitions: known }: TopicSpec): Promise<number> {
  const topic = await cluster.topic(name);
  if (topic === undefined) return code.unknownTopic;
  const found = topic.partitions.length;
  if (found !== known) throw new MillraceError('TOPIC_PARTITIONS_CHANGED', { topic: name, found, job: '-', known });
  return topic.partitions.every(({ leader }) => leader >= 0) ? code.none : code.leaderMissing;
}

/** Drops the records below `before`; beyond the end, all of them. */
export async function trimPartition(cluster: Cluster, at: TopicPartition, before: number): Promise<void> {
  const { topic, partition } = at;
  const { timeoutMs } = cluster.settings;
  const drop = (offset: number) =>
    cluster.askLeader({ topic, partition, definite: [code.offsetOutOfRange] }, (connection) =>
      connection.request(deleteRecords, { topic, partition, before: offset, timeoutMs }),
    );
  const { error } = await drop(before);
  if (error === code.offsetOutOfRange) await drop(-1);
}
