/**
 * The parts that KAFKA_URL, REDIS_URL and CLICKHOUSE_URL name servers for; clients are loaded when they are asked for.
 * What is wrong with a server's settings is said before anything runs on it.
 */
import { MillraceError } from '../errors.ts';
import type { Ports } from '../graph/connector.ts';
import type { FindingLog } from '../state/redis.ts';
import type { Clock } from '../time/clock.ts';
import type { KafkaOptions } from '../topics/kafka/options.ts';
import { serverUrls } from './environment.ts';
import { say } from './terminal.ts';

/**
 * Topics, state and tables as far as servers are named for them. `inputs` are the topics that the job reads.
 * Errors: USAGE, STATE_UNSAFE, TABLES_UNSAFE, KAFKA_UNSUPPORTED, and those of the connections.
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
  if (kafka !== undefined) await tellOfKafka(kafkaOptions(kafka, clock), inputs, log);
  return {
    ...(kafka === undefined ? {} : { topics: await kafkaTopicsAt(kafka, clock) }),
    ...(redis === undefined ? {} : { state: await redisStateAt(redis, clock, log) }),
    ...(clickhouse === undefined ? {} : { tables: await tablesAt(clickhouse, clock, log) }),
  };
}

async function tellOfKafka(options: KafkaOptions, inputs: readonly string[], log: FindingLog): Promise<void> {
  const { inspectKafka } = await import('../topics/kafka.ts');
  const { findings, takeOver } = await inspectKafka(options, inputs);
  for (const { code, text } of findings) log.warn({ code }, text);
  if (takeOver !== undefined) say(`millrace: a dead worker's partitions go to another after ${takeOver / 1_000} s`);
}

/** Topics of a Kafka cluster by its URL. */
export async function kafkaTopicsAt(url: string, clock: Clock): Promise<Ports['topics']> {
  const { kafkaTopics } = await import('../topics/kafka.ts');
  return kafkaTopics(kafkaOptions(url, clock));
}

/** `kafka://user:password@host:port,host:port` or plain `host:port,…`; `kafkas://` for TLS. */
function kafkaOptions(url: string, clock: Clock): KafkaOptions {
  const parts = /^(?:(kafkas?):\/\/)?(?:([^:@/]+):([^@/]*)@)?([^@/]+)\/?$/.exec(url);
  if (parts === null) throw new MillraceError('USAGE', { reason: 'KAFKA_URL must look like host:port,host:port' });
  const [, scheme, username, password = '', brokers = ''] = parts;
  const decoded = { username: decodeURIComponent(username ?? ''), password: decodeURIComponent(password) };
  return {
    brokers: brokers.split(','),
    clock,
    tls: scheme === 'kafkas',
    ...(username === undefined ? {} : { sasl: { mechanism: 'plain', ...decoded } }),
  };
}

async function redisStateAt(url: string, clock: Clock, log: FindingLog): Promise<Ports['state']> {
  const { redisState } = await import('../state/redis.ts');
  return redisState({ url, clock }, log);
}

/** `https://user:password@host:8443/database`. */
async function tablesAt(url: string, clock: Clock, log: FindingLog): Promise<Ports['tables']> {
  const [{ ClickHouseLogLevel, createClient }, { clickhouseTables }, { checkClickHouse }] = await Promise.all([
    import('@clickhouse/client'),
    import('../tables/clickhouse.ts'),
    import('../tables/checks.ts'),
  ]);
  // What fails is told by whoever asked; the client would print whole queries besides.
  const client = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
  const { host } = new URL(url);
  // A server that is away is waited for where rows are delivered, and keeps nobody from the topics.
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
