/** Where a partition's log begins and ends, and where it ended under an earlier leader. */
import type { Api } from './api.ts';

/** What to look for: the oldest record kept, or the end of what is committed. */
export const oldest = -2;
export const newest = -1;

export const listOffsets: Api<
  { readonly topic: string; readonly partition: number; readonly leaderEpoch: number; readonly time: number },
  { readonly error: number; readonly offset: number; readonly leaderEpoch: number }
> = {
  key: 2,
  name: 'ListOffsets',
  versions: [7, 7],
  write(to, { topic, partition, leaderEpoch, time }) {
    to.int32(-1).int8(1).unsigned(2).string(topic).unsigned(2);
    to.int32(partition).int32(leaderEpoch).int64(time).tags().tags().tags();
  },
  read(from) {
    from.int32();
    return from.onePartition(() => {
      from.int32();
      const [error, , offset, leaderEpoch] = [from.int16(), from.int64(), from.int64(), from.int32()];
      return { error, offset, leaderEpoch };
    });
  },
};

/** The end of the log under leader epoch `epoch`, or of the latest epoch before it. */
export const offsetForLeaderEpoch: Api<
  { readonly topic: string; readonly partition: number; readonly leaderEpoch: number; readonly epoch: number },
  { readonly error: number; readonly epoch: number; readonly end: number }
> = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: [4, 4],
  write(to, { topic, partition, leaderEpoch, epoch }) {
    to.int32(-1).unsigned(2).string(topic).unsigned(2);
    to.int32(partition).int32(leaderEpoch).int32(epoch).tags().tags().tags();
  },
  read(from) {
    from.int32();
    return from.onePartition(() => {
      const error = from.int16();
      from.int32();
      return { error, epoch: from.int32(), end: from.int64() };
    });
  },
};
