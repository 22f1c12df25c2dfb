/** How tables are made and changed on a server, by workers of several versions. */
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { clickhouseTables } from '../../../tables/clickhouse/clickhouse.ts';
import { createTable, quoteName, ttlOf } from '../../../tables/clickhouse/ddl.ts';
import type { TableSpec, Tables } from '../../../tables/tables.ts';
import { counts, put, row } from '../../conformance/tables-steps.ts';
import { connect, type TablesServer, tablesServer } from '../../support/servers/tables.ts';

let server: TablesServer;
let client: ClickHouseClient;

beforeAll(async () => {
  server = await tablesServer();
  client = connect(server.url);
});

afterAll(async () => {
  await client.close();
  await server.stop();
});

/** Tables as one more worker has them. */
function worker(): Tables {
  const tables = clickhouseTables(connect(server.url));
  onTestFinished(() => tables.close());
  return tables;
}

const alter = (spec: TableSpec, what: string) =>
  client.command({ query: `ALTER TABLE ${quoteName(spec.name)} ${what}` });

const history = (tables: Tables, { name }: TableSpec) =>
  tables.query('SELECT version, statement FROM schema_versions FINAL WHERE table = {name:String} ORDER BY version', {
    name,
  });

const withoutTtl = ({ ttl: _, ...spec }: TableSpec): string => createTable(spec);

const columnsOf = async (tables: Tables, { name }: TableSpec) =>
  (await tables.query('SELECT name FROM system.columns WHERE table = {name:String}', { name })).map((c) => c['name']);

const withColumn = (spec: TableSpec, name: string): TableSpec => {
  return { ...spec, columns: { ...spec.columns, [name]: { type: 'String', comment: '' } } };
};

test('eight workers that start at once make a table, add a column and write each down once', async () => {
  const old = counts();
  const spec = withColumn(old, 'owner');
  const workers = Array.from({ length: 8 }, worker);
  await Promise.all(workers.map((tables) => tables.ensure(old)));
  await Promise.all(workers.map((tables) => tables.ensure(spec)));
  await Promise.all(workers.map((tables) => tables.ensure(spec)));
  expect(await history(workers[0]!, spec)).toEqual([
    { version: 1, statement: withoutTtl(old) },
    { version: 2, statement: withoutTtl(spec) },
  ]);
  const [times] = await workers[0]!.query(
    `SELECT countIf(abs(dateDiff('second', inserted_at, now())) > 600) AS odd, count() > 1 AS some FROM schema_versions`,
  );
  expect(times).toEqual({ odd: 0, some: 1 });
});

test('an older Millrace works on what a newer one made and repairs nothing of it', async () => {
  const tables = worker();
  const old = withColumn(counts(), 'dropped');
  const { dropped: _, ...columns } = withColumn(old, 'added').columns;
  const newer = { ...old, columns };
  await tables.ensure(old);
  await tables.ensure(newer);
  await tables.ensure(old);
  await put(tables, old.name, 'a', row('api', 1));
  await alter(old, 'DROP COLUMN dropped');
  const refused = tables.ensure(old);
  await expect(refused).rejects.toEqual(expect.objectContaining({ code: 'TABLE_MISMATCH' }));
  await expect(refused).rejects.toThrow(
    'it lacks the columns dropped; a newer Millrace made it version 2, this one knows 1',
  );
  expect(await columnsOf(tables, old)).not.toContain('dropped');
  await tables.ensure(newer);
  expect(await history(tables, old)).toHaveLength(2);
});

