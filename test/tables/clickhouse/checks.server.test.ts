import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkClickHouse, findingsOf, type Inspected } from '../../../tables/clickhouse/checks.ts';
import { systemClock } from '../../../time/clock.ts';
import { connect, type TablesServer, tablesServer } from '../../support/servers/tables.ts';

let server: TablesServer;

beforeAll(async () => {
  server = await tablesServer();
});

afterAll(() => server.stop());

const check = (settings: Readonly<Record<string, string>>, ahead = 0) => {
  const client = connect(server.url, { clickhouse_settings: settings });
  onTestFinished(() => client.close());
  return checkClickHouse(client, { ...systemClock, now: () => systemClock.now() - ahead });
};

test('a server that is well has no findings', async () => {
  expect(await check({})).toEqual([]);
});

test('a user who may only read is refused, and told once', async () => {
  expect(await check({ readonly: '1' })).toEqual([
    { level: 'refuse', text: expect.stringMatching(/readonly = 1 and can't write/) },
  ]);
});

test('tokens that do not count and a clock that is off are warnings', async () => {
  expect(await check({ deduplicate_insert: 'disable' }, 7_000)).toEqual([
    { level: 'warn', text: expect.stringMatching(/^deduplicate_insert is disable/) },
    { level: 'warn', text: expect.stringMatching(/^its clock is 7 s ahead of ours/) },
  ]);
  expect(await check({}, -7_000)).toEqual([{ level: 'warn', text: expect.stringMatching(/7 s behind ours/) }]);
});

const well: Inspected = { version: '25.8.1.1', database: 'logs', settings: new Map(), lacking: [], aheadMs: 4_000 };
const texts = (part: Partial<Inspected>) =>
  findingsOf({ ...well, ...part }).map(({ level, text }) => `${level}: ${text}`);

test('an old server, missing privileges and constraints that stand against inserts are refused', () => {
  expect(texts({})).toEqual([]);
  expect(texts({ version: '23.12.9.1' })).toEqual([expect.stringMatching(/^refuse: it is version 23\.12\.9\.1/)]);
  expect(texts({ lacking: ['INSERT', 'CREATE TABLE'] })).toEqual([
    'refuse: its user lacks INSERT, CREATE TABLE on logs.*; grant what is missing',
  ]);
  const settings = new Map([
    ['async_insert', { value: '1', fixed: true }],
    ['max_partitions_per_insert_block', { value: '100', fixed: true }],
    ['insert_deduplicate', { value: '1', fixed: true }],
    ['date_time_input_format', { value: 'basic', fixed: false }],
  ]);
  expect(texts({ settings })).toEqual([
    expect.stringMatching(
      /^refuse: a constraint holds async_insert at 1, and it must be 0: an insert would be answered/,
    ),
    expect.stringMatching(/^refuse: a constraint holds max_partitions_per_insert_block at 100/),
  ]);
});
