import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
