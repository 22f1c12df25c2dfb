import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ChdbTables, chdbTables } from '../../../tables/chdb/chdb.ts';
import { serveTables, type TableServer } from '../../../tables/http/http.ts';
import { counts, put, row } from '../../conformance/tables-steps.ts';

const path = mkdtempSync(join(tmpdir(), 'millrace-http-'));
const secret = join(path, 'secret.csv');
const spec = { ...counts(), name: 'counts' };
let tables: ChdbTables;
let server: TableServer;

beforeAll(async () => {
  writeFileSync(secret, 'topsecret,2\n');
  tables = await chdbTables(join(path, 'tables'));
  await tables.ensure(spec);
  await put(tables, spec.name, 'a', row('api', 1), row('db', 2));
  server = await serveTables(tables);
});

afterAll(async () => {
  await server.close();
  await tables.close();
  rmSync(path, { recursive: true, force: true });
});

function client(options: Parameters<typeof createClient>[0] = {}) {
  const made = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF }, ...options });
  onTestFinished(() => made.close());
  return made;
}

const rows = async (sql: string, query_params: Record<string, unknown> = {}) =>
  (await client().query({ query: sql, query_params, format: 'JSONEachRow' })).json();

/** Sends a request as no well-behaved client would. */
async function raw(headers: Record<string, string>, sql = 'SELECT 1', url = server.url) {
  const sent = request(url, { method: 'POST', headers, agent: false });
  sent.end(sql);
  const [response] = await once(sent, 'response');
  return {
    status: response.statusCode,
    code: response.headers['x-clickhouse-exception-code'],
    text: String(await response.setEncoding('utf8').toArray()),
  };
}

test('the stock client pings it and is answered rows, with hostile values bound', async () => {
  expect(await client().ping()).toEqual({ success: true });
  expect(await rows('SELECT service, count FROM counts FINAL ORDER BY service')).toEqual([
    { service: 'api', count: 1 },
    { service: 'db', count: 2 },
  ]);
  for (const text of ["it's", 'back\\slash', 'a\tb\nc', '☃', "'; DROP TABLE counts; --", '{x:String}']) {
    const answer = await rows('SELECT {text:String} AS text, {list:Array(String)} AS list', { text, list: [text] });
    expect(answer).toEqual([{ text, list: [text] }]);
  }
});

test('what analysts write is answered', async () => {
  const statements = [
    'SELECT toStartOfHour(window_start) AS h, countIf(count > 1) FROM counts GROUP BY h WITH ROLLUP ORDER BY h LIMIT 5',
    "SELECT quantilesTDigest(0.5, 0.9)(count), sumMap(map('a', 1)), replace('a', 'b', 'c') FROM counts",
    'WITH t AS (SELECT *, row_number() OVER (PARTITION BY service ORDER BY count) AS n FROM counts) SELECT * FROM t',
    'SELECT * FROM counts WHERE count = 1 AND service IN (SELECT service FROM counts)',
    'SELECT a.service, b.count FROM counts AS a ASOF LEFT JOIN counts AS b USING (service, window_start)',
    'SELECT arrayMap(x -> (x * 2), [1, 2]), CASE WHEN (1) THEN (2) ELSE 3 END, 5::UInt8, now() - INTERVAL 1 HOUR',
    "SELECT * EXCEPT (count), COLUMNS('^s') FROM counts",
    'SELECT service, revision FROM counts UNION ALL SELECT toString(number), 0 FROM numbers(3) -- and a comment',
    "SELECT * FROM (SELECT service AS s FROM counts) WHERE NOT (s LIKE '%file(%') SETTINGS max_threads = 2",
    'SHOW TABLES',
    'DESCRIBE TABLE counts',
    'EXPLAIN SELECT 1',
    'EXISTS TABLE counts',
    'SHOW CREATE TABLE counts',
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
    'SELECT name, type FROM system.columns LIMIT 1',
    'SELECT any(service), argMax(count, window_start), uniqExact(service) FROM counts HAVING (count() > 0)',
    'SELECT exists((SELECT 1))',
    'SELECT grouping(service), count() FROM counts GROUP BY GROUPING SETS ((service), ())',
  ];
  for (const sql of statements) expect(await raw({}, sql), sql).toMatchObject({ status: 200 });
});

