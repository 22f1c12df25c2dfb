/**
 * The door to librdkafka: the raw interface of @confluentinc/kafka-javascript, whose native part is loaded when it is
 * first needed (reading alone never needs it), and whose callbacks become promises that can't hang.
 */
import { MillraceError, reasonOf } from '../../errors.ts';
import { within } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';
import type { TopicPartition } from '../topics.ts';
import { registeredName } from './login.ts';
import type { KafkaSettings } from './options.ts';
import { nativeTls } from './tls.ts';

/** How librdkafka describes a failure. */
export interface NativeError extends Error {
  readonly code: number;
  readonly isFatal?: boolean;
  readonly isRetriable?: boolean;
  readonly isTxnRequiresAbort?: boolean;
}

type Done<T = void> = (error: NativeError | null | undefined, result: T) => void;

export interface NativeOffset extends TopicPartition {
  readonly offset: number;
  readonly metadata?: string;
}

interface NativeClient {
  connect(options: object, done: Done<unknown>): void;
  disconnect(done: () => void): void;
  on(event: string, listener: (...args: never[]) => void): void;
}

export interface NativeConsumer extends NativeClient {
  subscribe(topics: readonly string[]): void;
  setDefaultConsumeTimeout(ms: number): void;
  consume(count: number, done: Done<unknown>): void;
  incrementalAssign(partitions: readonly NativeOffset[]): void;
  incrementalUnassign(partitions: readonly TopicPartition[]): void;
  pause(partitions: readonly TopicPartition[]): void;
  assignmentLost(): boolean;
}

export interface NativeProducer extends NativeClient {
  // theirs: the client's own signature.
  produce(
    topic: string,
    partition: number,
    value: Buffer | null,
    key: Buffer | null,
    timestamp: number,
    opaque: unknown,
    headers: readonly Readonly<Record<string, string>>[] | undefined,
  ): void;
  poll(): void;
  flush(ms: number, done: Done): void;
  initTransactions(ms: number, done: Done): void;
  beginTransaction(done: Done): void;
  // theirs: the client's own signature.
  sendOffsetsToTransaction(offsets: readonly NativeOffset[], consumer: NativeConsumer, ms: number, done: Done): void;
  commitTransaction(ms: number, done: Done): void;
  abortTransaction(ms: number, done: Done): void;
  disconnect(done: () => void): void;
  disconnect(flushMs: number, done: () => void): void;
}

type Config = Readonly<Record<string, unknown>>;

interface NativeModule {
  readonly KafkaConsumer: new (config: Config, topicConfig: Config) => NativeConsumer;
  readonly Producer: new (config: Config, topicConfig: Config) => NativeProducer;
}

/** librdkafka's own numbers that are distinguished; positive ones are the protocol's. */
export const nativeCode = { assign: -175, revoke: -174, timedOut: -185, queueFull: -184, fenced: -144 } as const;

let loading: Promise<NativeModule> | undefined;

/** The client. Errors: KAFKA_CLIENT_MISSING. */
export function loadNative(): Promise<NativeModule> {
  loading ??= load();
  return loading;
}

async function load(): Promise<NativeModule> {
  // A name that isn't a literal: the package is optional, and its types lack half of what is used here.
  const name: string = '@confluentinc/kafka-javascript';
  try {
    const { default: module } = (await import(name)) as { default: NativeModule };
    return module;
  } catch (cause) {
    const reason = reasonOf(cause).split('\n')[0]!;
    throw new MillraceError('KAFKA_CLIENT_MISSING', { reason }, { cause });
  }
}

/**
 * The calls to one client. Each holds a thread of Node's pool until librdkafka answers, however long ago its caller has
 * stopped waiting; a client that is left meanwhile waits for the call, and the call for the client, for ever.
 */
export class NativeCalls {
  readonly #settings: KafkaSettings;
  readonly #unanswered = new Set<Promise<void>>();

  constructor(settings: KafkaSettings) {
    this.#settings = settings;
  }

  /** A promise of an action that calls back. Rejects with NativeError, or KAFKA_UNREACHABLE when it is late. */
  call<T = void>(what: string, ms: Duration, action: (done: Done<T>) => void): Promise<T> {
    const { clock, brokers } = this.#settings;
    const work = new Promise<T>((resolve, reject) => {
      action((error, result) => (error ? reject(error) : resolve(result)));
    });
    const answered: Promise<void> = work
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => void this.#unanswered.delete(answered));
    this.#unanswered.add(answered);
    const reason = `${what} took longer than ${ms} ms`;
    const late = (): never => {
      throw new MillraceError('KAFKA_UNREACHABLE', { brokers: brokers.join(', '), reason });
    };
    return within(work, { clock, ms, late });
  }

  /** Connects the client, or leaves it. Errors: KAFKA_UNREACHABLE. */
  async connect(client: NativeClient): Promise<void> {
    const { timeoutMs: ms, brokers } = this.#settings;
    try {
      await this.call<unknown>('connecting', ms, (done) => client.connect({ timeout: ms }, done));
    } catch (error) {
      void this.leave((done) => client.disconnect(done));
      if (error instanceof MillraceError) throw error;
      const reason = reasonOf(error);
      throw new MillraceError('KAFKA_UNREACHABLE', { brokers: brokers.join(', '), reason }, { cause: error });
    }
  }

  /**
   * Leaves when every call is answered. The caller waits a few seconds at most, the leaving goes on by itself. A client
   * that never connected refuses to leave and is gone already.
   */
  async leave(action: (done: () => void) => void): Promise<void> {
    const over = new AbortController();
    const gone = Promise.all(this.#unanswered)
      .then(() => new Promise<void>((resolve) => action(resolve)))
      .catch(() => undefined);
    await Promise.race([gone, this.#settings.clock.sleep(8_000, over.signal)]);
    over.abort();
  }
}

/** The settings as librdkafka calls them. */
export function nativeConfig({ brokers, clientId, tls, sasl }: KafkaSettings): Config {
  const protocol = `${sasl === undefined ? '' : 'sasl_'}${tls ? 'ssl' : 'plaintext'}`;
  const config: Record<string, unknown> = {
    'bootstrap.servers': brokers.join(','),
    'client.id': clientId,
    'security.protocol': protocol,
    // What matters is thrown; the rest would go to stderr unasked.
    log_level: 0,
    event_cb: false,
  };
  if (sasl !== undefined) {
    Object.assign(config, {
      'sasl.mechanisms': registeredName(sasl.mechanism),
      'sasl.username': sasl.username,
      'sasl.password': sasl.password,
    });
  }
  return { ...config, ...nativeTls(tls) };
}
