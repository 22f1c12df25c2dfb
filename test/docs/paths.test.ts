/** Every path that a document puts in backticks, and that looks like a file of the project, exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, root } from '../support/sources.ts';

const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const rooms = new Set(folders.map(({ name }) => name));

/** Paths that need not exist, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'millrace.yaml': 'a user writes it',
};
/** A file that a contributor is to write. */
const isToBeWritten = (path: string): boolean => path.slice(path.lastIndexOf('/') + 1).startsWith('my-');

/** In a room of the project, or a lone file name that ends as the project's files do. */
function isPath(text: string): boolean {
  const [first = '', ...rest] = text.split('/');
  if (rest.length > 0) return rooms.has(first) && /^[\w./-]+$/.test(text);
  return /^[\w.-]+\.(tsx?|mjs|lua|md|json|ya?ml)$/.test(text);
}

const named = filesBelow('.', /\.md$/).flatMap((document) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/`([^`\s]+)`/g)]
    .map(([, text]) => text!)
    .filter((text) => isPath(text) && exceptions[text] === undefined && !isToBeWritten(text))
    .map((path) => ({ document, path })),
);

test('documents name files that exist, from the root or from beside the document', () => {
  const missing = named.filter(({ document, path }) =>
    [join(root, path), join(root, dirname(document), path)].every((candidate) => !existsSync(candidate)),
  );
  // The file may be named without its folder where the sentence is about one folder.
  const files = filesBelow('deploy', /./).map((file) => file.slice(file.lastIndexOf('/') + 1));
  const unknown = missing.filter(({ document, path }) => dirname(document) !== 'deploy' || !files.includes(path));
  expect(unknown.map(({ document, path }) => `${document}: ${path}`)).toEqual([]);
});

test('the documents name files at all', () => {
  expect(named.length).toBeGreaterThan(50);
});
