/**
 * The name of a test says what it needs (see vitest.config.ts). A test without a suffix needs nothing but its own
 * process, so neither it nor what it imports starts a server or the command. Time is the machine's only where servers
 * or processes are.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { longest } from '../vitest.config.ts';
import { findings, importsOf, nodesOf, placeOf, root, sources, target } from './support/sources.ts';

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

const pauses = new Set(['setTimeout', 'sleep', 'systemClock.sleep']);
const clocks = new Set(['Date.now', 'performance.now', 'systemClock.now', 'setInterval', 'Math.random']);
const isServerTest = ({ path }: { readonly path: string }) => /\.server\.test\.ts$/.test(path);
const tests = sources.filter(({ path }) => isTest(path));

/** What a file calls by these names. */
function* callsOf(tree: ts.SourceFile, names: ReadonlySet<string>): Iterable<ts.Node> {
  for (const node of nodesOf(tree)) if (ts.isCallExpression(node) && names.has(node.expression.getText())) yield node;
}

test('tests without a server neither sleep nor read the clock nor draw lots', () => {
  const wrong = findings(tests, function* (source) {
    if (isServerTest(source)) return;
    for (const node of callsOf(source.tree, new Set([...pauses, ...clocks]))) yield placeOf(source, node);
  });
  expect(wrong).toEqual([]);
});

test('a test with a server pauses only between asking and asking again', () => {
  let found = 0;
  const wrong = findings(tests.filter(isServerTest), function* (source) {
    for (const call of callsOf(source.tree, pauses)) {
      found++;
      let node = call;
      while (!ts.isStatement(node) || ts.isExpressionStatement(node) || ts.isBlock(node)) node = node.parent;
      const isClock = ts.isReturnStatement(node) || ts.isVariableStatement(node);
      if (!ts.isWhileStatement(node) && !ts.isForStatement(node) && !isClock) yield placeOf(source, call);
    }
  });
  expect(wrong).toEqual([]);
  expect(found).toBeGreaterThan(0);
});

test('the files that start first are there', () => {
  expect(longest.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
