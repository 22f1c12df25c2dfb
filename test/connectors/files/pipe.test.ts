import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { drain, limit, only, textsOf, workplace } from '../../support/file-workplace.ts';

describe('streams', () => {
  test('standard input is counted on from its position and ends when it ends', async () => {
    const { reader } = workplace();
    const stdin = new PassThrough();
    const from = reader({ patterns: ['-'], stdin });
    expect(await from.splits()).toEqual(['-']);
    stdin.write('one\ntw');
    stdin.end('o\nthree');
    const { lines, position, ended } = await drain(from, '-', { ...from.start('-'), offset: 100 });
    expect({ lines, ended }).toEqual({ lines: ['one', 'two', 'three'], ended: true });
    expect(position.offset).toBe(113);
  });

  test('followed, standard input is not waited for', async () => {
    const { reader } = workplace();
    const stdin = new PassThrough();
    const from = reader({ patterns: ['-'], stdin, follow: true });
    expect(await from.poll('-', from.start('-'), limit)).toBeUndefined();
    stdin.write('one\ntw');
    const first = await drain(from, '-');
    expect(first).toMatchObject({ lines: ['one'], ended: false });
    stdin.end('o\n');
    expect((await drain(from, '-', first.position)).lines).toEqual(['two']);
  });

  test('a named pipe is read like standard input', async () => {
    const { directory, reader } = workplace();
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const from = reader({ patterns: [pipe] });
    const split = await only(from);
    const drained = drain(from, split);
    await writeFile(pipe, 'through the pipe\n');
    expect(await drained).toMatchObject({ lines: ['through the pipe'], ended: true });
  });
});

describe('pipes without a writer', () => {
  /** More than the threads that read files for the process. */
  function pipes(directory: string) {
    const names = Array.from({ length: 6 }, (_, i) => join(directory, `pipe-${i}`));
    execFileSync('mkfifo', names);
    return names;
  }

  test('keep no file from being read, and are read when a writer comes', async () => {
    const { directory, log, reader } = workplace();
    const names = pipes(directory);
    writeFileSync(log, 'one\n');
    const from = reader({ follow: true, patterns: [...names, log] });
    const splits = await from.splits();
    for (const split of splits.slice(0, -1)) expect(await from.poll(split, from.start(split), limit)).toBe(undefined);
    expect((await drain(from, splits.at(-1)!)).lines).toEqual(['one']);
    await writeFile(names[3]!, 'through the pipe\n');
    const found = await vi.waitUntil(() => from.poll(splits[3]!, from.start(splits[3]!), limit));
    expect(textsOf(found)).toEqual(['through the pipe']);
  });

  test('are given up for the moment after `patience`, so that a job can end', async () => {
    const { directory, clock, reader } = workplace();
    const [pipe] = pipes(directory) as [string];
    const stdin = new PassThrough();
    for (const pattern of [pipe, '-']) {
      const from = reader({ patterns: [pattern], patience: 100, stdin });
      const split = await only(from);
      for (let i = 0; i < 12; i++) {
        const polled = from.poll(split, from.start(pattern), limit);
        await vi.waitUntil(() => clock.nextWake !== undefined, { interval: 1 });
        clock.advance(100);
        expect(await polled).toBe(undefined);
      }
    }
    expect(stdin.listenerCount('readable')).toBe(0);
  });

  test('that took the place of a file are not opened in its stead', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'one\n');
    const from = reader({ follow: true });
    const split = await only(from);
    rmSync(log);
    execFileSync('mkfifo', [log]);
    expect((await drain(from, split)).refused).toMatchObject([{ reason: 'file-gone' }]);
  });
});
