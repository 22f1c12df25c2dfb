import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetStreams, lastUsed, noteUsed, watchDirectory } from '../../../cli/settings/data-directory.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const watching = { pid: process.pid, now: 1_000 };
let folder: string;

beforeEach(() => {
  folder = emptyDirectory();
  vi.stubEnv('XDG_CACHE_HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('the same files have the same directory, however they are named, and others another one', () => {
  const of = (...patterns: string[]) => watchDirectory(patterns, watching);
  const jan = join(process.cwd(), 'jan.log');
  expect(of(jan)).toMatch(/millrace\/watch\/files\/jan\.log-[0-9a-f]{8}$/);
  expect(of('jan.log')).toBe(of(jan));
  expect(of('feb.log', './jan.log')).toBe(of(jan, 'feb.log', 'feb.log'));
  expect(new Set([of('jan.log'), of('feb.log'), of('jan*.log'), of('jan.log', 'feb.log')]).size).toBe(4);
});

test('a stream never has the directory of an earlier one, also where a pipe is named like a file', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const stream of ['-', pipe]) {
    expect(watchDirectory([stream], watching)).not.toBe(watchDirectory([stream], { ...watching, now: 2_000 }));
  }
});

test('directories of streams are removed when their process has ended', () => {
  const mine = watchDirectory(['-'], watching);
  const earlier = watchDirectory(['-'], { pid: process.pid, now: 500 });
  const running = watchDirectory(['-'], { pid: process.ppid, now: 700 });
  const over = watchDirectory(['-'], { pid: 2 ** 22 + 1, now: 700 });
  for (const dir of [mine, earlier, running, over]) mkdirSync(dir, { recursive: true });
  forgetStreams(watching);
  expect([mine, earlier, running, over].map((dir) => existsSync(dir))).toEqual([true, false, true, false]);
});

test('the directory that was used last is known as long as it is there', () => {
  expect(lastUsed()).toBeUndefined();
  noteUsed(join(folder, 'first'));
  noteUsed(join(folder, 'second'));
  expect(lastUsed()).toBeUndefined();
  writeFileSync(join(folder, 'second'), '');
  expect(lastUsed()).toBe(join(folder, 'second'));
});
