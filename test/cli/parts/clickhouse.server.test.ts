/** The tables that CLICKHOUSE_URL names, before anything is written to them. */
import { expect, test } from 'vitest';
import { tablesAt } from '../../../cli/parts/clickhouse.ts';
import { systemClock } from '../../../time/clock.ts';
import { failingClickHouse } from '../../support/servers/failing-clickhouse.ts';

test.each([
  ['a user who is not let in', 516, /^TABLES_UNSAFE: .* of this reason; correct user and password in CLICKHOUSE_URL$/],
  ['an unknown database', 81, /^TABLES_UNSAFE: .* of this reason; create the database, or correct its name/],
  ['a user without privileges', 497, /^TABLES_UNSAFE: .* of this reason; grant its user what is missing/],
])('%s ends the start with what to do', async (_, code, text) => {
  await expect(tablesAt(await failingClickHouse(code), systemClock, { warn() {} })).rejects.toThrow(text);
});

test('a server that is busy is waited for', async () => {
  const told: string[] = [];
  const log = { warn: (_: object, text: string) => void told.push(text) };
  const tables = await tablesAt(await failingClickHouse(202), systemClock, log);
  await tables.close();
  expect(told).toEqual(['the tables do not answer; rows wait for them']);
});
