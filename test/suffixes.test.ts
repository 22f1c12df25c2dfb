/**
 * The name of a test says what it needs (see vitest.config.ts). A test without a suffix needs nothing but its own
 * process, so neither it nor what it imports starts a server or the command.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longest } from '../vitest.config.ts';
import { importsOf, root, sources, target } from './support/sources.ts';

const isTest = (path: string) => path.startsWith('test/') && path.endsWith('.test.ts');
const hasSuffix = (path: string) => /\.(slow|server)\.test\.ts$/.test(path);
const startsProcesses = (path: string) => /^test\/support\/(servers\/|processes\/|command\.ts)/.test(path);

/** By file of test/, which files of the project it imports. */
const imports = new Map(
  sources
    .filter(({ room }) => room === 'test')
    .map((source) => [source.path, importsOf(source).flatMap((found) => target(source, found) ?? [])] as const),
);

/** The imports by which a file reaches one that starts processes; undefined if it reaches none. */
function wayToProcesses(path: string, way: readonly string[] = [path]): string | undefined {
  for (const next of imports.get(path) ?? []) {
    if (way.includes(next)) continue;
    if (startsProcesses(next)) return [...way, next].join(' → ');
    const found = wayToProcesses(next, [...way, next]);
    if (found !== undefined) return found;
  }
  return undefined;
}

test('tests without a suffix start neither servers nor the command', () => {
  const quick = [...imports.keys()].filter((path) => isTest(path) && !hasSuffix(path));
  expect(quick.length).toBeGreaterThan(100);
  expect(quick.map((path) => wayToProcesses(path)).filter((way) => way !== undefined)).toEqual([]);
});

test('the files that start first are there', () => {
  expect(longest.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
