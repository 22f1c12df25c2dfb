/** Creating topics and deleting the oldest records of a partition. */
import type { Api } from './api.ts';

export const createTopics: Api<
  {
    readonly name: string;
    readonly partitions: number;
    readonly replicas: number;
    readonly configs: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
  },
  { readonly error: number; readonly message: string | undefined }
> = {
  key: 19,
  name: 'CreateTopics',
  versions: [7, 7],
  write(to, { name, partitions, replicas, configs, timeoutMs }) {
    to.unsigned(2).string(name).int32(partitions).int16(replicas);
    to.array([], () => {});
    to.array(Object.entries(configs), ([option, value]) => to.string(option).string(value).tags());
    to.tags().int32(timeoutMs).boolean(false).tags();
  },
  read(from) {
    from.int32();
    const [found] = from.array(() => {
      from.string();
      from.uuid();
      const [error, message] = [from.int16(), from.nullableString()];
      from.int32();
      from.int16();
      from.array(() => {
        from.string();
        from.nullableString();
        from.boolean();
        from.int8();
        from.boolean();
        from.tags();
      });
      from.tags();
      return { error, message };
    });
    return found!;
  },
};

/** Drops what lies before the offset; -1 stands for the end. */
export const deleteRecords: Api<
  { readonly topic: string; readonly partition: number; readonly before: number; readonly timeoutMs: number },
  { readonly error: number; readonly begin: number }
> = {
  key: 21,
  name: 'DeleteRecords',
  versions: [2, 2],
  write(to, { topic, partition, before, timeoutMs }) {
    to.unsigned(2).string(topic).unsigned(2).int32(partition).int64(before).tags().tags();
    to.int32(timeoutMs).tags();
  },
  read(from) {
    from.int32();
    return from.onePartition(() => {
      from.int32();
      return { begin: from.int64(), error: from.int16() };
    });
  },
};
