import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import type { TableSpec } from '../../../tables/tables.ts';

const spec: TableSpec = {
  name: 'numbers',
  comment: 'Numbers',
  columns: { n: { type: 'UInt64', comment: 'It' } },
  identity: ['n'],
  partitionBy: 'n % 2',
};

/** Inserts each number under a token of its own. */
async function insert(path: string, numbers: readonly number[], statement?: string): Promise<readonly number[]> {
  const tables = await chdbTables(path);
  await tables.ensure(spec);
  for (const n of numbers)
    await tables.insert('numbers', Buffer.from(`{"n":${n}}\n`), { rows: 1, token: `token-${n}` });
  if (statement !== undefined) await tables.writer.command({ query: statement });
  const rows = await tables.query('SELECT n FROM numbers ORDER BY n');
  await tables.close();
  return rows.map(({ n }) => Number(n));
}

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-repair-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('an insert killed between its token and its rows is completed by its repetition', async () => {
  const path = directory();
  expect(await insert(path, [1, 2, 3])).toEqual([1, 2, 3]);
  // What such a kill leaves: the token of insert 3 stands in the log, its part is not there.
  const files = readdirSync(path, { recursive: true }).map((name) => join(path, String(name)));
  const log = files.find((name) => name.endsWith('deduplication_log_1.txt'))!;
  const part = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)!.split('\t')[1]!;
  rmSync(files.find((name) => name.endsWith(part))!, { recursive: true });
  expect(await insert(path, [])).toEqual([1, 2]);
  expect(await insert(path, [1, 2, 3])).toEqual([1, 2, 3]);
});

test('tokens of parts that were merged since stay known', async () => {
  const path = directory();
  await insert(path, [1, 2, 3, 5], 'OPTIMIZE TABLE numbers FINAL');
  expect(await insert(path, [1, 2, 3, 5])).toEqual([1, 2, 3, 5]);
});
