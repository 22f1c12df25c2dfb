/** The offsets a group has stored, with the metadata that marks deliveries, read from the group's coordinator. */
import type { Api } from './api.ts';

/** A stored offset; -1 where none is stored. */
export interface StoredOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
  readonly error: number;
}

/**
 * Stored offsets of the partitions, or all of the group's when `topics` is undefined. Those of an open transaction are
 * waited for: the broker answers UNSTABLE_OFFSET_COMMIT while there is one (KIP-447).
 */
export const offsetFetch: Api<
  {
    readonly group: string;
    readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | undefined;
  },
  { readonly error: number; readonly offsets: readonly StoredOffset[] }
> = {
  key: 9,
  name: 'OffsetFetch',
  versions: [8, 8],
  write(to, { group, topics }) {
    to.unsigned(2).string(group);
    if (topics === undefined) to.unsigned(0);
    else {
      to.array(topics, ({ topic, partitions }) => {
        to.string(topic)
          .array(partitions, (partition) => to.int32(partition))
          .tags();
      });
    }
    to.tags().boolean(true).tags();
  },
  read(from) {
    from.int32();
    const [found] = from.array(() => {
      from.string();
      const offsets = from
        .array(() => {
          const topic = from.string();
          const its = from.array((): StoredOffset => {
            const [partition, offset] = [from.int32(), from.int64()];
            from.int32();
            const metadata = from.string();
            const error = from.int16();
            from.tags();
            return { topic, partition, offset, metadata, error };
          });
          from.tags();
          return its;
        })
        .flat();
      const error = from.int16();
      from.tags();
      return { error, offsets };
    });
    return found!;
  },
};
