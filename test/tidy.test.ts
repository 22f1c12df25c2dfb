/**
 * House style as a test: which room may import which, how long things may be, what must not be called, and that every
 * operator, error and metric is tested, raised, counted and documented.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../errors.ts';
import { metricDefinitions } from '../runtime/metrics.ts';
import { findings, importsOf, nodesOf, placeOf, product, root, sources, target } from './support/sources.ts';

const ground = ['time', 'errors.ts'];
const bytes = [...ground, 'codecs', 'lmdb'];
const ports = [...bytes, 'windows', 'state', 'topics', 'tables'];
const engine = [...ports, 'graph', 'operators', 'connectors', 'runtime'];
const domain = ['logs', 'signals', 'decisions', 'incidents', 'knowledge'];
/** What each room may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  codecs: ground,
  lmdb: ground,
  time: ground,
  windows: bytes,
  state: bytes,
  topics: bytes,
  tables: bytes,
  graph: ports,
  operators: [...ports, 'graph'],
  connectors: [...ports, 'graph'],
  runtime: [...ports, 'graph'],
  testing: engine,
  'index.ts': [...engine, 'testing'],
  logs: [...ground, 'codecs', 'windows'],
  signals: [...ground, 'codecs', 'windows', 'logs'],
  decisions: [...ground, 'windows', 'logs', 'signals'],
  incidents: [...ground, 'windows', 'logs', 'signals', 'decisions'],
  integrations: ['errors.ts'],
  jobs: ['index.ts', ...domain, 'integrations'],
  demo: [...ground, 'logs', 'incidents', 'jobs'],
  cli: [...engine, ...domain, 'integrations', 'jobs', 'testing', 'index.ts', 'demo', 'console'],
};

/** Chapters of a room, in the order in which they build on each other. */
const chapters: Readonly<Record<string, readonly string[]>> = {
  runtime: ['circuit', 'exchange', 'commit', 'task'],
  logs: ['times', 'layouts', 'formats', 'traces', 'readers', 'headers', 'envelopes', 'lines'],
};

