import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { damageOf } from '../../lmdb/damage.ts';
import { openEmbedded } from '../../lmdb/environment.ts';

/** The bytes of a file with small and large values, written over several transactions. */
async function sample(path: string): Promise<Buffer> {
  const file = openEmbedded(path);
  const table = file.table('table');
  for (let round = 0; round < 5; round++) {
    await file.write(() => {
      for (let i = 0; i < 800; i++) {
        table.putSync(Buffer.from(`key-${i * 7 + round}`), Buffer.alloc(i % 9 === 0 ? 6_000 : 60, round));
      }
    });
  }
  await file.close();
  return readFileSync(join(path, 'data.mdb'));
}

test('a sound file has no damage, nor has an empty or a missing one', async () => {
  const path = mkdtempSync(join(tmpdir(), 'millrace-check-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const file = join(path, 'data.mdb');
  expect(damageOf(file)).toBeUndefined();
  writeFileSync(file, '');
  expect(damageOf(file)).toBeUndefined();
  await sample(path);
  expect(damageOf(file)).toBeUndefined();
});

test('each of four hundred random damages is found, or LMDB keeps working without a signal', async () => {
  const path = mkdtempSync(join(tmpdir(), 'millrace-check-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  await sample(path);
  const script = join(import.meta.dirname, '../support/processes/damager.ts');
  const child = spawnSync(process.execPath, ['--import', 'tsx', script, path, '400'], { encoding: 'utf8' });
  expect({ signal: child.signal, stderr: child.stderr }).toEqual({ signal: null, stderr: '' });
  const { found, survived } = JSON.parse(child.stdout) as { found: number; survived: number };
  expect(found).toBeGreaterThan(50);
  expect(found + survived).toBe(400);
});
