/** Brokers of the cluster, and topics with the leaders of their partitions. Asking never creates a topic. */
import type { Api } from './api.ts';

export interface MetadataResponse {
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly topics: readonly TopicMetadata[];
}

export interface TopicMetadata {
  readonly error: number;
  readonly name: string | undefined;
  readonly id: string;
  readonly partitions: readonly PartitionMetadata[];
}

export interface PartitionMetadata {
  readonly error: number;
  readonly partition: number;
  /** The id of the leading broker, or -1. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

const noTopicId = '0'.repeat(32);

export const metadata: Api<{ readonly topics: readonly string[] }, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  versions: [12, 12],
  write(to, { topics }) {
    to.array(topics, (name) => to.uuid(noTopicId).string(name).tags());
    to.boolean(false).boolean(false).tags();
  },
  read(from) {
    from.int32();
    const brokers = from.array(() => {
      const broker = { id: from.int32(), host: from.string(), port: from.int32() };
      from.nullableString();
      from.tags();
      return broker;
    });
    from.nullableString();
    from.int32();
    const topics = from.array(() => {
      const [error, name, id] = [from.int16(), from.nullableString(), from.uuid()];
      from.boolean();
      const partitions = from.array(() => {
        const [its, partition, leader, leaderEpoch] = [from.int16(), from.int32(), from.int32(), from.int32()];
        for (let list = 0; list < 3; list++) from.array(() => from.int32());
        from.tags();
        return { error: its, partition, leader, leaderEpoch };
      });
      from.int32();
      from.tags();
      return { error, name, id, partitions };
    });
    from.tags();
    return { brokers, topics };
  },
};
