import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import { missingRows } from '../../../tables/clickhouse/missing-rows.ts';
import type { Row } from '../../../tables/tables.ts';
import { ndjson, put } from '../../conformance/tables-steps.ts';

test('rows are found by every type of identity, and only those of their revision or a later one of their insert', async () => {
  const path = mkdtempSync(join(tmpdir(), 'millrace-missing-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const tables = await chdbTables(path);
  onTestFinished(() => tables.close());
  const types = ['LowCardinality(String)', 'DateTime64(3)', 'DateTime', 'UInt64', 'Int32', 'Bool', 'Array(String)'];
  const columns = Object.fromEntries(types.map((type, i) => [`c${i}`, { type, comment: '' }]));
  await tables.ensure({ name: 't', comment: '', columns, identity: Object.keys(columns) });
  const one = (service: string, revision: number, rest: Row = {}): Row => ({
    ...{ c0: service, c1: 1769676684967, c2: '2026-01-29T13:00:00+01:00', c3: '18446744073709551615' },
    ...{ c4: -1, c5: true, c6: ["it's", '☃'], revision, is_deleted: 0, ...rest },
  });
  const missing = async (...rows: readonly Row[]) =>
    Buffer.from(await missingRows(tables.query, 't', ndjson(rows)))
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  const sent = [one('a', 5), one('b', 6), one('a', 7), { c0: 'only its name', revision: 8, is_deleted: 0 }];
  expect(await missing(...sent)).toEqual(sent);
  await put(tables, 't', 'x', ...sent);
  expect(await missing(...sent)).toEqual([]);
  // Another identity each, an older row that these did not replace, and a newer one.
  const others = [one('c', 6), one('a', 5, { c1: 0 }), one('a', 5, { c6: [] }), one('b', 7)];
  expect(await missing(...others)).toEqual(others);
  expect(await missing(one('b', 7), one('b', 6))).toEqual([one('b', 7)]);
  const wide = one('a', 0, { revision: '18446744073709551615' });
  expect(await missing(one('a', 5), wide)).toEqual([wide]);
  await put(tables, 't', 'y', wide);
  expect(await missing(one('a', 5), wide)).toEqual([]);
});
