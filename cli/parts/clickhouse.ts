/**
 * The ClickHouse server that CLICKHOUSE_URL names, through one set of the client's settings: as the tables of a job, as
 * a server that is watched, and as what `millrace query` asks.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { WatchedServer } from '../../runtime/server-watch.ts';
import type { FindingLog } from '../../state/redis/redis.ts';
import type { ClickHouseFinding } from '../../tables/clickhouse/checks.ts';
import { type Clock, within } from '../../time/clock.ts';
import { type Duration, minutes, seconds } from '../../time/duration.ts';

/** A server that does not answer for this long is away. */
const patience = seconds(5);

/** `https://user:password@host:8443/database`. Errors: USAGE, which does not repeat it: it may hold a password. */
export function clickhouseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new MillraceError('USAGE', {
    reason: 'CLICKHOUSE_URL must look like https://user:password@host:8443/database',
  });
}

/** The caller reports what fails; the client would print whole queries besides. */
async function clientOf(url: string, timeout: Duration = seconds(30)): Promise<ClickHouseClient> {
  const { ClickHouseLogLevel, createClient } = await import('@clickhouse/client');
  const log = { level: ClickHouseLogLevel.OFF };
  return createClient({ url: clickhouseUrl(url), log, request_timeout: timeout });
}

/** The tables of a job. Errors: USAGE, TABLES_UNSAFE. */
export async function tablesAt(url: string, clock: Clock, log: FindingLog): Promise<Ports['tables']> {
  const [client, { clickhouseTables }, { checkClickHouse }, { refusedAccess }] = await Promise.all([
    clientOf(url),
    import('../../tables/clickhouse/clickhouse.ts'),
    import('../../tables/clickhouse/checks.ts'),
    import('../../tables/clickhouse/failures.ts'),
  ]);
  const { host } = clickhouseUrl(url);
  // A server that is away does not stop the job: rows wait for it where they are delivered.
  const looked = within(checkClickHouse(client, clock), { clock, ms: patience, late: noAnswer });
  const findings = await looked.catch((err: unknown): readonly ClickHouseFinding[] => {
    const refused = refusedAccess(err);
    if (refused !== undefined) return [{ level: 'refuse', text: refused }];
    log.warn({ err, address: host }, 'the tables do not answer; rows wait for them');
    return [];
  });
  for (const { level, text } of findings) {
    if (level === 'refuse') throw new MillraceError('TABLES_UNSAFE', { address: host, reason: text });
    log.warn({ address: host }, text);
  }
  return clickhouseTables(client);
}

/** The server as it is watched, by a client of its own: questions that hang take no connection from the rows. */
export async function watchedTables(url: string): Promise<WatchedServer> {
  const client = await clientOf(url, patience);
  return {
    name: 'clickhouse',
    address: clickhouseUrl(url).host,
    needed: false,
    ping: () => pinged(client),
    close: () => client.close(),
  };
}

/**
 * The server's answer to one reading statement in ClickHouse's format `format`.
 * Errors: USAGE; TABLE_QUERY_FAILED, which names the server where it does not answer.
 */
export async function askServer(url: string, clock: Clock, question: Question): Promise<string> {
  const { host } = clickhouseUrl(url);
  const client = await clientOf(url, minutes(1));
  try {
    await within(pinged(client), { clock, ms: patience, late: noAnswer }).catch((cause: unknown) => {
      const reason = `the tables at ${host} do not answer (${reasonOf(cause)}); CLICKHOUSE_URL names them`;
      throw new MillraceError('TABLE_QUERY_FAILED', { reason }, { cause });
    });
    return await answerOf(client, question);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    const reason = `${reasonOf(cause).split('\n', 1)[0]} (asked of ${host})`;
    throw new MillraceError('TABLE_QUERY_FAILED', { reason }, { cause });
  } finally {
    await client.close();
  }
}

/** A statement, and the format of its answer unless it names one. */
export interface Question {
  readonly sql: string;
  readonly format: string;
}

async function answerOf(client: ClickHouseClient, { sql, format }: Question): Promise<string> {
  const ask = (settings: Readonly<Record<string, string>>) =>
    client.exec({ query: sql, clickhouse_settings: { default_format: format, ...settings } as never });
  // A user who may only read can't choose to; code 164 is READONLY.
  const { stream } = await ask({ readonly: '1' }).catch((error: unknown) => {
    const { code, message } = error as { readonly code?: unknown; readonly message?: string };
    if (code !== '164' || !message?.includes("'readonly'")) throw error;
    return ask({});
  });
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString('utf8');
}

async function pinged(client: ClickHouseClient): Promise<void> {
  const answer = await client.ping();
  if (!answer.success) throw answer.error;
}

function noAnswer(): never {
  throw new Error(`no answer in ${patience / 1_000} s`);
}
