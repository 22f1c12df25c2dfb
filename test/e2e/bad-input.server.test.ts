import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { millrace, objects } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';

/** Lines that no parser was made for, between lines that are as they should be. */
function badFile(): string {
  const folder = emptyDirectory();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'app.log');
  const good = (second: number) => `2026-01-29T08:51:${String(second).padStart(2, '0')}Z INFO request handled\n`;
  const garbage = Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7_919) % 256).filter((b) => b !== 10));
  const parts = [
    good(1),
    garbage,
    '\n',
    good(2),
    Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x80]),
    ' ERROR in no encoding\n',
    '\u0000\u0000\u0000\n',
    '{"level":"error","msg":"broken\n',
    `${'x'.repeat(10 << 20)}\n`,
    good(3),
  ];
  writeFileSync(path, Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'utf8') : p))));
  return path;
}

test('garbage, broken text and a line of 10 MB end in rows and dead letters, not in a crash', async () => {
  const data = emptyDirectory();
  const watched = await millrace(['watch', badFile(), '--no-follow', '--json', '--data', data]);
  const aside = /^millrace: 1 set aside as dead letters by 'logs': unreadable, from logs\/\S+ \(1\)\n/;
  expect(watched.err).toMatch(aside);
  const counts =
    'millrace: 8 lines read, 1 set aside as dead letters, 0 of them late; nothing unread\n' +
    // What is no line of anything is an event of its own, and is not called understood.
    'millrace: reads 57.1 % of 7 lines: by their header 57.1 %; millrace parse --explain shows the others\n';
  expect(watched.err.replace(aside, '')).toBe(counts);
  expect(watched.code).toBe(0);
  const letters = await millrace([
    'query',
    'SELECT reason, detail, sample FROM dead_letters',
    '--json',
    '--data',
    data,
  ]);
  const found = objects(letters.out);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ reason: 'unreadable' });
  expect(String(found[0]!['sample'])).toMatch(/^x{100}/);
  const sql = 'SELECT sum(records_in) AS lines FROM ledger';
  const ledger = await millrace(['query', sql, '--json', '--data', data]);
  expect(Number(objects(ledger.out)[0]!['lines'])).toBe(8);
});

test('parse gives every line that can be held to an event, whatever it is made of', async () => {
  const { code, out, err } = await millrace(['parse', badFile()]);
  expect(code).toBe(0);
  const events = objects(out);
  const offsets = events.map((event) => Number(event['offset']));
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  expect(events.reduce((lines, event) => lines + Number(event['lines']), 0)).toBeGreaterThanOrEqual(7);
  expect(err).toMatch(/10485760|line-too-long|too long/);
});
