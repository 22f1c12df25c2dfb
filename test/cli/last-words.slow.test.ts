import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openServer } from '../../cli/http-server.ts';
import { bin, start } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

/** Runs a line of a shell, in which `$M` is the command and `$LOG` a log of two thousand lines. */
async function shell(line: string) {
  const log = join(emptyDirectory(), 'app.log');
  writeFileSync(log, '2026-01-29T08:51:24.000Z INFO a request was handled\n'.repeat(2_000));
  const env = { M: `${process.execPath} ${bin}`, LOG: log };
  return start(['-c', line], { env, by: ['bash'] }).ended;
}

test('stdout that is full ends a command with one line and exit code 1', async () => {
  for (const command of ['--help', 'parse $LOG', 'templates $LOG']) {
    const { code, err } = await shell(`$M ${command} > /dev/full`);
    expect([code, err], command).toEqual([1, expect.stringMatching(/^millrace: stdout can't be written: ENOSPC.*\n$/)]);
  }
});

test('a reader that goes away ends a command without a word', async () => {
  const { out, err } = await shell(`$M parse $LOG | head -n 1 | wc -l; echo \${PIPESTATUS[0]}`);
  expect([out, err]).toEqual(['1\n0\n', '']);
});

test('a watch whose stdout is full or closed ends in good order, and its incidents are kept', async () => {
  const directory = emptyDirectory();
  const log = join(directory, 'cart.log');
  const line = (i: number) => {
    const level = i >= 6_000 && i % 2 === 0 ? 'ERROR' : 'INFO';
    return `${new Date(Date.UTC(2026, 0, 29, 8) + i * 1_000).toISOString()} ${level} request ${i}\n`;
  };
  writeFileSync(log, Array.from({ length: 6_600 }, (_, i) => line(i)).join(''));
  for (const [i, [where, code]] of [
    ['> /dev/full; exit $?', 1],
    ['| true; exit \u0024{PIPESTATUS[0]}', 0],
  ].entries()) {
    const data = join(directory, `data${i}`);
    const watched = await shell(`$M watch ${log} --no-follow --data ${data} ${where}`);
    expect([watched.code, watched.err], String(where)).toEqual([
      code,
      expect.stringMatching(
        /stdout is lost, committing[\s\S]*6600 lines read[\s\S]*what stdout did not take is kept: /,
      ),
    ]);
    const { out } = await shell(`$M query --json --data ${data} "SELECT count() AS n FROM incidents FINAL"`);
    expect(out).toBe('{"n":1}\n');
  }
}, 60_000);

test('stderr that is full or closed ends nothing: data goes where it goes, and the exit code stays', async () => {
  for (const where of ['/dev/full', '>(exec true)']) {
    const { code, out } = await shell(`$M parse $LOG 2> ${where} | wc -l; exit \${PIPESTATUS[0]}`);
    expect([code, out], where).toEqual([0, '2000\n']);
    expect((await shell(`$M nonsense 2> ${where}`)).code, where).toBe(2);
    expect((await shell(`$M parse /no/such/file 2> ${where}`)).code, where).toBe(2);
  }
});

test('what was typed comes back without what a terminal obeys', async () => {
  const hostile = '\x1b]0;owned\x07\u202e\x9b2J';
  for (const args of [
    [hostile],
    ['parse', hostile],
    ['parse', '--format', hostile, 'x'],
    ['run', hostile],
    ['plan', hostile],
  ]) {
    const { code, err } = await start(args).ended;
    expect(code, args.join(' ')).toBe(2);
    expect(err.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    if (args[1] !== '--format') expect(err).toContain('owned');
  }
});

test('a port that is taken, and a file in place of the data directory, are one line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  const log = join(emptyDirectory(), 'app.log');
  writeFileSync(log, 'a line\n');
  await expect(openServer(() => {}, { port })).rejects.toMatchObject({
    code: 'USAGE',
    detail: { reason: expect.stringContaining('EADDRINUSE') },
  });
  const inPlace = await start(['watch', log, '--no-follow', '--data', log]).ended;
  expect([inPlace.code, inPlace.err]).toEqual([2, expect.stringMatching(/^millrace: EMBEDDED_UNUSABLE: [^\n]*\n$/)]);
});
