import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

test('what is on standard input does not become rows', async () => {
  const script = join(import.meta.dirname, '../../support/processes/chdb-stdin.ts');
  const path = join(mkdtempSync(join(tmpdir(), 'millrace-stdin-')), 'tables');
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end('{"n":2,"revision":1,"is_deleted":0}\n'.repeat(5));
  expect((await text(child.stdout)).trim()).toBe('1');
});
