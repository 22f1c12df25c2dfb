/** How long rows are kept is what was set last, in tables that are there already, too. */
import { expect, onTestFinished, test } from 'vitest';
import { chdbTables } from '../../tables/chdb/chdb.ts';
import { ttlOf } from '../../tables/clickhouse/ddl.ts';
import { type Retention, retaining } from '../../tables/retention.ts';
import { counts, mergeBy, put, row } from '../conformance/tables-steps.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

test('a changed setting alters the table, forever and back, and rows outlive it', async () => {
  const chdb = await chdbTables(emptyDirectory());
  onTestFinished(() => chdb.close());
  const spec = counts();
  const kept = async (retention: Retention) => {
    await retaining(chdb, retention).ensure(spec);
    const [table] = await chdb.query('SELECT engine_full AS e FROM system.tables WHERE name = {name:String}', {
      name: spec.name,
    });
    return ttlOf(String(table!['e']));
  };
  expect(await kept({})).toBe('inserted_at + toIntervalDay(30)');
  // An event of January is as young as its insert.
  await put(chdb, spec.name, 'a', row('api', 1));
  expect(await kept({ [spec.name]: 7, other: 3 })).toBe('inserted_at + toIntervalDay(7)');
  expect(await kept({ [spec.name]: 'forever' })).toBe('');
  expect(await kept({ [spec.name]: 9_999 })).toBe('inserted_at + toIntervalDay(9999)');
  expect(await kept({})).toBe('inserted_at + toIntervalDay(30)');
  await mergeBy(chdb, (query) => chdb.writer.command({ query }))(spec.name);
  expect(await chdb.rows(spec.name)).toEqual([row('api', 1)]);
});
