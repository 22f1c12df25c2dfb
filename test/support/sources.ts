/** The project's own sources, parsed once, for the tests that hold its style. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '..', '..');
const skipped = new Set(['node_modules', 'dist', '.git', '.millrace', 'coverage']);

/** Every file of the project below a folder whose name the pattern matches, as paths from the root. */
export function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path, pattern);
    return pattern.test(entry.name) ? [path] : [];
  });
}

export interface Source {
  readonly path: string;
  /** The top-level folder, or the name of a file at the root. */
  readonly room: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export const sources: readonly Source[] = filesBelow('.', /\.(tsx?|mjs)$/).map((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const room = path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
  return { path, room, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
});

/** What is shipped. The web page lives in a browser and has rules of its own. */
export const product = sources.filter(
  ({ room }) => !['test', 'benchmarks', 'console', 'scripts', 'vitest.config.ts'].includes(room),
);

export function* nodesOf(node: ts.Node): Iterable<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** A node's file and line. */
export const placeOf = ({ path, tree }: Source, node: ts.Node): string =>
  `${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

/** What the finder reports about each file, as a list that is empty when all is well. */
export const findings = (among: readonly Source[], find: (source: Source) => Iterable<string>): string[] =>
  among.flatMap((source) => [...find(source)]);

export interface Import {
  readonly from: string;
  readonly node: ts.Node;
}

/** What a file imports, exports from elsewhere or loads while it runs; types count like values. */
export function importsOf({ tree }: Source): Import[] {
  const imports: Import[] = [];
  for (const node of nodesOf(tree)) {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      imports.push({ from: (node.moduleSpecifier as ts.StringLiteral).text, node });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) imports.push({ from: argument.text, node });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ from: (node.argument.literal as ts.StringLiteral).text, node });
    }
  }
  return imports;
}

/** Entry points that the project's own code may name as a user does. */
const entries: Readonly<Record<string, string>> = { millrace: 'index.ts', 'millrace/testing': 'testing/index.ts' };

/** The file of this project that an import names, or undefined for packages. */
export function target(source: Source, { from }: Import): string | undefined {
  if (Object.hasOwn(entries, from)) return entries[from];
  return from.startsWith('.') ? posix.normalize(posix.join(dirname(source.path), from)) : undefined;
}
