/**
 * Membership of a consumer group by librdkafka, which never fetches: every partition it is assigned is paused in the
 * same step. The group's protocol is KIP-848: only partitions that change hands are revoked, and they do so when the
 * owner has answered. The range assignor keeps co-partitioned topics together, which the default one does not.
 *
 * librdkafka hands out rebalances only while it is asked for records, so it is, every few milliseconds, whatever the
 * job does meanwhile. No static membership: a killed member's successor would be refused until the session ends.
 */
import { MillraceError } from '../../errors.ts';
import type { GroupEvent, Membership, TopicPartition } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { loadNative, NativeCalls, type NativeConsumer, type NativeError, nativeCode, nativeConfig } from './native.ts';

const pumpPause = 20;

export class KafkaMembership implements Membership {
  readonly group: string;
  readonly #cluster: Cluster;
  readonly #onGone: (partitions: readonly TopicPartition[]) => void;
  readonly #queue: GroupEvent[] = [];
  readonly #owned = new Map<string, TopicPartition>();
  readonly #left = new AbortController();
  readonly #calls: NativeCalls;
  #consumer!: NativeConsumer;
  #open: GroupEvent | undefined;
  #pumping: Promise<void> = Promise.resolve();

  /**
   * Joins with one subscription. `onGone` is called with partitions that are owned no longer. Errors: TOPIC_MISSING, …
   */
  static async join(
    cluster: Cluster,
    group: string,
    { topics, onGone }: { topics: readonly string[]; onGone: (partitions: readonly TopicPartition[]) => void },
  ): Promise<KafkaMembership> {
    for (const topic of topics) {
      if ((await cluster.topic(topic)) === undefined) throw new MillraceError('TOPIC_MISSING', { topic });
    }
    const membership = new KafkaMembership(cluster, group, onGone);
    await membership.#start(topics);
    return membership;
  }

  private constructor(cluster: Cluster, group: string, onGone: (partitions: readonly TopicPartition[]) => void) {
    this.#cluster = cluster;
    this.group = group;
    this.#onGone = onGone;
    this.#calls = new NativeCalls(cluster.settings);
  }

  /** For transactions, which name the member and its epoch. */
  get consumer(): NativeConsumer {
    return this.#consumer;
  }

  get isMember(): boolean {
    return !this.#left.signal.aborted;
  }

  /** From their assignment until the member has answered their revocation, or they are lost. */
  owns(partition: TopicPartition): boolean {
    return this.#owned.has(partitionKey(partition));
  }

  poll(): GroupEvent | undefined {
    if (this.#open === undefined) {
      this.#open = this.#queue.shift();
      if (this.#open?.kind === 'assigned') for (const p of this.#open.partitions) this.#owned.set(partitionKey(p), p);
    }
    return this.#open;
  }

  async answer(): Promise<void> {
    const event = this.#open;
    this.#open = undefined;
    if (event !== undefined && this.isMember) this.#answer(event);
  }

  async leave(): Promise<void> {
    if (!this.isMember) return;
    this.#left.abort();
    await this.#pumping;
    // The client's farewell waits for answers to all it has asked.
    const unanswered = [...(this.#open === undefined ? [] : [this.#open]), ...this.#queue.splice(0)];
    this.#open = undefined;
    for (const event of unanswered) this.#answer(event);
    await this.#calls.leave((done) => this.#consumer.disconnect(done));
  }

  async #start(topics: readonly string[]): Promise<void> {
    const { settings } = this.#cluster;
    const { KafkaConsumer } = await loadNative();
    const config = {
      ...nativeConfig(settings),
      'group.id': this.group,
      'group.protocol': 'consumer',
      'group.remote.assignor': 'range',
      'enable.auto.commit': false,
      'isolation.level': 'read_committed',
      rebalance_cb: (error: NativeError, partitions: readonly TopicPartition[]) => this.#rebalance(error, partitions),
    };
    this.#consumer = new KafkaConsumer(config, { 'auto.offset.reset': 'latest' });
    await this.#calls.connect(this.#consumer);
    this.#consumer.setDefaultConsumeTimeout(0);
    this.#consumer.subscribe(topics);
    this.#pumping = this.#pump();
  }

  async #pump(): Promise<void> {
    const { clock, timeoutMs: ms } = this.#cluster.settings;
    while (this.isMember) {
      const polled = this.#calls.call<unknown>('polling the group', ms, (done) => this.#consumer.consume(1, done));
      await polled.catch(() => undefined);
      await clock.sleep(pumpPause, this.#left.signal);
    }
  }

  #rebalance(error: NativeError, native: readonly TopicPartition[]): void {
    const partitions = native.map(({ topic, partition }) => ({ topic, partition }));
    const isAssigned = error.code === nativeCode.assign;
    const kind = isAssigned ? 'assigned' : this.#consumer.assignmentLost() ? 'lost' : 'revoked';
    // Nothing may be stored for lost ones from now on; while a revocation is unanswered the client learns of no loss.
    if (kind === 'lost') for (const p of partitions) this.#owned.delete(partitionKey(p));
    const event: GroupEvent = { kind, partitions };
    // Empty events, too, want an answer; after leaving, all do at once.
    if (partitions.length === 0 || !this.isMember) this.#answerAtOnce(event);
    else this.#queue.push(event);
  }

  /** A client that is leaving reports a last rebalance when it can't be answered any more. */
  #answerAtOnce(event: GroupEvent): void {
    try {
      this.#answer(event);
    } catch (error) {
      if (this.isMember) throw error;
    }
  }

  #answer({ kind, partitions }: GroupEvent): void {
    if (kind === 'assigned') {
      // Any offset does, since nothing is fetched; without one the client would look for a stored one.
      this.#consumer.incrementalAssign(partitions.map((p) => ({ ...p, offset: 0 })));
      if (partitions.length > 0) this.#consumer.pause(partitions);
    } else {
      this.#consumer.incrementalUnassign(partitions);
      for (const p of partitions) this.#owned.delete(partitionKey(p));
      this.#onGone(partitions);
    }
  }
}

function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
