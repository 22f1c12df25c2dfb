/**
 * The name of a test says what it needs (see vitest.config.ts). A test without a suffix needs nothing but its own
 * process, so neither it nor what it imports from test/ starts a server or the command.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { longest } from '../vitest.config.ts';

const root = join(import.meta.dirname, '..');
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => posix.join('test', name));
const isTest = (file: string) => file.endsWith('.test.ts');
const hasSuffix = (file: string) => /\.(slow|server)\.test\.ts$/.test(file);
const startsProcesses = (file: string) => /^test\/support\/(servers\/|processes\/|command\.ts)/.test(file);

/** What a file of test/ imports from test/, whole and in parts. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import\() ?'(\.[^']+\.ts)'/g)];
  return found.map(([, path]) => posix.join(posix.dirname(file), path!)).filter((path) => path.startsWith('test/'));
}

/** The way by which a file reaches what starts processes; undefined if it does not. */
function wayToProcesses(file: string, way: readonly string[] = [file]): string | undefined {
  for (const next of importsOf(file)) {
    if (way.includes(next)) continue;
    if (startsProcesses(next)) return [...way, next].join(' → ');
    const found = wayToProcesses(next, [...way, next]);
    if (found !== undefined) return found;
  }
  return undefined;
}

test('tests without a suffix start neither servers nor the command', () => {
  const quick = files.filter((file) => isTest(file) && !hasSuffix(file));
  expect(quick.length).toBeGreaterThan(100);
  expect(quick.map((file) => wayToProcesses(file)).filter((way) => way !== undefined)).toEqual([]);
});

test('only tests have the suffix of tests, and none lies with the servers', () => {
  const wrong = files.filter((file) => isTest(file) && startsProcesses(file));
  expect(wrong).toEqual([]);
});

test('the files that start first are there', () => {
  expect(longest.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
