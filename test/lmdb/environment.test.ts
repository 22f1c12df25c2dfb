import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../lmdb/environment.ts';

function fresh(): Embedded {
  const path = mkdtempSync(join(tmpdir(), 'millrace-embedded-'));
  const file = openEmbedded(path);
  onTestFinished(async () => {
    await file.close();
    rmSync(path, { recursive: true, force: true });
  });
  return file;
}

test('an action that throws leaves nothing, and concurrent actions stay complete', async () => {
  const file = fresh();
  const table = file.table('table');
  const put = (key: string) => table.putSync(Buffer.from(key), Buffer.from(key));
  const outcomes = await Promise.allSettled([
    file.write(() => put('before')),
    file.write(() => {
      put('half');
      throw new Error('stop');
    }),
    file.write(() => put('after')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const keys = file.read(() => [...table.getKeys({ start: Buffer.alloc(1) })].map(String));
  expect(keys).toEqual(['after', 'before']);
});

test('writes run in the order of their calls, each seeing the one before', async () => {
  const file = fresh();
  const table = file.table('table');
  const key = Buffer.from('count');
  const increment = () => {
    const next = Number(table.get(key)?.toString() ?? 0) + 1;
    table.putSync(key, Buffer.from(String(next)));
    return next;
  };
  const numbers = await Promise.all(Array.from({ length: 50 }, () => file.write(increment)));
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});
