/**
 * The door to librdkafka: the raw interface of @confluentinc/kafka-javascript, whose native part is loaded when it is
 * first needed (reading alone never needs it), and whose callbacks become promises that can't hang.
 */
import { MillraceError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';
import type { TopicPartition } from '../topics.ts';
import { registeredName } from './login.ts';
import type { KafkaSettings } from './options.ts';
import { within } from './patience.ts';
import { nativeTls } from './tls.ts';

/** What librdkafka says of a failure. */
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
  disconnect(done: () => void): void;
}

export interface NativeProducer extends NativeClient {
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
  sendOffsetsToTransaction(offsets: readonly NativeOffset[], consumer: NativeConsumer, ms: number, done: Done): void;
  commitTransaction(ms: number, done: Done): void;
  abortTransaction(ms: number, done: Done): void;
  disconnect(ms: number, done: () => void): void;
}

type Config = Readonly<Record<string, unknown>>;

interface NativeModule {
  readonly KafkaConsumer: new (config: Config, topicConfig: Config) => NativeConsumer;
  readonly Producer: new (config: Config, topicConfig: Config) => NativeProducer;
}

/** librdkafka's own numbers that are told apart; positive ones are the protocol's. */
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
    const reason = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
    throw new MillraceError('KAFKA_CLIENT_MISSING', { reason }, { cause });
  }
}

/** A promise of an action that calls back. Rejects with NativeError, or KAFKA_UNREACHABLE when it is late. */
export function call<T = void>(
  { settings, ms, what }: { readonly settings: KafkaSettings; readonly ms: Duration; readonly what: string },
  action: (done: Done<T>) => void,
): Promise<T> {
  const work = new Promise<T>((resolve, reject) => {
    action((error, result) => (error ? reject(error) : resolve(result)));
  });
  const late = () => {
    const brokers = settings.brokers.join(', ');
    return new MillraceError('KAFKA_UNREACHABLE', { brokers, reason: `${what} took longer than ${ms} ms` });
  };
  return within({ clock: settings.clock, ms, late }, work);
}

/** Connects a client; `ms` bounds it. */
export async function connectNative(client: NativeClient, settings: KafkaSettings): Promise<void> {
  const ms = settings.timeoutMs;
  try {
    await call<unknown>({ settings, ms, what: 'connecting' }, (done) => client.connect({ timeout: ms }, done));
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    const brokers = settings.brokers.join(', ');
    throw new MillraceError('KAFKA_UNREACHABLE', { brokers, reason: (error as Error).message }, { cause: error });
  }
}

/**
 * Waits for a client's farewell, but not longer than a few seconds: a client that hangs is left behind, and one that
 * never connected, which refuses to leave, is gone already.
 */
export async function farewell(clock: Clock, action: (done: () => void) => void): Promise<void> {
  const over = new AbortController();
  const gone = new Promise<void>((resolve) => action(resolve)).catch(() => undefined);
  await Promise.race([gone, clock.sleep(8_000, over.signal)]);
  over.abort();
}

/** The settings as librdkafka calls them. */
export function nativeConfig({ brokers, clientId, tls, sasl }: KafkaSettings): Config {
  const protocol = `${sasl === undefined ? '' : 'sasl_'}${tls ? 'ssl' : 'plaintext'}`;
  const config: Record<string, unknown> = {
    'bootstrap.servers': brokers.join(','),
    'client.id': clientId,
    'security.protocol': protocol,
    // What matters is thrown; the rest would go to stderr behind everybody's back.
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
