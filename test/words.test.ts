/**
 * House style of names and words as a test: a file's header stands first, constants and parameters are as a reader
 * expects, a folder has no name twice, and sentences are plain.
 */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { filesBelow, findings, nodesOf, placeOf, product, root, type Source, sources } from './support/sources.ts';

const isScript = ({ path }: Source): boolean => /\.tsx?$/.test(path);

describe('files', () => {
  test('begin with what they are about, before the imports', () => {
    const headless = product.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ path }) => path);
    expect(headless).toEqual([]);
  });

  test('say it once: no other comment stands by itself behind the imports', () => {
    const twice = findings(sources.filter(isScript), function* ({ path, text }) {
      if (/^import [^;]*;\n\n?\/\*\*(?:[^*]|\*(?!\/))*\*\/\n\n/m.test(text)) yield path;
    });
    expect(twice).toEqual([]);
  });
});

describe('names', () => {
  /** Verbs of a play's script, and the watermark of an idle input. */
  const shouted = new Set(['CRASH', 'END', 'IDLE', 'WAKE', 'PAUSE', 'ADVANCE', 'UNKNOWN_OUTCOME']);

  test('constants are written like other names', () => {
    const wrong = findings(sources, function* (source) {
      for (const node of nodesOf(source.tree)) {
        if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) continue;
        if (/^[A-Z][A-Z0-9_]+$/.test(node.name.text) && !shouted.has(node.name.text)) {
          yield `${placeOf(source, node)}: ${node.name.text}`;
        }
      }
    });
    expect(wrong).toEqual([]);
  });

  test('a function has at most three positional parameters, but for operators, and where a comment says that it is hot or theirs', () => {
    // What an author calls has its uid first and its options last, as the README shows.
    const wrong = findings(product, function* (source) {
      if (/^operators\/[a-z-]+\.ts$/.test(source.path)) return;
      for (const node of nodesOf(source.tree)) {
        if (!ts.isFunctionLike(node) || node.parameters.length <= 3) continue;
        // An overload is what its implementation is; a pipe takes as many operators as there are.
        if (ts.isFunctionDeclaration(node) && node.body === undefined) continue;
        if (ts.isMethodSignature(node) && node.name.getText() === 'pipe') continue;
        let owner: ts.Node = node;
        while (
          !ts.isStatement(owner) &&
          !ts.isClassElement(owner) &&
          !ts.isTypeElement(owner) &&
          !ts.isObjectLiteralElement(owner)
        ) {
          owner = owner.parent;
        }
        const above = source.text.slice(owner.getFullStart(), owner.getStart());
        if (!/\/\/ (hot|theirs):/.test(above)) yield `${placeOf(source, node)}: ${node.parameters.length}`;
      }
    });
    expect(wrong).toEqual([]);
  });

  test('no type has the name of another in its folder', () => {
    const owners = new Map<string, string>();
    const wrong = findings(product, function* ({ path, tree }) {
      for (const node of tree.statements) {
        if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) && !ts.isClassDeclaration(node))
          continue;
        const name = `${posix.dirname(path)} ${node.name?.text}`;
        const owner = owners.get(name);
        if (owner !== undefined && owner !== path) yield `${name}: ${owner} and ${path}`;
        owners.set(name, path);
      }
    });
    expect(wrong).toEqual([]);
  });
});

describe('sentences', () => {
  /** Words that make a reader stop, with what to write instead. */
  const stumbling: Readonly<Record<string, string>> = {
    '\\bnobody\\b': 'no reader, no task, nothing',
    '\\bsomebody\\b': 'a caller, a user, another service',
    '\\bwhoever\\b': 'a caller, the next owner',
    '\\bwhom\\b': 'name the service, the process',
    '\\b(he|his|him|himself)\\b': 'a process is "it"',
    '\\bparted by\\b': 'separated by',
    '\\bmakes nothing of\\b': 'ignores, does not decode',
    '\\bfor good\\b': 'permanently',
    '\\banew\\b': 'again',
  };
  const documents = filesBelow('.', /\.(md|lua|ya?ml)$/).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));

  /** A column's comment is part of stored tables. */
  const isColumn = /type: .*comment: '/;

  test.each(Object.entries(stumbling))('%s is not used', (word, instead) => {
    const pattern = new RegExp(word, 'i');
    const wrong = [...sources, ...documents]
      .filter(({ path }) => path !== 'test/words.test.ts')
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .flatMap((line, i) => (pattern.test(line) && !isColumn.test(line) ? [`${path}:${i + 1}: ${instead}`] : [])),
      );
    expect(wrong).toEqual([]);
  });
});
