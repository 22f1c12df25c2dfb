import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPrivate } from '../../../cli/settings/private-files.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const umask = process.umask();
const modeOf = (...path: string[]) => (statSync(join(...path)).mode & 0o777).toString(8);

beforeAll(() => void process.umask(0o022));
afterAll(() => void process.umask(umask));

/** What it says about a directory. */
function said(dir: string): readonly string[] {
  const lines: string[] = [];
  keepPrivate(dir, (line) => lines.push(line));
  return lines;
}

/** A data directory as a version left it that did not mind. */
function left(): string {
  const dir = emptyDirectory();
  mkdirSync(join(dir, 'tables', 'store', 'part'), { recursive: true });
  writeFileSync(join(dir, 'tables', 'store', 'part', 'data.bin'), 'x');
  writeFileSync(join(dir, 'tables.json'), '{}');
  for (const path of ['tables', 'tables/store', 'tables/store/part', '']) chmodSync(join(dir, path), 0o755);
  for (const path of ['tables/store/part/data.bin', 'tables.json']) chmodSync(join(dir, path), 0o644);
  return dir;
}

test('a new directory, and what is made in it later, is its owner’s alone', () => {
  const dir = join(emptyDirectory(), 'a', 'b');
  expect(said(dir)).toEqual([]);
  mkdirSync(join(dir, 'state'));
  writeFileSync(join(dir, 'state', 'data.mdb'), '');
  expect([modeOf(dir), modeOf(dir, 'state'), modeOf(dir, 'state', 'data.mdb')]).toEqual(['700', '700', '600']);
});

test('one that is open is closed down to its files, and one line says so once', () => {
  const dir = left();
  expect(said(dir)).toEqual([expect.stringContaining(`could read ${dir}; now only you can`)]);
  expect(modeOf(dir)).toBe('700');
  expect(modeOf(dir, 'tables', 'store', 'part')).toBe('700');
  expect(modeOf(dir, 'tables', 'store', 'part', 'data.bin')).toBe('600');
  expect(modeOf(dir, 'tables.json')).toBe('600');
  expect(said(dir)).toEqual([]);
});

test('one that holds other things stays open, and its parts are closed', () => {
  const dir = left();
  const other = join(dir, 'letters');
  mkdirSync(other);
  chmodSync(other, 0o755);
  symlinkSync(other, join(dir, 'tables', 'link'));
  expect(said(dir)).toHaveLength(1);
  expect([modeOf(dir), modeOf(other), modeOf(dir, 'tables')]).toEqual(['755', '755', '700']);
});

test('servers that the scripts of the project keep in the cache are no other things', () => {
  const dir = left();
  for (const name of ['kafka-4.1.0', 'opensearch-2.19.3', 'valkey-9.1.2']) mkdirSync(join(dir, name));
  expect(said(dir)).toHaveLength(1);
  expect(modeOf(dir)).toBe('700');
});
