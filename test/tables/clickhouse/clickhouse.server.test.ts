import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { hasCode } from '../../../errors.ts';
import { clickhouseTables } from '../../../tables/clickhouse/clickhouse.ts';
import { quoteName } from '../../../tables/clickhouse/ddl.ts';
import type { Tables } from '../../../tables/tables.ts';
import { tablesConformance } from '../../conformance/tables.ts';
import { counts, mergeBy, type OpenTables, put, row } from '../../conformance/tables-steps.ts';
import { type FaultProxy, faultProxy } from '../../support/fault-proxy.ts';
import { failingClickHouse } from '../../support/servers/failing-clickhouse.ts';
import { connect, type TablesServer, tablesServer, urlThrough } from '../../support/servers/tables.ts';

let server: TablesServer;
let losing: FaultProxy;
let slow: FaultProxy;

beforeAll(async () => {
  server = await tablesServer();
  losing = await faultProxy(server);
  slow = await faultProxy(server);
  slow.delay(5);
});

afterAll(async () => {
  await losing.close();
  await slow.close();
  await server.stop();
});

/** Tables at the server, reached at `url` as some network lets them be reached. */
function open(url: () => string, through: (tables: Tables) => Tables = (tables) => tables): OpenTables {
  return async () => {
    const tables = through(clickhouseTables(connect(url())));
    const direct = connect(server.url);
    onTestFinished(() => direct.close());
    return {
      tables,
      async reopen() {
        await tables.close();
        const again = clickhouseTables(connect(url()));
        onTestFinished(() => again.close());
        return again;
      },
      async vanish(table) {
        await direct.command({ query: `DROP TABLE ${quoteName(table)} SYNC` });
      },
      merge: mergeBy(tables, (query) => direct.command({ query })),
    };
  };
}

/** Inserts are repeated until their outcome is known, as a delivery does; `fault` befalls the first try of each. */
const insertsMeet =
  (fault: () => void) =>
  (tables: Tables): Tables => ({
    ...tables,
    async insert(table, ndjson, chunk) {
      if (chunk.rows > 0) fault();
      for (let tries = 1; ; tries++) {
        const error = await tables.insert(table, ndjson, chunk).catch((caught) => caught);
        if (error === undefined) return;
        if (!hasCode(error, 'OUTCOME_UNKNOWN') || tries === 5) throw error;
      }
    },
  });

const urlOf = (proxy: FaultProxy) => urlThrough(proxy, server.url);

const skips = [
  {
    reason: 'after an unknown outcome, other rows under the token are taken for those that are missing',
    tests: ['a second insert under the same token is a no-op, even with other rows'],
  },
  {
    reason: 'writes a hundred parts a try, and what they cost has nothing to do with the network',
    tests: ['an insert over many partitions is repeated without doubling'],
  },
];

tablesConformance(
  'tables over HTTP',
  open(() => server.url),
);

tablesConformance(
  'tables over HTTP whose first answer to every insert is lost',
  open(
    () => urlOf(losing),
    insertsMeet(() => void losing.loseAnswer('INSERT')),
  ),
  skips,
);

tablesConformance(
  'tables over HTTP that are far away, and whose connections break in the middle of every insert',
  open(
    () => urlOf(slow),
    insertsMeet(() => void slow.cutAfter(500)),
  ),
  skips,
);

test('rows whose answer was lost are not stored a second time by their repetition', async () => {
  const [knowing, direct] = [clickhouseTables(connect(urlOf(losing))), clickhouseTables(connect(server.url))];
  onTestFinished(() => Promise.all([knowing.close(), direct.close()]).then(() => {}));
  const spec = counts();
  await knowing.ensure(spec);
  // Merges would hide what was doubled.
  const client = connect(server.url);
  onTestFinished(() => client.close());
  await client.command({
    query: `ALTER TABLE ${spec.name} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1`,
  });
  const lost = losing.loseAnswer('INSERT');
  await expect(put(knowing, spec.name, 'a', row('api', 1))).rejects.toEqual(coded('OUTCOME_UNKNOWN'));
  await lost;
  await put(knowing, spec.name, 'a', row('api', 1));
  await put(direct, spec.name, 'a', row('api', 1));
  expect(await direct.query(`SELECT count() AS stored FROM ${spec.name}`)).toEqual([{ stored: 1 }]);
  // The control: another token stores it again.
  await put(direct, spec.name, 'b', row('api', 1));
  expect(await direct.query(`SELECT count() AS stored FROM ${spec.name}`)).toEqual([{ stored: 2 }]);
});

/** Tables at an address whose every request is answered with this failure of ClickHouse, or hung up on. */
async function failing(code?: number) {
  const tables = clickhouseTables(connect(await failingClickHouse(code)));
  onTestFinished(() => tables.close());
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

test('a server that will always refuse is no server that is away', async () => {
  for (const code of [50, 62, 81, 497, 516]) {
    const made = (await failing(code)).ensure(counts());
    await expect(made, String(code)).rejects.toThrow(/^TABLE_REFUSED: ClickHouse refuses to make table '\w+': of this/);
  }
  for (const code of [241, 159, 202, 242, 999]) {
    await expect((await failing(code)).ensure(counts()), String(code)).rejects.toEqual(coded('OUTCOME_UNKNOWN'));
  }
  for (const code of [164, 291, 497]) {
    const inserted = put(await failing(code), 't', 'a', row('api', 1));
    await expect(inserted, String(code)).rejects.toThrow(
      "TABLE_REFUSED: ClickHouse refuses to insert into table 't': of this reason; grant its user what is missing",
    );
  }
});
