/**
 * The cluster as this client sees it: connections by broker, leaders by partition, coordinators by group. Leaders and
 * coordinators move: a request that meets a former one is repeated after pauses that grow.
 */
import { hasCode, MillraceError, reasonOf } from '../../errors.ts';
import { type Address, Connection } from './connection.ts';
import type { KafkaSettings } from './options.ts';
import { Patience } from './patience.ts';
import { code, isPassing, nameOf } from './protocol/codes.ts';
import { type coordinated, findCoordinator } from './protocol/coordinators.ts';
import { type MetadataResponse, metadata, type TopicMetadata } from './protocol/metadata.ts';

/** The broker that leads a partition now. */
export interface Leader {
  readonly broker: number;
  readonly topicId: string;
  readonly leaderEpoch: number;
}

export class Cluster {
  readonly settings: KafkaSettings;
  readonly #brokers = new Map<number, Address>();
  /** By address. */
  readonly #connections = new Map<string, Promise<Connection>>();
  readonly #topics = new Map<string, TopicMetadata>();
  /** What topics take as one batch, as far as it was asked; undefined where the brokers hide it. */
  readonly mostBytes = new Map<string, number | undefined>();
  #closed = false;

  constructor(settings: KafkaSettings) {
    this.settings = settings;
  }

  /** The topic as the cluster knows it now, or undefined. Errors: KAFKA_UNREACHABLE, KAFKA_REFUSED. */
  async topic(name: string): Promise<TopicMetadata | undefined> {
    await this.refresh([name]);
    return this.#topics.get(name);
  }

