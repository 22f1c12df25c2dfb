/**
 * The parts that KAFKA_URL, REDIS_URL and CLICKHOUSE_URL name servers for; clients are loaded when they are asked for.
 * What is wrong with a server's settings is said before anything runs on it.
 */
import { readFileSync } from 'node:fs';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { WatchedServer } from '../../runtime/server-watch.ts';
import type { FindingLog } from '../../state/redis/redis.ts';
import type { Clock } from '../../time/clock.ts';
import { type Duration, seconds } from '../../time/duration.ts';
import { type KafkaOptions, saslMechanisms, type Tls } from '../../topics/kafka/options.ts';
import { kafkaFiles, serverUrls } from '../settings/environment.ts';
import { say } from '../terminal.ts';
import { tablesAt, watchedTables } from './clickhouse.ts';

/** Parts on servers, and the servers as they are watched while a job runs on them. */
export interface ServerParts {
  readonly ports: Partial<Ports>;
  readonly watched: readonly WatchedServer[];
}

/** How servers are reached. */
export interface ServerOptions {
  readonly clock: Clock;
  readonly log: FindingLog;
  /** The topics that the job reads. */
  readonly inputs?: readonly string[];
  /** How long one that is away is waited for. Default: 30 s for Kafka, 20 s for Redis. */
  readonly patience?: Duration;
}

/**
 * Topics, state and tables as far as servers are named for them. One that does not answer is named after five seconds
 * and waited for a little longer.
 * Errors: USAGE, FILE_UNREADABLE, STATE_UNSAFE, TABLES_UNSAFE, KAFKA_UNSUPPORTED, and those of the connections.
 */
export async function serverParts({ clock, log, inputs = [], patience }: ServerOptions): Promise<ServerParts> {
  const { kafka, redis, clickhouse } = serverUrls();
  if ((kafka === undefined) !== (redis === undefined)) {
    // State in a file of one machine beside topics of all would let a second machine start from nothing.
    throw new MillraceError('USAGE', { reason: 'KAFKA_URL and REDIS_URL go together: set both or neither' });
  }
  const parts: { -readonly [port in keyof Ports]?: Ports[port] } = {};
  const watched: WatchedServer[] = [];
  if (kafka !== undefined) {
    const options = { ...kafkaOptions(kafka, kafkaFiles(), clock), ...(patience && { timeoutMs: patience }) };
    const address = options.brokers.join(',');
    await namedIfLate(`kafka at ${address}`, clock, tellOfKafka(options, inputs, log));
    parts.topics = await kafkaTopicsOf(options);
    const { kafkaPing } = await import('../../topics/kafka/kafka.ts');
    watched.push({ name: 'kafka', address, needed: true, ...kafkaPing(options) });
  }
  if (redis !== undefined) {
    const { redisState } = await import('../../state/redis/redis.ts');
    const opening = redisState({ url: redis, clock, ...(patience && { patience }) }, log);
    const state = await namedIfLate(`redis at ${hostOf(redis)}`, clock, opening);
    parts.state = state;
    watched.push({ name: 'redis', address: state.address, needed: true, ping: () => state.ping(), close });
  }
  if (clickhouse !== undefined) {
    parts.tables = await tablesAt(clickhouse, clock, log);
    watched.push(await watchedTables(clickhouse));
  }
  return { ports: parts, watched };
}

/** What is asked on connections that their port closes. */
const close = async (): Promise<void> => {};

/** Says after five seconds that a server does not answer yet; `where` names it without its password. */
async function namedIfLate<T>(where: string, clock: Clock, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  void clock.sleep(seconds(5), done.signal).then(() => {
    if (!done.signal.aborted) say(`millrace: ${where} does not answer yet; waiting for it`);
  });
  try {
    return await work;
  } finally {
    done.abort();
  }
}

/** Host and port of a URL; nothing of one that is none, for it may be all password. */
function hostOf(url: string): string {
  return (URL.canParse(url) && new URL(url).host) || 'its address';
}

async function tellOfKafka(options: KafkaOptions, inputs: readonly string[], log: FindingLog): Promise<void> {
  const { inspectKafka } = await import('../../topics/kafka/kafka.ts');
  const { findings, takeOver } = await inspectKafka(options, inputs);
  for (const { code, text } of findings) log.warn({ code }, text);
  if (takeOver !== undefined) say(`millrace: a dead worker's partitions go to another after ${takeOver / 1_000} s`);
}

