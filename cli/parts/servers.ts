/**
 * The parts that KAFKA_URL, REDIS_URL and CLICKHOUSE_URL name servers for; clients are loaded when they are asked for.
 * What is wrong with a server's settings is said before anything runs on it.
 */
import { readFileSync } from 'node:fs';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { FindingLog } from '../../state/redis/redis.ts';
import type { Clock } from '../../time/clock.ts';
import { type KafkaOptions, saslMechanisms, type Tls } from '../../topics/kafka/options.ts';
import { kafkaFiles, serverUrls } from '../settings/environment.ts';
import { say } from '../terminal.ts';

/**
 * Topics, state and tables as far as servers are named for them. `inputs` are the topics that the job reads.
 * Errors: USAGE, FILE_UNREADABLE, STATE_UNSAFE, TABLES_UNSAFE, KAFKA_UNSUPPORTED, and those of the connections.
 */
export async function serverParts(
  clock: Clock,
  log: FindingLog,
  inputs: readonly string[] = [],
): Promise<Partial<Ports>> {
  const { kafka, redis, clickhouse } = serverUrls();
  if ((kafka === undefined) !== (redis === undefined)) {
    // State in a file of one machine beside topics of all would let a second machine start from nothing.
    throw new MillraceError('USAGE', { reason: 'KAFKA_URL and REDIS_URL go together: set both or neither' });
  }
  const options = kafka === undefined ? undefined : kafkaOptions(kafka, kafkaFiles(), clock);
  if (options !== undefined) await tellOfKafka(options, inputs, log);
  return {
    ...(options === undefined ? {} : { topics: await kafkaTopicsOf(options) }),
    ...(redis === undefined ? {} : { state: await redisStateAt(redis, clock, log) }),
    ...(clickhouse === undefined ? {} : { tables: await tablesAt(clickhouse, clock, log) }),
  };
}

async function tellOfKafka(options: KafkaOptions, inputs: readonly string[], log: FindingLog): Promise<void> {
  const { inspectKafka } = await import('../../topics/kafka/kafka.ts');
  const { findings, takeOver } = await inspectKafka(options, inputs);
  for (const { code, text } of findings) log.warn({ code }, text);
  if (takeOver !== undefined) say(`millrace: a dead worker's partitions go to another after ${takeOver / 1_000} s`);
}

/** Topics of a Kafka cluster by its URL. Errors: USAGE, FILE_UNREADABLE, and those of the connection. */
export function kafkaTopicsAt(url: string, clock: Clock): Promise<Ports['topics']> {
  return kafkaTopicsOf(kafkaOptions(url, kafkaFiles(), clock));
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

async function redisStateAt(url: string, clock: Clock, log: FindingLog): Promise<Ports['state']> {
  const { redisState } = await import('../../state/redis/redis.ts');
  return redisState({ url, clock }, log);
}

/** `https://user:password@host:8443/database`. */
async function tablesAt(url: string, clock: Clock, log: FindingLog): Promise<Ports['tables']> {
  const [{ ClickHouseLogLevel, createClient }, { clickhouseTables }, { checkClickHouse }] = await Promise.all([
    import('@clickhouse/client'),
    import('../../tables/clickhouse/clickhouse.ts'),
    import('../../tables/clickhouse/checks.ts'),
  ]);
  // The caller reports what fails; the client would print whole queries besides.
  const client = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
  const { host } = new URL(url);
  // A server that is away does not stop the job: rows wait for it where they are delivered.
  const findings = await checkClickHouse(client, clock).catch((err: unknown) => {
    log.warn({ err, address: host }, 'the tables do not answer; rows wait for them');
    return [];
  });
  for (const { level, text } of findings) {
    if (level === 'refuse') throw new MillraceError('TABLES_UNSAFE', { address: host, reason: text });
    log.warn({ address: host }, text);
  }
  return clickhouseTables(client);
}
