/** What the suite of Tables works with: tables under test, and their steps in short. */
import { randomUUID } from 'node:crypto';
import { quoteName } from '../../tables/clickhouse/ddl.ts';
import type { Row, TableSpec, Tables } from '../../tables/tables.ts';

/** Tables under test. `reopen` closes them and opens what survived; tables that keep nothing have none. */
export interface TablesUnderTest {
  readonly tables: Tables;
  readonly reopen?: () => Promise<Tables>;
  /** Removes a table behind the port's back. */
  readonly vanish?: (table: string) => Promise<void>;
  /** Does what a server does in the background at some time: merges the parts of a table and drops what is too old. */
  readonly merge?: (table: string) => Promise<void>;
}

export type OpenTables = () => Promise<TablesUnderTest>;

/** A table of its own for each test, because a server is shared. */
export function counts(): TableSpec {
  return {
    name: `counts_${randomUUID().replaceAll('-', '')}`,
    comment: "Counts per service; it's a test.",
    columns: {
      service: { type: 'LowCardinality(String)', comment: 'Who.' },
      window_start: { type: 'DateTime64(3)', comment: 'When its window begins.' },
      count: { type: 'UInt64', comment: 'How many.' },
    },
    identity: ['service', 'window_start'],
    partitionBy: 'toYYYYMMDD(window_start)',
    ttl: 'inserted_at + INTERVAL 30 DAY',
  };
}

export const noon = '2026-01-29T12:00:00.000Z';

export const row = (service: string, count: number, revision = 1, rest: Row = {}): Row => {
  return { service, window_start: noon, count, revision, is_deleted: 0, ...rest };
};

export const ndjson = (rows: readonly Row[]): Uint8Array =>
  Buffer.from(rows.map((r) => `${JSON.stringify(r)}\n`).join(''));

/** What `merge` of a ClickHouse is. A changed TTL is still on its way through the parts when `ensure` resolves. */
export const mergeBy =
  (tables: Pick<Tables, 'query'>, command: (sql: string) => Promise<unknown>) =>
  async (table: string): Promise<void> => {
    for (let busy = true; busy; ) {
      const [left] = await tables.query(
        'SELECT count() AS parts FROM system.mutations WHERE table = {table:String} AND NOT is_done',
        { table },
      );
      busy = Number(left!['parts']) > 0;
    }
    await command(`OPTIMIZE TABLE ${quoteName(table)} FINAL`);
  };

export const put = (tables: Tables, table: string, token: string, ...rows: readonly Row[]): Promise<void> =>
  tables.insert(table, ndjson(rows), { rows: rows.length, token });

export type Start = () => Promise<TablesUnderTest & { readonly spec: TableSpec }>;