describe('imports', () => {
  test('every room imports only from rooms below it', () => {
    const wrong = findings(product, function* (source) {
      for (const found of importsOf(source)) {
        const path = target(source, found);
        const room = path?.includes('/') ? path.slice(0, path.indexOf('/')) : path;
        if (room === undefined || room === source.room || mayImport[source.room]?.includes(room)) continue;
        yield `${placeOf(source, found.node)}: ${source.room} may not import ${path}`;
      }
    });
    expect(wrong).toEqual([]);
  });

  test.each(Object.entries(chapters))('the chapters of %s/ import only from those before them', (room, order) => {
    const chapterOf = (path: string): number => order.indexOf(path.split('/')[1]!);
    const wrong = findings(product, function* (source) {
      if (source.room !== room || chapterOf(source.path) < 0) return;
      for (const found of importsOf(source)) {
        const path = target(source, found);
        if (path?.startsWith(`${room}/`) && chapterOf(path) > chapterOf(source.path)) {
          yield `${placeOf(source, found.node)}: ${path} comes later`;
        }
      }
    });
    expect(wrong).toEqual([]);
  });

  test('no file imports itself by a detour, types and scripts included', () => {
    const edges = new Map(
      sources.map((source) => [source.path, importsOf(source).flatMap((found) => target(source, found) ?? [])]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      else if (!done.has(path)) for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
      done.add(path);
    };
    for (const path of edges.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  test('rxjs is imported by the runtime and its two bridges only', () => {
    const bridges = new Set(['operators/via.ts', 'connectors/observable.ts']);
    const wrong = findings(product, function* (source) {
      if (source.room === 'runtime' || bridges.has(source.path)) return;
      for (const { from, node } of importsOf(source)) if (/^rxjs(\/|$)/.test(from)) yield placeOf(source, node);
    });
    expect(wrong).toEqual([]);
  });
});

describe('length', () => {
  test('a file has at most 300 lines', () => {
    const long = sources.map(({ path, text }) => [path, text.trimEnd().split('\n').length] as const);
    expect(long.filter(([, lines]) => lines > 300)).toEqual([]);
  });

  test('a function has at most 70 lines', () => {
    const long = findings(product, function* (source) {
      for (const node of nodesOf(source.tree)) {
        if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue;
        const lines = node.getText().split('\n').length;
        if (lines > 70) yield `${placeOf(source, node)}: ${lines} lines`;
      }
    });
    expect(long).toEqual([]);
  });

  test('a line has at most 120 characters, but for texts, tables and examples that cannot be broken', () => {
    const long = findings(sources, function* ({ path, text }) {
      for (const [i, line] of text.split('\n').entries()) {
        const code = line.replace(/'(\\.|[^'])*'|"(\\.|[^"])*"|`(\\.|[^`])*`|\/(\\.|[^/\s])+\//g, "''");
        if (line.length > 120 && code.length > 120 && !/^ *\* (\||@param)|^ *\*.*\/\/ =>/.test(line))
          yield `${path}:${i + 1}`;
      }
    });
    expect(long).toEqual([]);
  });
});

const banned: Readonly<Record<string, string>> = {
  'Date.now': 'take a Clock and call now()',
  'performance.now': 'take a Clock and call now()',
  'Math.random': 'take a seeded generator',
  'process.env': 'take a setting; cli/settings/environment.ts reads the environment',
  setTimeout: 'take a Clock and call sleep()',
  setInterval: 'take a Clock and call sleep()',
  setImmediate: 'await a promise',
  'new Date()': 'take a Clock and call now()',
};

describe('banned', () => {
  const strict = product.filter(({ path, room }) => path !== 'time/clock.ts' && room !== 'cli');

  test('time, chance, environment and terminal come from outside', () => {
    const wrong = findings(strict, function* (source) {
      for (const node of nodesOf(source.tree)) {
        const call = calledName(node);
        if (call === undefined) continue;
        const remedy = call.startsWith('console.') ? 'take a Logger' : banned[call];
        if (remedy !== undefined) yield `${placeOf(source, node)}: ${call}; ${remedy}`;
      }
    });
    expect(wrong).toEqual([]);
  });

  test('the command reads the environment in one place', () => {
    const readers = product.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path);
    expect(readers).toEqual(['cli/settings/environment.ts']);
  });

  test('no any, but where the graph holds nodes of every type', () => {
    const wrong = findings(sources, function* (source) {
      if (source.path === 'graph/stream.ts') return;
      for (const node of nodesOf(source.tree)) {
        if (node.kind === ts.SyntaxKind.AnyKeyword) yield placeOf(source, node);
      }
    });
    expect(wrong).toEqual([]);
  });

  test('no note about work to be done without the number of its issue', () => {
    const note = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b(?!.*#\\d+)`);
    const wrong = findings(sources, function* ({ path, text }) {
      for (const [i, line] of text.split('\n').entries()) if (note.test(line)) yield `${path}:${i + 1}`;
    });
    expect(wrong).toEqual([]);
  });
});

function calledName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return node.expression.text;
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  return undefined;
}

const docs = (file: string): string => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');
/** Texts of everything shipped but the file that defines the names. */
const usedOutside = (definition: string): string =>
  product
    .filter(({ path }) => path !== definition)
    .map(({ text }) => text)
    .join('\n');

describe('operators', () => {
  const operators = product.filter(({ path }) => /^operators\/[a-z-]+\.ts$/.test(path));

  test.each(operators.map(({ path }) => path))('%s exports the verb it is named after, with an example', (path) => {
    const { text } = operators.find((o) => o.path === path)!;
    const verb = posix.basename(path, '.ts').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(text).toMatch(new RegExp(`export (function|const) ${verb}\\b`));
    expect(text).toContain('@example');
  });

  test.each(operators.map(({ path }) => path))('%s has a test', (path) => {
    expect(existsSync(join(root, 'test', path.replace(/\.ts$/, '.test.ts')))).toBe(true);
  });
});

describe('errors', () => {
  const used = usedOutside('errors.ts');

  test('every code is raised somewhere', () => {
    expect(errorCodes.filter((code) => !used.includes(`'${code}'`))).toEqual([]);
  });

  test('every code, and no other, has its chapter in docs/errors.md', () => {
    const chapters = [...docs('docs/errors.md').matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
    expect(chapters.toSorted()).toEqual(errorCodes.toSorted());
  });
});

describe('metrics', () => {
  const used = usedOutside('runtime/metrics.ts');
  const names = Object.keys(metricDefinitions);

  test('every metric is counted somewhere', () => {
    expect(names.filter((name) => !used.includes(`'${name}'`))).toEqual([]);
  });

  test('every metric, and no other, stands in docs/metrics.md', () => {
    const rows = [...docs('docs/metrics.md').matchAll(/^\| `(millrace_\w+)` *\|/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(names.toSorted());
  });
});
