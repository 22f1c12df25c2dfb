import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clickhouseTables } from '../../tables/clickhouse.ts';
import { quoteName } from '../../tables/ddl.ts';
import { counts, put, row, tablesConformance } from '../conformance/tables.ts';

const server = process.env['CLICKHOUSE_URL'];
const connect = (url: string) => createClient({ url, request_timeout: 2_000, log: { level: ClickHouseLogLevel.OFF } });

if (server === undefined) {
  describe.skip('tables on a ClickHouse server (CLICKHOUSE_URL names none)', () => test('conformance', () => {}));
} else {
  tablesConformance('tables on a ClickHouse server', async () => {
    const client = connect(server);
    return {
      tables: clickhouseTables(client),
      reopen: async () => clickhouseTables(connect(server)),
      async vanish(table) {
        await client.command({ query: `DROP TABLE ${quoteName(table)} SYNC` });
      },
    };
  });
}

/** Tables at an address whose every request is answered with this failure of ClickHouse, or hung up on. */
async function failing(code?: number) {
  const front = createServer((request, response) => {
    if (code === undefined) return void request.destroy();
    request.resume();
    response.writeHead(500, { 'X-ClickHouse-Exception-Code': String(code) });
    response.end(`Code: ${code}. DB::Exception: of this reason. (SOME_NAME)\n`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => front.once('listening', resolve));
  const tables = clickhouseTables(connect(`http://127.0.0.1:${(front.address() as AddressInfo).port}`));
  onTestFinished(async () => {
    await tables.close();
    front.close();
  });
  return tables;
}

const coded = (code: string) => expect.objectContaining({ code });

test('an insert whose connection broke may or may not have been applied', async () => {
  const tables = await failing();
  await expect(put(tables, 't', 'a', row('api', 1))).rejects.toEqual(coded('OUTCOME_UNKNOWN'));
  await expect(tables.ensure(counts())).rejects.toEqual(coded('OUTCOME_UNKNOWN'));
  await expect(tables.query('SELECT 1')).rejects.toEqual(coded('TABLE_QUERY_FAILED'));
});

test('what a server may get over is an unknown outcome, rows that never fit are refused', async () => {
  for (const code of [241, 252, 159, 202, 243, 319, 999, 516]) {
    await expect(put(await failing(code), 't', 'a', row('api', 1)), String(code)).rejects.toEqual(
      coded('OUTCOME_UNKNOWN'),
    );
  }
  for (const code of [27, 72, 117, 53, 469]) {
    const insert = put(await failing(code), 't', 'a', row('api', 1));
    await expect(insert, String(code)).rejects.toThrow(
      "TABLE_INSERT_REFUSED: table 't' refused 1 rows: of this reason",
    );
  }
});

test('a table that the server does not know is missing', async () => {
  await expect(put(await failing(60), 't', 'a', row('api', 1))).rejects.toEqual(coded('TABLE_MISSING'));
});
