/** Where a partition's log begins and ends, as the port reports it. */
import type { OffsetRange, TopicPartition } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { listOffsets, newest, oldest } from './protocol/offsets.ts';

/**
 * The oldest offset kept and the end of what is committed: what an open transaction holds lies behind the end.
 * Errors: TOPIC_MISSING, KAFKA_UNREACHABLE, KAFKA_REFUSED.
 */
export async function rangeOf(cluster: Cluster, { topic, partition }: TopicPartition): Promise<OffsetRange> {
  const offsetAt = (time: number) =>
    cluster.askLeader({ topic, partition }, (connection, { leaderEpoch }) =>
      connection.request(listOffsets, { topic, partition, leaderEpoch, time }),
    );
  const [begin, end] = [await offsetAt(oldest), await offsetAt(newest)];
  return { begin: begin.offset, end: end.offset };
}
