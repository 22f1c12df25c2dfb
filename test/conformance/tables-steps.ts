/** What the suite of Tables works with: tables under test, and their steps in short. */
import { randomUUID } from 'node:crypto';
import type { Row, TableSpec, Tables } from '../../tables/tables.ts';

/** Tables under test. `reopen` closes them and opens what survived; tables that keep nothing have none. */
export interface TablesUnderTest {
  readonly tables: Tables;
  readonly reopen?: () => Promise<Tables>;
  /** Removes a table behind the port's back. */
  readonly vanish?: (table: string) => Promise<void>;
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

export const put = (tables: Tables, table: string, token: string, ...rows: readonly Row[]): Promise<void> =>
  tables.insert(table, ndjson(rows), { rows: rows.length, token });

export type Start = () => Promise<TablesUnderTest & { readonly spec: TableSpec }>;
