/**
 * The parts that KAFKA_URL, REDIS_URL and CLICKHOUSE_URL name servers for; clients are loaded when they are asked for.
 */
import { MillraceError } from '../errors.ts';
import type { Ports } from '../graph/connector.ts';
import type { FindingLog } from '../state/redis.ts';
import type { Clock } from '../time/clock.ts';
import { serverUrls } from './environment.ts';

/** Topics, state and tables as far as servers are named for them. Errors: USAGE, and those of the connections. */
export async function serverParts(clock: Clock, log: FindingLog): Promise<Partial<Ports>> {
  const { kafka, redis, clickhouse } = serverUrls();
  if ((kafka === undefined) !== (redis === undefined)) {
    // State in a file of one machine beside topics of all would let a second machine start from nothing.
    throw new MillraceError('USAGE', { reason: 'KAFKA_URL and REDIS_URL go together: set both or neither' });
  }
  return {
    ...(kafka === undefined ? {} : { topics: await kafkaTopicsAt(kafka, clock) }),
    ...(redis === undefined ? {} : { state: await redisStateAt(redis, clock, log) }),
    ...(clickhouse === undefined ? {} : { tables: await tablesAt(clickhouse) }),
  };
}

/** `kafka://user:password@host:port,host:port` or plain `host:port,…`; `kafkas://` for TLS. */
export async function kafkaTopicsAt(url: string, clock: Clock): Promise<Ports['topics']> {
  const { kafkaTopics } = await import('../topics/kafka.ts');
  const parts = /^(?:(kafkas?):\/\/)?(?:([^:@/]+):([^@/]*)@)?([^@/]+)\/?$/.exec(url);
  if (parts === null) throw new MillraceError('USAGE', { reason: 'KAFKA_URL must look like host:port,host:port' });
  const [, scheme, username, password = '', brokers = ''] = parts;
  const decoded = { username: decodeURIComponent(username ?? ''), password: decodeURIComponent(password) };
  return kafkaTopics({
    brokers: brokers.split(','),
    clock,
    tls: scheme === 'kafkas',
    ...(username === undefined ? {} : { sasl: { mechanism: 'plain', ...decoded } }),
  });
}

async function redisStateAt(url: string, clock: Clock, log: FindingLog): Promise<Ports['state']> {
  const { redisState } = await import('../state/redis.ts');
  return redisState({ url, clock }, log);
}

/** `https://user:password@host:8443/database`. */
async function tablesAt(url: string): Promise<Ports['tables']> {
  const [{ createClient }, { clickhouseTables }] = await Promise.all([
    import('@clickhouse/client'),
    import('../tables/clickhouse.ts'),
  ]);
  return clickhouseTables(createClient({ url }));
}
