/** Which broker coordinates a group or a producer's transactions, and how far a transaction has come. */
import type { Api } from './api.ts';

/** What is coordinated, as the protocol numbers it. */
export const coordinated = { group: 0, transaction: 1 } as const;

export const findCoordinator: Api<
  { readonly kind: keyof typeof coordinated; readonly name: string },
  { readonly error: number; readonly host: string; readonly port: number }
> = {
  key: 10,
  name: 'FindCoordinator',
  versions: [4, 4],
  write: (to, { kind, name }) => to.int8(coordinated[kind]).unsigned(2).string(name).tags(),
  read(from) {
    from.int32();
    const [found] = from.array(() => {
      from.string();
      from.int32();
      const [host, port, error] = [from.string(), from.int32(), from.int16()];
      from.nullableString();
      from.tags();
      return { host, port, error };
    });
    return found!;
  },
};

/** `PrepareCommit` is decided but not yet everywhere visible, `CompleteCommit` is (KIP-664). */
export const describeTransaction: Api<{ readonly id: string }, { readonly error: number; readonly state: string }> = {
  key: 65,
  name: 'DescribeTransactions',
  versions: [0, 0],
  write: (to, { id }) => to.unsigned(2).string(id).tags(),
  read(from) {
    from.int32();
    const [found] = from.array(() => {
      const error = from.int16();
      from.string();
      const state = from.string();
      from.int32();
      from.int64();
      from.int64();
      from.int16();
      from.array(() => {
        from.string();
        from.array(() => from.int32());
        from.tags();
      });
      from.tags();
      return { error, state };
    });
    return found!;
  },
};
