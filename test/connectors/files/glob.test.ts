import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expandGlob, matchesName, matchesPath } from '../../../connectors/files/glob.ts';

function tree(...paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'millrace-glob-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

const expand = async (root: string, pattern: string) =>
  (await expandGlob(join(root, pattern))).map((path) => path.slice(root.length + 1));

test('a star stands for any characters of a name, a question mark for one', () => {
  expect(matchesName('*.log', 'app.log')).toBe(true);
  expect(matchesName('a?p*', 'app.log')).toBe(true);
  expect(matchesName('*a*b*', 'xxaxxbxx')).toBe(true);
  expect(matchesName('*a*b', 'xxaxxbxx')).toBe(false);
  expect(matchesName('?', '')).toBe(false);
  expect(matchesName('**', 'anything')).toBe(true);
  expect(matchesName('app.log', 'appXlog')).toBe(false);
});

test('a path matches name by name, two stars for any directories', () => {
  expect(matchesPath('/var/log/*.log', '/var/log/app.log')).toBe(true);
  expect(matchesPath('/var/*.log', '/var/log/app.log')).toBe(false);
  expect(matchesPath('/var/**/*.log', '/var/app.log')).toBe(true);
  expect(matchesPath('/var/**/*.log', '/var/log/shop/app.log')).toBe(true);
  expect(matchesPath('/var/**', '/var/log/app.log')).toBe(true);
  expect(matchesPath('/var/**/*.log', '/var/.hidden/app.log')).toBe(false);
  expect(matchesPath('./app.log', 'app.log')).toBe(true);
});

test('names that begin with a dot must be asked for', () => {
  expect(matchesName('*', '.hidden')).toBe(false);
  expect(matchesName('.*', '.hidden')).toBe(true);
});

test('a hostile pattern takes no more than length times length', () => {
  expect(matchesName(`${'*a'.repeat(2_000)}b`, 'a'.repeat(20_000))).toBe(false);
});

test('wildcards stand in any name of a path, two stars for any number of directories', async () => {
  const root = tree('a.log', 'x/b.log', 'x/y/c.log', 'x/y/d.txt', 'z/y/e.log', '.h/f.log');
  expect(await expand(root, '*.log')).toEqual(['a.log']);
  expect(await expand(root, '*/*.log')).toEqual(['x/b.log']);
  expect(await expand(root, '?/y/*')).toEqual(['x/y/c.log', 'x/y/d.txt', 'z/y/e.log']);
  expect(await expand(root, '**/*.log')).toEqual(['a.log', 'x/b.log', 'x/y/c.log', 'z/y/e.log']);
  expect(await expand(root, 'x/**')).toEqual(['x/b.log', 'x/y/c.log', 'x/y/d.txt']);
  expect(await expand(root, '**/y/c.log')).toEqual(['x/y/c.log']);
});

test('links to files are found, links to directories are followed by name and never by two stars', async () => {
  const root = tree('x/b.log', 'out/o.log');
  symlinkSync('b.log', join(root, 'x', 'link.log'));
  symlinkSync('../out', join(root, 'x', 'there'));
  symlinkSync('..', join(root, 'x', 'circle'));
  expect(await expand(root, 'x/*.log')).toEqual(['x/b.log', 'x/link.log']);
  expect(await expand(root, 'x/t*/*.log')).toEqual(['x/there/o.log']);
  expect(await expand(root, '**/*.log')).toEqual(['out/o.log', 'x/b.log', 'x/link.log']);
});

test('a file that is called like a pattern is that file', async () => {
  const root = tree('a*.log', 'ab.log');
  expect(await expand(root, 'a*.log')).toEqual(['a*.log']);
});

test('nothing matches nothing', async () => {
  const root = tree('a.log');
  expect(await expand(root, 'b.log')).toEqual([]);
  expect(await expand(root, '*/b.log')).toEqual([]);
  expect(await expand(root, 'a.log/*')).toEqual([]);
});