test('nothing that writes, reads files, leaves the process or changes settings is run', async () => {
  const file = `'${secret}'`;
  const statements = [
    'INSERT INTO counts (service) VALUES (1)',
    'DROP TABLE counts',
    'TRUNCATE TABLE counts',
    'CREATE TABLE x (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE x (a UInt8)',
    'ALTER TABLE counts DELETE WHERE 1',
    'OPTIMIZE TABLE counts FINAL',
    'SYSTEM SHUTDOWN',
    'KILL QUERY WHERE 1',
    'SET readonly = 0',
    'USE system',
    "BACKUP TABLE counts TO File('/tmp/x')",
    'ATTACH TABLE x',
    'GRANT ALL ON *.* TO default',
    `SELECT 1; SELECT file(${file})`,
    `SELECT file(${file})`,
    `SELECT FILE(${file})`,
    `SELECT \`file\`(${file})`,
    `SELECT "file" (${file})`,
    `SELECT file /* x */ (${file})`,
    `SELECT arrayMap(file, [${file}])`,
    `SELECT arrayMap(x -> file(x), [${file}])`,
    `SELECT * APPLY file FROM (SELECT ${file})`,
    `SELECT * APPLY(file) FROM (SELECT ${file})`,
    `SELECT * REPLACE (file(${file}) AS service) FROM counts`,
    `WITH file(${file}) AS x SELECT x`,
    `SELECT * FROM file(${file})`,
    `SELECT * FROM file(${file}, 'CSV', 'a String')`,
    `SELECT * FROM ${file}`,
    `SELECT * FROM \`${secret}\``,
    `DESCRIBE TABLE file(${file})`,
    `EXPLAIN SELECT file(${file})`,
    `SELECT 1 IN file(${file}, 'CSV', 'a UInt8')`,
    `SELECT count() FROM counts ORDER BY file(${file})`,
    `SELECT service FROM counts ORDER BY service WITH FILL INTERPOLATE (service AS file(${file}))`,
    `SELECT row_number() OVER (ORDER BY file(${file})) FROM counts`,
    `SELECT 1 INTO OUTFILE '${path}/out.csv'`,
    `SELECT 1 INTO OUTFILE '${path}/out.csv' FORMAT CSV`,
    "SELECT * FROM url('http://127.0.0.1:9/', 'CSV', 'a String')",
    "DESCRIBE TABLE url('http://127.0.0.1:9/', 'CSV')",
    "DESCRIBE TABLE s3('http://127.0.0.1:9/a/b')",
    "SELECT * FROM executable('ls', 'TSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM merge('system', '.')",
    "SELECT aiGenerate('x')",
    "SELECT hasColumnInTable('127.0.0.1', 'user', 'password', 'system', 'one', 'dummy')",
    'SELECT sleep(3)',
    "SELECT getSetting('readonly')",
    'SELECT * FROM system.stack_trace',
    'SELECT * FROM `system`.`stack_trace`',
    "SELECT catboostEvaluate('/x', 1)",
    'SELECT 1 PARALLEL WITH KILL QUERY WHERE 1',
    'SELECT 1 SETTINGS readonly = 0',
    'SELECT 1 SETTINGS max_execution_time = 0',
  ];
  for (const sql of statements) {
    const answer = await raw({}, sql);
    expect(answer.status, `${sql} → ${answer.text}`).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('topsecret');
  }
  expect(await rows('SELECT count() AS n FROM counts')).toEqual([{ n: 2 }]);
});

test('values beside a statement name neither function nor table, and setting up a statement is not a way either', async () => {
  const beside: readonly (readonly [string, Record<string, string>])[] = [
    [`SELECT arrayMap({f:Identifier}, ['${secret}'])`, { f: 'file' }],
    ['SELECT * FROM {t:Identifier}', { t: secret }],
    ['SELECT count() FROM system.{t:Identifier}', { t: 'stack_trace' }],
    ['SELECT count() FROM {d:Identifier}.stack_trace', { d: 'system' }],
    ['DESCRIBE TABLE system.{t:Identifier}', { t: 'stack_trace' }],
    [`SELECT {x:Enum8('}' = 1)}, file('${secret}')`, { x: '}' }],
    ["SELECT {f:String} SETTINGS param_f = 'x'", {}],
    ["SELECT number FROM numbers(3) SETTINGS additional_result_filter = 'number != 1'", {}],
    ["SELECT count FROM counts SETTINGS additional_table_filters = {'counts': 'count != 1'}", {}],
    ["SET param_f = 'file'", {}],
  ];
  for (const [sql, values] of beside) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) parameters.set(`param_${name}`, value);
    const answer = await raw({}, sql, `${server.url}/?${parameters}`);
    expect(answer, sql).toMatchObject({ status: expect.toSatisfy((status: number) => status >= 400) });
    expect(answer.text).not.toContain('topsecret');
  }
});

test('a value is gone with its request, and requests side by side do not see those of others', async () => {
  expect(await rows('SELECT {a:String} AS a', { a: 'mine' })).toEqual([{ a: 'mine' }]);
  for (const name of ['a', 'text']) expect(await raw({}, `SELECT {${name}:String}`)).toMatchObject({ status: 403 });
  const asked = Array.from({ length: 40 }, (_, i) => rows('SELECT {n:UInt16} AS n', { n: i }));
  expect((await Promise.all(asked)).flat()).toEqual(Array.from({ length: 40 }, (_, n) => ({ n })));
  await expect(tables.ask({ sql: 'SELECT {n:UInt16}', format: 'CSV', values: {} })).rejects.toThrow(/not set/);
});

test('whether a file exists is not told', async () => {
  expect((await raw({}, 'EXISTS TABLE counts')).text).toBe('1\n');
  expect((await raw({}, 'EXISTS LICENSE')).text).toBe('0\n');
  expect(await raw({}, `EXISTS TABLE \`${secret}\``)).toMatchObject({ status: 403 });
});