/** Topics of a Kafka cluster by its URL, for one question. Errors: USAGE, FILE_UNREADABLE, those of the connection. */
export function kafkaTopicsAt(url: string, clock: Clock, timeoutMs: Duration): Promise<Ports['topics']> {
  return kafkaTopicsOf({ ...kafkaOptions(url, kafkaFiles(), clock), timeoutMs });
}

async function kafkaTopicsOf(options: KafkaOptions): Promise<Ports['topics']> {
  const { kafkaTopics } = await import('../../topics/kafka/kafka.ts');
  return kafkaTopics(options);
}

/**
 * `kafka://user:password@host:port,host:port` or plain `host:port,…`; `kafkas://` for TLS, for which `files` may name
 * authorities and a certificate; `?mechanism=scram-sha-512` for a login that does not send the password.
 * Errors: USAGE, FILE_UNREADABLE; they repeat nothing of the URL before its hosts.
 */
export function kafkaOptions(url: string, files: ReturnType<typeof kafkaFiles>, clock: Clock): KafkaOptions {
  const parts = /^(?:(kafkas?):\/\/)?(?:([^:@/?]+):([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/.exec(url);
  const wrong = (reason: string) => new MillraceError('USAGE', { reason: `KAFKA_URL ${reason}` });
  if (parts === null) throw wrong('must look like host:port,host:port');
  const [, scheme, user, password = '', brokers = '', query] = parts;
  const asked = new URLSearchParams(query);
  // What stands there may be the rest of a password: it is not repeated.
  const isStrange = [...asked.keys()].some((name) => name !== 'mechanism');
  if (isStrange) throw wrong('has more than mechanism=… behind its ?; write a ? of a password as %3F');
  const named = asked.get('mechanism');
  const mechanism = saslMechanisms.find((known) => known === (named ?? 'plain').toLowerCase());
  if (mechanism === undefined) throw wrong(`asks for '${named}', not one of ${saslMechanisms.join(', ')}`);
  if (named !== null && user === undefined) throw wrong(`asks for ${mechanism}, but has no user:password@`);
  const decoded = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw wrong('has a % in its user or password that is none of %00 to %FF in UTF-8; write it as %25');
    }
  };
  const sasl = user === undefined ? {} : { sasl: { mechanism, username: decoded(user), password: decoded(password) } };
  return { brokers: brokers.split(','), clock, tls: tlsOf(scheme, files), ...sasl };
}

function tlsOf(scheme: string | undefined, files: ReturnType<typeof kafkaFiles>): boolean | Tls {
  const { KAFKA_CA, KAFKA_CERT, KAFKA_KEY } = files;
  const [first] = Object.entries(files).filter(([, file]) => file !== undefined);
  if (first === undefined) return scheme === 'kafkas';
  if (scheme !== 'kafkas') {
    throw new MillraceError('USAGE', { reason: `${first[0]} is set, but KAFKA_URL does not begin with kafkas://` });
  }
  if ((KAFKA_CERT === undefined) !== (KAFKA_KEY === undefined)) {
    throw new MillraceError('USAGE', { reason: 'KAFKA_CERT and KAFKA_KEY go together: set both or neither' });
  }
  return {
    ...(KAFKA_CA === undefined ? {} : { ca: pemOf('KAFKA_CA', KAFKA_CA, 'CERTIFICATE') }),
    ...(KAFKA_CERT === undefined ? {} : { cert: pemOf('KAFKA_CERT', KAFKA_CERT, 'CERTIFICATE') }),
    ...(KAFKA_KEY === undefined ? {} : { key: pemOf('KAFKA_KEY', KAFKA_KEY, 'PRIVATE KEY') }),
  };
}

/** The text of a file in PEM that holds what it should. Errors: FILE_UNREADABLE. */
function pemOf(variable: string, path: string, what: string): string {
  const refuse = (reason: string, cause?: unknown) =>
    new MillraceError('FILE_UNREADABLE', { path, reason: `${reason}; ${variable} names it` }, { cause });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(reasonOf(error), error);
  }
  if (!text.includes(`${what}-----`)) throw refuse(`it holds no ${what.toLowerCase()} in PEM`);
  return text;
}
