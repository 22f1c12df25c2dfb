import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, start } from '../../support/command.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';
import { linesShown } from '../../support/shown.ts';

const lines = Array.from({ length: 300 }, (_, i) => `2026-01-29T08:00:00.${100 + i}Z INFO request ${i}\n`).join('');
const counts = /300 lines read/;

/** A folder with a log, and with the package installed as npm would link it. */
function workplace(): string {
  const cwd = emptyDirectory();
  writeFileSync(join(cwd, 'app.log'), lines);
  writeFileSync(join(cwd, 'package.json'), '{"name": "user", "version": "1.0.0"}');
  mkdirSync(join(cwd, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(bin, join(cwd, 'node_modules', '.bin', 'millrace'));
  return cwd;
}

const args = ['watch', 'app.log', '--console'];

describe('through npx', () => {
  test.each(['sh', 'bash'])('in %s, a SIGTERM to npx lets the job commit and say its counts', async (shell) => {
    const by = ['npx', '--no-install', 'millrace'] as const;
    const running = start(args, { cwd: workplace(), by, env: { npm_config_script_shell: shell } });
    await linesShown(running, 300);
    running.signal('SIGTERM');
    expect((await running.ended).err).toMatch(counts);
  });
});

test('a signal that comes twice at once is one, and the job ends gracefully', async () => {
  const running = start(args, { cwd: workplace() });
  await linesShown(running, 300);
  running.signal('SIGINT');
  running.signal('SIGINT');
  const { code, err } = await running.ended;
  expect([code, counts.test(err)]).toEqual([0, true]);
});
