/**
 * Consumer groups within one process, for the implementations that are their own coordinator. Range assignment per
 * topic (Kafka's `RangeAssignor`), so that topics with equal partition counts are assigned together; incremental and
 * cooperative (KIP-429): only partitions that change hands are revoked, and they change hands when the owner answers.
 */
import type { GroupEvent, Membership, TopicPartition } from './topics.ts';

/** Hands out memberships; a subscription names each topic with its number of partitions. */
export class Groups {
  readonly #groups = new Map<string, Member[]>();
  readonly #members = new WeakMap<Membership, { readonly group: Member[]; readonly member: Member }>();

  join(group: string, topics: readonly (readonly [topic: string, partitions: number])[]): Membership {
    const members = this.#groups.get(group) ?? [];
    this.#groups.set(group, members);
    const member: Member = { topics: new Map(topics), owned: new Map(), lost: [], open: undefined };
    members.push(member);
    const membership: Membership = {
      poll: () => (member.open ??= next(members, member)),
      async answer() {
        answer(members, member);
      },
      async leave() {
        remove(members, member);
        member.lost = [];
      },
    };
    this.#members.set(membership, { group: members, member });
    return membership;
  }

  /** Takes everything from a member, as if its heartbeat had stopped; it joins again when it answers the loss. */
  lose(membership: Membership): void {
    const found = this.#members.get(membership);
    if (found === undefined || !found.group.includes(found.member)) return;
    const { group, member } = found;
    member.lost = [...member.owned.values()];
    remove(group, member);
    if (member.lost.length === 0) group.push(member);
  }
}

interface Member {
  readonly topics: ReadonlyMap<string, number>;
  /** By `topic/partition`. What was or will next be assigned to it, until it answers a revocation. */
  readonly owned: Map<string, TopicPartition>;
  lost: readonly TopicPartition[];
  /** The event last polled. */
  open: GroupEvent | undefined;
}

function remove(members: Member[], member: Member): void {
  member.owned.clear();
  member.open = undefined;
  if (members.includes(member)) members.splice(members.indexOf(member), 1);
}

/** Computed when asked for, so that several changes of the group between two polls become one event. */
function next(members: readonly Member[], member: Member): GroupEvent | undefined {
  if (member.lost.length > 0) return { kind: 'lost', partitions: member.lost };
  if (!members.includes(member)) return undefined;
  const target = targetOf(members, member);
  const surplus = [...member.owned].filter(([id]) => !target.has(id));
  if (surplus.length > 0) return { kind: 'revoked', partitions: surplus.map(([, partition]) => partition) };
  const free = [...target].filter(([id]) => members.every((other) => !other.owned.has(id)));
  if (free.length === 0) return undefined;
  for (const [id, partition] of free) member.owned.set(id, partition);
  return { kind: 'assigned', partitions: free.map(([, partition]) => partition) };
}

function answer(members: Member[], member: Member): void {
  const event = member.open;
  member.open = undefined;
  if (event?.kind === 'revoked') for (const partition of event.partitions) member.owned.delete(idOf(partition));
  if (event?.kind !== 'lost') return;
  member.lost = [];
  members.push(member);
}

/** The member's share: a range of each topic's partitions; the first members take one more where it doesn't divide. */
function targetOf(members: readonly Member[], member: Member): ReadonlyMap<string, TopicPartition> {
  const target = new Map<string, TopicPartition>();
  for (const [topic, partitions] of member.topics) {
    const sharers = members.filter((other) => other.topics.has(topic));
    const rank = sharers.indexOf(member);
    const share = Math.floor(partitions / sharers.length);
    const larger = partitions % sharers.length;
    const from = rank * share + Math.min(rank, larger);
    for (let p = from; p < from + share + (rank < larger ? 1 : 0); p++) {
      target.set(idOf({ topic, partition: p }), { topic, partition: p });
    }
  }
  return target;
}

function idOf(partition: TopicPartition): string {
  return `${partition.topic}/${partition.partition}`;
}