  /**
   * Where a partition is led; from memory unless `isMoved`. Errors: TOPIC_MISSING, KAFKA_UNREACHABLE, KAFKA_REFUSED.
   */
  async leader(name: string, partition: number, isMoved = false): Promise<Leader> {
    const remembered = isMoved ? undefined : ledBy(this.#topics.get(name), partition);
    if (remembered !== undefined) return remembered;
    const patience = this.patience();
    for (;;) {
      await this.refresh([name]);
      const found = this.leaderNow(name, partition);
      if (found !== undefined) return found;
      if (!(await patience.again())) throw this.unreachable(`${name}/${partition} has no leader`);
    }
  }

  /** The leader of a partition by what was learned last; undefined while it has none. Errors: TOPIC_MISSING. */
  leaderNow(name: string, partition: number): Leader | undefined {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new MillraceError('TOPIC_MISSING', { topic: name });
    if (!topic.partitions.some((p) => p.partition === partition)) {
      throw new MillraceError('TOPIC_MISSING', { topic: `${name}/${partition}` });
    }
    return ledBy(topic, partition);
  }

  /** Asks for brokers and these topics again, of whichever broker answers. */
  async refresh(topics: readonly string[]): Promise<void> {
    const patience = this.patience();
    for (;;) {
      try {
        return this.#learn(topics, await (await this.#any()).request(metadata, { topics }));
      } catch (error) {
        if (!hasCode(error, 'KAFKA_UNREACHABLE') || this.#closed || !(await patience.again())) throw error;
      }
    }
  }

  /** Resolves when a broker answers. All are asked at once, so that one that hangs does not hide the others. */
  async ping(): Promise<void> {
    const known = [...this.#brokers.values(), ...this.settings.brokers.map(parseAddress)];
    const each = new Map(known.map((address) => [`${address.host}:${address.port}`, address]));
    const ask = async (address: Address) => (await this.#connect(address)).request(metadata, { topics: [] });
    try {
      this.#learn([], await Promise.any([...each.values()].map(ask)));
    } catch (error) {
      const reasons = (error as AggregateError).errors.map((one) => String(one.detail?.reason ?? reasonOf(one)));
      throw this.unreachable([...new Set(reasons)].join('; '));
    }
  }

  /** A connection to the broker with this id. Errors: KAFKA_UNREACHABLE, KAFKA_REFUSED, KAFKA_UNSUPPORTED. */
  async broker(id: number): Promise<Connection> {
    const address = this.#brokers.get(id);
    if (address === undefined) throw this.unreachable(`broker ${id} is unknown`);
    return this.#connect(address);
  }

  /** For what only the controller does: since Kafka 4.0 every broker passes it on, so that none is waited for. */
  controller(): Promise<Connection> {
    return this.#any();
  }

  /**
   * Asks the leader of a partition and, while it answers that it is not, or not yet, looks for it again.
   * Errors: TOPIC_MISSING, KAFKA_UNREACHABLE, and KAFKA_REFUSED for answers that `definite` does not list.
   */
  async askLeader<Response extends { readonly error: number }>(
    { topic, partition, definite = [] }: { topic: string; partition: number; definite?: readonly number[] },
    ask: (connection: Connection, leader: Leader) => Promise<Response>,
  ): Promise<Response> {
    let isMoved = false;
    return this.persist(`${topic}/${partition}`, definite, async () => {
      const leader = await this.leader(topic, partition, isMoved);
      isMoved = true;
      return ask(await this.broker(leader.broker), leader);
    });
  }

  /** The same for the coordinator of a group or of a producer's transactions. */
  async askCoordinator<Response extends { readonly error: number }>(
    kind: keyof typeof coordinated,
    name: string,
    ask: (connection: Connection) => Promise<Response>,
  ): Promise<Response> {
    return this.persist(`the coordinator of ${kind} ${name}`, [], async () => {
      const found = await (await this.#any()).request(findCoordinator, { kind, name });
      return found.error === code.none ? ask(await this.#connect(found)) : (found as unknown as Response);
    });
  }

  /** Repeats an action while it fails in passing; returns answers without error and those of `definite`. */
  async persist<Response extends { readonly error: number }>(
    what: string,
    definite: readonly number[],
    ask: () => Promise<Response>,
  ): Promise<Response> {
    const patience = this.patience();
    for (;;) {
      let reason: string;
      try {
        const response = await ask();
        if (response.error === code.none || definite.includes(response.error)) return response;
        reason = nameOf(response.error);
        const mayPass = isPassing(response.error) || response.error === code.unknownTopic;
        if (!mayPass) throw new MillraceError('KAFKA_REFUSED', { broker: 'Kafka', request: what, reason });
      } catch (error) {
        if (!hasCode(error, 'KAFKA_UNREACHABLE')) throw error;
        reason = error.message;
      }
      if (this.#closed || !(await patience.again())) throw this.unreachable(`${what}: ${reason}`);
    }
  }

  patience(): Patience {
    return new Patience(this.settings.clock, this.settings.timeoutMs);
  }

  unreachable(reason: string): MillraceError {
    return new MillraceError('KAFKA_UNREACHABLE', { brokers: this.settings.brokers.join(', '), reason });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opened = await Promise.allSettled(this.#connections.values());
    for (const connection of opened) if (connection.status === 'fulfilled') connection.value.close();
  }

  #learn(asked: readonly string[], { brokers, topics }: MetadataResponse): void {
    for (const { id, host, port } of brokers) this.#brokers.set(id, { host, port });
    for (const name of asked) this.#topics.delete(name);
    for (const topic of topics) {
      if (topic.name === undefined || topic.error === code.unknownTopic) continue;
      if (topic.error !== code.none && !isPassing(topic.error)) {
        const request = `Metadata of topic '${topic.name}'`;
        throw new MillraceError('KAFKA_REFUSED', { broker: 'Kafka', request, reason: nameOf(topic.error) });
      }
      this.#topics.set(topic.name, topic);
    }
  }

  /** A connection that is there, else to the first broker that answers. */
  async #any(): Promise<Connection> {
    const failures: string[] = [];
    const known = [...this.#brokers.values(), ...this.settings.brokers.map(parseAddress)];
    const opened = known.filter(({ host, port }) => this.#connections.has(`${host}:${port}`));
    for (const address of [...opened, ...known]) {
      try {
        return await this.#connect(address);
      } catch (error) {
        if (!hasCode(error, 'KAFKA_UNREACHABLE')) throw error;
        failures.push(String(error.detail['reason']));
      }
    }
    throw this.unreachable([...new Set(failures)].join('; '));
  }

  async #connect(address: Address): Promise<Connection> {
    if (this.#closed) throw this.unreachable('these topics were closed');
    const key = `${address.host}:${address.port}`;
    const known = this.#connections.get(key);
    if (known !== undefined) {
      const connection = await known;
      if (!connection.closed) return connection;
      if (this.#connections.get(key) === known) this.#connections.delete(key);
      return this.#connect(address);
    }
    const opening = Connection.open(address, this.settings);
    this.#connections.set(key, opening);
    try {
      return await opening;
    } catch (error) {
      this.#connections.delete(key);
      throw error;
    }
  }
}

function ledBy(topic: TopicMetadata | undefined, partition: number): Leader | undefined {
  const found = topic?.partitions.find((p) => p.partition === partition);
  if (topic === undefined || found === undefined || found.leader < 0) return undefined;
  return { broker: found.leader, topicId: topic.id, leaderEpoch: found.leaderEpoch };
}

function parseAddress(broker: string): Address {
  const at = broker.lastIndexOf(':');
  const host = at < 0 ? broker : broker.slice(0, at);
  return { host: host.replace(/^\[|\]$/g, ''), port: at < 0 ? 9092 : Number(broker.slice(at + 1)) };
}
