/** `millrace query` where CLICKHOUSE_URL names a server: it asks the tables that jobs write. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin, millrace, objects, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { type ChdbProcess, startChdb } from '../support/servers/chdb.ts';

let server: ChdbProcess;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startChdb();
  env = { CLICKHOUSE_URL: `http://ada:not-to-be-told@127.0.0.1:${server.port}` };
  const client = createClient({ url: server.url });
  await client.command({ query: 'CREATE TABLE orders (id UInt32, shop String) ENGINE = MergeTree ORDER BY id' });
  await client.insert({ table: 'orders', values: [{ id: 1, shop: '北' }], format: 'JSONEachRow' });
  await client.close();
}, 120_000);

afterAll(async () => {
  await server?.stop();
});

test('the server is asked, as a table and as NDJSON, and only reads', async () => {
  const json = await millrace(['query', '--json', 'SELECT * FROM orders -- all'], { env });
  expect([json.code, objects(json.out)]).toEqual([0, [{ id: 1, shop: '北' }]]);
  expect((await millrace(['query', 'SELECT shop FROM orders'], { env })).out).toContain('│ 北');
  const write = await millrace(['query', "INSERT INTO orders VALUES (2, 'south')"], { env });
  expect([write.code, write.err]).toEqual([1, expect.stringMatching(/^millrace: TABLE_QUERY_FAILED: .*readonly/i)]);
  expect((await millrace(['query', '--json', 'SELECT count() AS n FROM orders'], { env })).out).toContain('1');
}, 60_000);

test('what the server refuses is told with the server, in one line', async () => {
  const { code, err } = await millrace(['query', 'SELECT nothing FROM nowhere'], { env });
  expect([code, err]).toEqual([1, expect.stringMatching(/^millrace: TABLE_QUERY_FAILED: .*nowhere.*\n$/)]);
  expect(err).toContain(`asked of 127.0.0.1:${server.port}`);
}, 20_000);

test('--data asks the directory all the same', async () => {
  const { code, err } = await millrace(['query', 'SELECT 1', '--data', emptyDirectory()], { env });
  expect([code, err]).toEqual([2, expect.stringContaining('leave --data out to ask CLICKHOUSE_URL')]);
}, 20_000);

test.each(['', ' FORMAT Pretty'])(
  'a table on a terminal holds no colours and no leftovers of them%s',
  async (format) => {
    const dir = emptyDirectory();
    mkdirSync(join(dir, 'tables'));
    const command = `'${process.execPath}' '${bin}' query --data ${dir} 'SELECT 1 AS a${format}' 2> /dev/null`;
    const { code, out } = await start([], { by: ['script', '-qec', command, '/dev/null'] }).ended;
    expect([code, out]).toEqual([0, expect.stringMatching(/^[\s\w.\u2500-\u257f]+$/)]);
    expect(out).toMatch(/1 [│┃]/);
  },
  60_000,
);

test.each(['SIGSTOP', 'SIGKILL'] as const)(
  'a server after %s is named, in time and without its password',
  async (signal) => {
    if (signal === 'SIGKILL') await server.kill();
    else process.kill(server.pid, signal);
    const { code, err } = await millrace(['query', 'SELECT 1'], { env });
    if (signal === 'SIGSTOP') process.kill(server.pid, 'SIGCONT');
    const reason = new RegExp(`^millrace: TABLE_QUERY_FAILED: .*the tables at 127.0.0.1:${server.port} do not answer`);
    expect([code, err]).toEqual([1, expect.stringMatching(reason)]);
    expect(err).not.toContain('not-to-be-told');
  },
  20_000,
);

test('a URL that is none is refused without being repeated', async () => {
  const { code, err } = await millrace(['query', 'SELECT 1'], { env: { CLICKHOUSE_URL: 'ada:not-to-be-told@host' } });
  expect([code, err]).toEqual([2, expect.stringContaining('CLICKHOUSE_URL must look like https://')]);
  expect(err).not.toContain('not-to-be-told');
}, 20_000);
