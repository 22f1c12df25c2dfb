import { execFileSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MillraceError } from '../../../errors.ts';
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import { counts } from '../../conformance/tables-steps.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

test('tables whose metadata is damaged, and a file in their place, are coded errors that name the path', async () => {
  const path = join(emptyDirectory(), 'tables');
  const tables = await chdbTables(path);
  await tables.ensure(counts());
  await tables.close();
  const found = execFileSync('find', [path, '-name', '*.sql'], { encoding: 'utf8' }).trim().split('\n');
  expect(found.length).toBeGreaterThan(0);
  for (const file of found) writeFileSync(file, 'damaged (');
  await expect(chdbTables(path)).rejects.toMatchObject({ code: 'STATE_CORRUPT', detail: { path } });

  const file = join(emptyDirectory(), 'tables');
  writeFileSync(file, '');
  await expect(chdbTables(file)).rejects.toMatchObject({ code: 'EMBEDDED_UNUSABLE', detail: { path: file } });
});

test('a part that can not be read is told, and tables open without its rows once it is deleted', async () => {
  const path = join(emptyDirectory(), 'tables');
  const first = await chdbTables(path);
  await first.writer.command({ query: 'CREATE TABLE a (n UInt64) ENGINE = MergeTree ORDER BY n' });
  await first.writer.command({ query: 'INSERT INTO a VALUES (1)' });
  await first.writer.command({ query: 'INSERT INTO a VALUES (2)' });
  const parts = await first.query("SELECT path FROM system.parts WHERE table = 'a' AND active ORDER BY name");
  await first.close();
  expect(parts).toHaveLength(2);
  truncateSync(join(String(parts[0]!['path']), 'data.bin'), 5);

  const error = await chdbTables(path).then(
    () => undefined,
    (reason: unknown) => reason as MillraceError,
  );
  expect(error).toMatchObject({ code: 'TABLE_PARTS_DAMAGED', detail: { path, tables: "'a'", parts: 1 } });
  const folder = String(error!.detail['folders']);
  expect(folder).toContain('broken-on-start');

  rmSync(folder, { recursive: true });
  const again = await chdbTables(path);
  expect(await again.query('SELECT n FROM a')).toEqual([{ n: 2 }]);
  await again.close();
});