test('how long rows are kept is what the worker says that started last, and no version of the table', async () => {
  const [one, other] = [worker(), worker()];
  const spec = counts();
  const shorter = { ...spec, ttl: 'inserted_at + INTERVAL 14 DAY' };
  const ttl = async () => {
    const [table] = await one.query('SELECT engine_full AS e FROM system.tables WHERE name = {name:String}', {
      name: spec.name,
    });
    return ttlOf(String(table!['e']));
  };
  for (const [tables, wanted, days] of [
    [one, spec, 30],
    [other, shorter, 14],
    [one, spec, 30],
  ] as const) {
    await tables.ensure(wanted);
    expect(await ttl()).toBe(`inserted_at + toIntervalDay(${days})`);
  }
  expect(await history(one, spec)).toHaveLength(1);
  await Promise.all([one.ensure(shorter), other.ensure(shorter)]);
  expect(await ttl()).toBe('inserted_at + toIntervalDay(14)');
});

test('a column that was dropped is added again by the newest specification', async () => {
  const tables = worker();
  const spec = withColumn(counts(), 'owner');
  await tables.ensure(spec);
  await alter(spec, 'DROP COLUMN owner');
  await tables.ensure(spec);
  expect(await columnsOf(tables, spec)).toContain('owner');
});

/** The services whose rows are left when everything that may be dropped was. */
async function kept(tables: Tables, spec: TableSpec): Promise<readonly unknown[]> {
  await tables.ensure(spec);
  const aYearAgo = new Date(Date.now() - 365 * 86_400_000).toISOString();
  await put(tables, spec.name, 'a', row('old', 1, 1, { window_start: aYearAgo }));
  await put(tables, spec.name, 'b', row('new', 1, 1, { window_start: new Date().toISOString() }));
  await client.command({ query: `OPTIMIZE TABLE ${quoteName(spec.name)} FINAL` });
  return (await tables.rows(spec.name)).map((r) => r['service']);
}

test('rows of events that are older than their table keeps rows are kept, for that long from their insert', async () => {
  const tables = worker();
  const spec = { ...counts(), ttl: 'inserted_at + INTERVAL 30 DAY' };
  expect(await kept(tables, spec)).toEqual(['new', 'old']);
  await alter(spec, 'MODIFY TTL inserted_at + INTERVAL 0 SECOND');
  await client.command({ query: `OPTIMIZE TABLE ${quoteName(spec.name)} FINAL` });
  expect(await tables.rows(spec.name)).toEqual([]);
  // The control: on the event's time they are gone at once.
  expect(await kept(tables, { ...counts(), ttl: 'toDateTime(window_start) + INTERVAL 30 DAY' })).toEqual(['new']);
});

type Wrong = Partial<TableSpec> & { readonly type?: string };

test.each<readonly [string, Wrong]>([
  ['an unknown type', { type: 'Strng' }],
  ['too many digits', { type: 'DateTime64(33)' }],
  ['a type that lacks its parameter', { type: 'FixedString' }],
  ['a parameter that is none', { type: 'FixedString(0)' }],
  ['a type that can not be null', { type: 'Nullable(Array(String))' }],
  ['a type that is no good in a dictionary', { type: 'LowCardinality(UInt8)' }],
  ['a type for no table', { type: 'Nothing' }],
  ['a default that is none', { type: "UInt8 DEFAULT 'x'" }],
  ['an unknown zone', { type: "DateTime('Nowhere/X')" }],
  ['broken syntax', { type: 'Array(' }],
  ['an unknown function', { partitionBy: 'nowhere(window_start)' }],
  ['an unknown column', { partitionBy: 'nowhere' }],
  ['a partition by chance', { partitionBy: 'rand()' }],
  ['a TTL that is no time', { ttl: 'service' }],
  ['an unknown index', { indexes: { a: 'service TYPE nope' } }],
  ['an identity that may be null', { type: 'Nullable(String)', identity: ['x'] }],
  ['an identity without order', { type: 'JSON', identity: ['x'] }],
])('a table that can never be made, for %s, is refused with the reason', async (_, { type = 'String', ...rest }) => {
  const base = counts();
  const spec = { ...base, columns: { ...base.columns, x: { type, comment: '' } }, ...rest };
  const text = /^TABLE_REFUSED: ClickHouse refuses to make table 'counts_\w+': .+; correct the table's specification$/;
  await expect(worker().ensure(spec)).rejects.toThrow(text);
});
