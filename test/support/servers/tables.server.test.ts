import { expect, onTestFinished, test } from 'vitest';
import { clickhouseTables } from '../../../tables/clickhouse/clickhouse.ts';
import { counts, put, row } from '../../conformance/tables-steps.ts';
import { faultProxy } from '../fault-proxy.ts';
import { startChdb } from './chdb.ts';
import { connect, tablesServer, urlThrough } from './tables.ts';

test('on the server of CLICKHOUSE_URL each set-up has a database of its own, which goes when it stops', async () => {
  const chdb = await startChdb();
  onTestFinished(() => chdb.stop());
  const [client, spec] = [connect(chdb.url), counts()];
  onTestFinished(() => client.close());
  const ask = async (sql: string) => (await client.query({ query: sql, format: 'JSONEachRow' })).json();
  const databases = () => ask("SELECT name FROM system.databases WHERE startsWith(name, 'millrace_test_')");

  const [one, other] = [await tablesServer(`${chdb.url}/default`), await tablesServer(chdb.url)];
  expect(one.name).toBe(`the server of CLICKHOUSE_URL, 127.0.0.1:${chdb.port}`);
  expect(one.process).toBeUndefined();
  const way = await faultProxy(one);
  const tables = clickhouseTables(connect(urlThrough(way, one.url)));
  await tables.ensure(spec);
  await put(tables, spec.name, 'a', row('api', 1));
  expect(await tables.rows(spec.name)).toEqual([row('api', 1)]);
  const elsewhere = clickhouseTables(connect(other.url));
  await expect(elsewhere.rows(spec.name)).rejects.toEqual(expect.objectContaining({ code: 'TABLE_MISSING' }));
  expect(await databases()).toHaveLength(2);
  expect(await ask("SELECT name FROM system.tables WHERE database = 'default'")).toEqual([]);

  await Promise.all([tables.close(), elsewhere.close()]);
  await way.close();
  await one.stop();
  expect(await databases()).toEqual([{ name: new URL(other.url).pathname.slice(1) }]);
  await other.stop();
  expect(await databases()).toEqual([]);
});

test('without CLICKHOUSE_URL it is chDB behind HTTP, a process of ours', async () => {
  const server = await tablesServer('');
  onTestFinished(() => server.stop());
  expect([server.name, server.process?.port]).toEqual(['chDB behind HTTP', server.port]);
});

test('an address that proxies cannot stand before, or at which there is no server, is refused in words', async () => {
  await expect(tablesServer('https://127.0.0.1:8443')).rejects.toThrow('CLICKHOUSE_URL begins with http://');
  await expect(tablesServer('http://127.0.0.1:1')).rejects.toThrow(/^the server of CLICKHOUSE_URL could not make a/);
});
