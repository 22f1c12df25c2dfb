/**
 * Where tests, the chaos campaign and benchmarks keep tables over HTTP: in a database of its own on the ClickHouse that
 * CLICKHOUSE_URL names, which is made here and dropped when the server is stopped, or else in chDB behind HTTP
 * (chdb.ts).
 */
import { randomUUID } from 'node:crypto';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type ChdbProcess, startChdb } from './chdb.ts';

export interface TablesServer {
  /** What answers, in words. */
  readonly name: string;
  /** Its address with user, password and database, as far as it has them. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Where it is a process of ours, and can be killed. */
  readonly process?: ChdbProcess;
  stop(): Promise<void>;
}

/**
 * The server to run a suite on. `given` is `http://[user:password@]host[:port]`; its user may create and drop
 * databases. Proxies stand between clients and it, so it can't be https.
 */
export async function tablesServer(given = process.env['CLICKHOUSE_URL']): Promise<TablesServer> {
  if (!given) {
    const chdb = await startChdb();
    return {
      name: 'chDB behind HTTP',
      url: chdb.url,
      host: chdb.host,
      port: chdb.port,
      process: chdb,
      stop: chdb.stop,
    };
  }
  const url = new URL(given);
  if (url.protocol !== 'http:')
    throw new Error('CLICKHOUSE_URL begins with http:// in tests: proxies read what passes');
  const database = `millrace_test_${randomUUID().replaceAll('-', '')}`;
  const client = connect(given);
  try {
    await client.command({ query: `CREATE DATABASE ${database}` });
  } catch (error) {
    await client.close();
    throw new Error(`the server of CLICKHOUSE_URL could not make a database: ${error}`, { cause: error });
  }
  const { hostname: host, port } = url;
  url.pathname = `/${database}`;
  return {
    name: `the server of CLICKHOUSE_URL, ${url.host}`,
    url: url.href,
    host,
    port: Number(port || 80),
    async stop() {
      await client.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` });
      await client.close();
    },
  };
}

/** The address of a server as it is reached through a proxy. */
export function urlThrough(proxy: { readonly host: string; readonly port: number }, server: string): string {
  const url = new URL(server);
  url.host = `${proxy.host}:${proxy.port}`;
  return url.href;
}

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

/** The stock client, quiet, and patient with a busy machine. */
export const connect = (url: string, options: ClientOptions = {}): ClickHouseClient =>
  createClient({ url, request_timeout: 60_000, log: { level: ClickHouseLogLevel.OFF }, ...options });