test('a column that is called like a forbidden function is read by naming its table', async () => {
  await tables.ensure({
    name: 'places',
    comment: '',
    columns: { file: { type: 'String', comment: '' } },
    identity: ['file'],
  });
  await put(tables, 'places', 'a', { file: 'main.ts', revision: 1, is_deleted: 0 });
  expect(await rows('SELECT places.file AS name FROM places')).toEqual([{ name: 'main.ts' }]);
  expect(await raw({}, 'SELECT file FROM places')).toMatchObject({ status: 403 });
});

test('failures carry the number, name and status of ClickHouse', async () => {
  const failure = (code: string, type: string) => expect.objectContaining({ code, type });
  await expect(rows('SELECT * FROM nowhere')).rejects.toEqual(failure('60', 'UNKNOWN_TABLE'));
  await expect(rows('SELECT FROM WHERE')).rejects.toEqual(failure('62', 'SYNTAX_ERROR'));
  await expect(rows('DROP TABLE counts')).rejects.toEqual(failure('164', 'READONLY'));
  const settings = client().query({ query: 'SELECT 1', clickhouse_settings: { max_execution_time: 0 } });
  await expect(settings).rejects.toEqual(failure('164', 'READONLY'));
  await expect(client({ database: 'other' }).query({ query: 'SELECT 1' })).rejects.toEqual(
    failure('81', 'UNKNOWN_DATABASE'),
  );
  expect(await raw({}, 'SELECT * FROM nowhere')).toMatchObject({ status: 404, code: '60' });
  expect(await raw({}, ' '.repeat(2_000_000))).toMatchObject({ status: 413 });
});

test('a format may be named in the statement or beside it', async () => {
  expect((await raw({}, 'SELECT 1 AS a, 2 AS b FORMAT JSONEachRow')).text).toBe('{"a":1,"b":2}\n');
  expect((await raw({}, 'SELECT 1 AS a, 2 AS b', `${server.url}/?default_format=CSV`)).text).toBe('1,2\n');
  expect((await raw({}, 'SELECT 1 AS a, 2 AS b')).text).toBe('1\t2\n');
});

test('a statement may come in parts', async () => {
  const sent = request(server.url, { method: 'POST', agent: false });
  for (const part of ['SELECT ', '1, ', "'☃'"]) sent.write(part);
  sent.end();
  const [response] = await once(sent, 'response');
  expect(String(await response.setEncoding('utf8').toArray())).toBe('1\t☃\n');
});

test('what is no statement is refused in the form of ClickHouse', async () => {
  expect(await raw({}, 'SELECT 1', `${server.url}/other?query=x`)).toEqual({
    status: 404,
    code: '60',
    text: 'Code: 60. DB::Exception: there is no path /other. (UNKNOWN_TABLE)\n',
  });
  expect(await raw({ 'content-encoding': 'gzip' })).toMatchObject({ status: 400, code: '1' });
  expect(await raw({ 'transfer-encoding': 'chunked' }, ' '.repeat(2_000_000))).toMatchObject({
    status: 413,
    text: expect.stringContaining('at most 1048576 bytes'),
  });
  expect((await raw({}, '', `${server.url}/%zz`)).text).toMatch(/^Code: \d+\. DB::Exception: /);
});

test('requests of web pages are refused', async () => {
  expect(await raw({ origin: 'https://example.org' })).toMatchObject({ status: 403, code: '497' });
  expect(await raw({ host: 'rebound.example.org' })).toMatchObject({ status: 403, code: '497' });
  expect(await raw({ host: 'localhost:1' })).toMatchObject({ status: 200 });
});

test('with a token only requests that carry it are answered', async () => {
  const guarded = await serveTables(tables, { token: 'open:sesame' });
  onTestFinished(() => guarded.close());
  const basic = `Basic ${Buffer.from('default:open:sesame').toString('base64')}`;
  for (const headers of [
    { authorization: 'Bearer open:sesame' },
    { authorization: basic },
    { 'x-clickhouse-key': 'open:sesame' },
  ]) {
    expect(await raw(headers, 'SELECT 1', guarded.url)).toMatchObject({ status: 200 });
  }
  for (const headers of [
    {},
    { authorization: 'Bearer open' },
    { authorization: 'Basic !' },
    { 'x-clickhouse-key': '' },
  ]) {
    expect(await raw(headers, 'SELECT 1', guarded.url)).toMatchObject({ status: 403, code: '516' });
  }
  expect(
    (await client({ url: guarded.url, password: 'open:sesame' }).query({ query: 'SELECT 1' })).query_id,
  ).toBeTruthy();
});

test('beyond this machine it listens only with a token', async () => {
  await expect(serveTables(tables, { host: '0.0.0.0' })).rejects.toEqual(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});

test('a slow question does not keep inserts waiting', async () => {
  const slow = raw({}, 'SELECT count() FROM numbers(3000000000) WHERE cityHash64(number) = 1');
  const inserted = put(tables, spec.name, 'b', row('late', 1)).then(() => 'inserted');
  expect(await Promise.race([slow.then(() => 'answered'), inserted])).toBe('inserted');
  await slow;
});
