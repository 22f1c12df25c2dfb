import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDirectory } from '../../support/empty-directory.ts';
import { printed, startChild } from '../../support/processes/child.ts';

test('more files than a process may have open are read all the same', async () => {
  const directory = emptyDirectory();
  for (let i = 0; i < 300; i++) writeFileSync(join(directory, `${i}.log`), 'one\n');
  const script = join(import.meta.dirname, '../../support/processes/many-files.ts');
  expect(await printed(startChild(script, directory, 'ulimit -n 60;'), 0)).toBe(300);
});
