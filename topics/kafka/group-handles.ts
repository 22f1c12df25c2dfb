/**
 * In whose name a transaction stores offsets. With a member of the group in this process, in that member's: then the
 * group refuses it once the member was replaced. Otherwise by a client that only knows the group's name; then the
 * transactional id alone protects.
 */
import { MillraceError } from '../../errors.ts';
import type { TopicPartition } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { KafkaMembership } from './group.ts';
import { loadNative, NativeCalls, type NativeConsumer, nativeConfig } from './native.ts';

export class GroupHandles {
  readonly #cluster: Cluster;
  readonly #calls: NativeCalls;
  readonly #members = new Set<KafkaMembership>();
  readonly #bystanders = new Map<string, Promise<NativeConsumer>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#calls = new NativeCalls(cluster.settings);
  }

  async join(
    group: string,
    topics: readonly string[],
    onGone: (partitions: readonly TopicPartition[]) => void,
  ): Promise<KafkaMembership> {
    const membership = await KafkaMembership.join(this.#cluster, group, { topics, onGone });
    for (const member of this.#members) if (!member.isMember) this.#members.delete(member);
    this.#members.add(membership);
    return membership;
  }

  /** The member that owns the partitions; where none is here, a client without membership. Errors: GROUP_LOST. */
  async consumerOf(group: string, partitions: readonly TopicPartition[]): Promise<NativeConsumer> {
    const members = [...this.#members].filter((member) => member.isMember && member.group === group);
    const owner = members.find((member) => partitions.every((p) => member.owns(p)));
    if (owner !== undefined) return owner.consumer;
    if (members.length > 0) throw new MillraceError('GROUP_LOST', { group });
    let bystander = this.#bystanders.get(group);
    if (bystander === undefined) {
      bystander = this.#open(group);
      this.#bystanders.set(group, bystander);
      bystander.catch(() => this.#bystanders.delete(group));
    }
    return bystander;
  }

  async close(): Promise<void> {
    const leaving = [...this.#members].map((member) => member.leave());
    for (const opened of await Promise.allSettled(this.#bystanders.values())) {
      if (opened.status !== 'fulfilled') continue;
      leaving.push(this.#calls.leave((done) => opened.value.disconnect(done)));
    }
    await Promise.all(leaving);
  }

  async #open(group: string): Promise<NativeConsumer> {
    const { settings } = this.#cluster;
    const { KafkaConsumer } = await loadNative();
    // The classic protocol: with the newer one even a client that never subscribes names a member.
    const config = { ...nativeConfig(settings), 'group.id': group, 'enable.auto.commit': false };
    const consumer = new KafkaConsumer(config, {});
    await this.#calls.connect(consumer);
    return consumer;
  }
}
