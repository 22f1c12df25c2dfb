import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LineCounter } from '../../../cli/incidents/line-counter.ts';
import { type FilePositions, unreadFiles, unreadWords } from '../../../cli/incidents/unread.ts';
import { openFiles } from '../../../connectors/files/reader.ts';
import { systemClock } from '../../../time/clock.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const text = 'one\n\ntwo\r\n\r\nthree\nfour';

/** Positions after `records` lines of each file, as a job would commit them. */
async function readSome(patterns: readonly string[], records: number): Promise<FilePositions> {
  const reader = openFiles({ patterns, follow: false, clock: systemClock });
  const positions: Record<string, FilePositions[string]> = {};
  for (const split of await reader.splits()) {
    const batch = await reader.poll(split, reader.start(split), { maxRecords: records, maxBytes: 1 << 20 });
    positions[split] = batch!.next;
  }
  await reader.close();
  return positions;
}

function workplace() {
  const folder = emptyDirectory();
  const path = (name: string) => join(folder, name);
  writeFileSync(path('a.log'), text);
  return { path, pattern: path('*.log') };
}

describe('what is unread of files', () => {
  test('is what stands behind the position; blank lines are no lines', async () => {
    const { path, pattern } = workplace();
    const positions = await readSome([pattern], 2);
    expect(await unreadFiles([pattern], positions)).toEqual([{ name: path('a.log'), lines: 3, bytes: 17 }]);
  });

  test('is all of a file that was not come to', async () => {
    const { path, pattern } = workplace();
    expect(await unreadFiles([pattern], {})).toEqual([{ name: path('a.log'), lines: 4, bytes: text.length }]);
  });

  test('is nothing of a file that was read to its end, until it grows', async () => {
    const { path, pattern } = workplace();
    appendFileSync(path('a.log'), '\n');
    const positions = await readSome([pattern], 100);
    expect(await unreadFiles([pattern], positions)).toEqual([]);
    appendFileSync(path('a.log'), 'five\n');
    expect(await unreadFiles([pattern], positions)).toEqual([{ name: path('a.log'), lines: 1, bytes: 5 }]);
  });

  test('is found where the file was renamed to, and told where it is gone', async () => {
    const { path, pattern } = workplace();
    const positions = await readSome([pattern], 2);
    renameSync(path('a.log'), path('a.log.1'));
    expect(await unreadFiles([pattern], positions)).toMatchObject([{ lines: 3 }]);
    rmSync(path('a.log.1'));
    expect(await unreadFiles([pattern], positions)).toEqual([
      { name: path('a.log'), note: 'which is gone, from byte 5 on' },
    ]);
  });

  test('goes on behind the position of a file that has the name of the pattern only now', async () => {
    const { path } = workplace();
    const positions = await readSome([path('a.log')], 2);
    renameSync(path('a.log'), path('b.log'));
    expect(await unreadFiles([path('b.log')], positions)).toEqual([{ name: path('b.log'), lines: 3, bytes: 17 }]);
  });

  test('is all of a file that was begun again', async () => {
    const { path, pattern } = workplace();
    const positions = await readSome([pattern], 4);
    truncateSync(path('a.log'), 0);
    appendFileSync(path('a.log'), 'new\n');
    expect(await unreadFiles([pattern], positions)).toEqual([{ name: path('a.log'), lines: 1, bytes: 4 }]);
  });

  test('of a gzip file is counted in the text, also when it breaks off', async () => {
    const { path } = workplace();
    writeFileSync(path('b.log'), gzipSync(text));
    const positions = await readSome([path('b.log')], 2);
    expect(await unreadFiles([path('b.log')], positions)).toEqual([{ name: path('b.log'), lines: 3, bytes: 17 }]);
    expect(await unreadFiles([path('b.log')], {})).toEqual([{ name: path('b.log'), lines: 4, bytes: text.length }]);
    const [[split, position]] = Object.entries(positions) as [[string, FilePositions[string]]];
    expect(await unreadFiles([path('b.log')], { [split]: { ...position, ended: true } })).toEqual([]);
    writeFileSync(path('c.log'), gzipSync(text).subarray(0, -4));
    expect(await unreadFiles([path('c.log')], {})).toMatchObject([{ lines: 4 }]);
  });

  test('does not concern files that an earlier run of the same state read for other patterns', async () => {
    const { path, pattern } = workplace();
    const positions = await readSome([pattern], 2);
    writeFileSync(path('other.txt'), 'x\n');
    expect(await unreadFiles([path('other.txt')], positions)).toMatchObject([{ name: path('other.txt') }]);
  });
});

test('lines that come in pieces are counted as those that come at once', () => {
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    const counter = new LineCounter();
    for (let at = 0; at < bytes.length; at += size) counter.add(bytes.subarray(at, at + size));
    expect([counter.lines, counter.bytes]).toEqual([4, bytes.length]);
  }
});

test('words name a few inputs and count the others', () => {
  const many = Array.from({ length: 7 }, (_, i) => ({ name: `${i}.log`, lines: 1, bytes: 9 }));
  expect(unreadWords(many)).toMatch(/^unread: 1 line \(9 bytes\) of 0\.log; .*4\.log and 2 more$/);
  expect(unreadWords([{ name: 'big.log', bytes: 300_000_000 }])).toBe('unread: 300000000 bytes of big.log');
  expect(unreadWords([{ name: 'p', note: 'which had not ended' }])).toBe('unread: p, which had not ended');
});
