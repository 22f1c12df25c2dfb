/** Removes a member from its group behind its back, as the coordinator does when heartbeats stop (KIP-848). */
import { systemClock } from '../../../time/clock.ts';
import { Cluster } from '../../../topics/kafka/cluster.ts';
import type { KafkaMembership } from '../../../topics/kafka/group.ts';
import type { Api } from '../../../topics/kafka/protocol/api.ts';
import type { WireReader } from '../../../topics/kafka/protocol/reader.ts';

interface Member {
  readonly id: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

/** Resolves when the coordinator has removed it; the member learns of it by its next heartbeat. */
export async function removeMember(url: string, membership: KafkaMembership): Promise<void> {
  const settings = { clientId: 'test', timeoutMs: 10_000, readAheadBytes: 0, clock: systemClock } as const;
  const cluster = new Cluster({ ...settings, compression: 'none', brokers: [url] });
  await cluster.refresh([]);
  const { group } = membership;
  const ask = <Request, Response extends { readonly error: number }>(api: Api<Request, Response>, request: Request) =>
    cluster.askCoordinator('group', group, (connection) => connection.request(api, request));
  const { members } = await ask(describeGroup, { group });
  const member = members.find(({ partitions }) => partitions.some((p) => membership.owns(p)))!;
  await ask(leaveGroup, { group, member: member.id });
  await cluster.close();
}

const describeGroup: Api<{ readonly group: string }, { readonly error: number; readonly members: readonly Member[] }> =
  {
    key: 69,
    name: 'ConsumerGroupDescribe',
    versions: [0, 0],
    write: (to, { group }) => to.unsigned(2).string(group).boolean(false).tags(),
    read(from) {
      from.int32();
      return from.array(() => {
        const error = from.int16();
        for (let i = 0; i < 3; i++) from.nullableString();
        from.int32();
        from.int32();
        from.string();
        const members = from.array(() => readMember(from));
        from.int32();
        from.tags();
        return { error, members };
      })[0]!;
    },
  };

function readMember(from: WireReader): Member {
  const id = from.string();
  from.nullableString();
  from.nullableString();
  from.int32();
  from.string();
  from.string();
  from.array(() => from.string());
  from.nullableString();
  const [partitions] = [readAssignment(from), readAssignment(from)];
  from.tags();
  return { id, partitions };
}

function readAssignment(from: WireReader): Member['partitions'] {
  const found = from.array(() => {
    from.uuid();
    const topic = from.string();
    const partitions = from.array(() => from.int32());
    from.tags();
    return partitions.map((partition) => ({ topic, partition }));
  });
  from.tags();
  return found.flat();
}

const leaveGroup: Api<{ readonly group: string; readonly member: string }, { readonly error: number }> = {
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: [0, 0],
  write(to, { group, member }) {
    to.string(group).string(member).int32(-1).string(undefined).string(undefined).int32(-1);
    to.unsigned(0).string(undefined).unsigned(0).tags();
  },
  read(from) {
    from.int32();
    return { error: from.int16() };
  },
};
