/** The files below deploy/, as text and as what their YAML means. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '..', '..', '..');

/** A file of the project as text. */
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Paths of all files below a folder. */
export function pathsBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? pathsBelow(path) : [path];
  });
}

/** Every document of a YAML file. Throws on what is no YAML or names something twice. */
export function documentsOf(path: string): readonly unknown[] {
  return parseAllDocuments(textOf(path), { merge: true, uniqueKeys: true }).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
    return document.toJS();
  });
}

/** The one document of a YAML file. */
export function documentOf<T>(path: string): T {
  const [document, ...more] = documentsOf(path);
  if (document === undefined || more.length > 0) throw new Error(`${path} must hold one document`);
  return document as T;
}
