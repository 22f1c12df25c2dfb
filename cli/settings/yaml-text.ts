/**
 * Reads YAML 1.2 so that every value means what it seems to mean. In this version `no` is a text and `2026-01-29` is no
 * date. What is left to stumble over is refused: another version, a key that is no text (`007:` would be 7), a number
 * in a spelling that readers take for different numbers (`010`), a merge key, unknown tags, a key twice. So is what
 * would grow: aliases that stand for far more than is written, or for themselves. The time is linear in the text: the
 * parser's own search for keys that stand twice compares each with all before it, so that one is made here.
 */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { MillraceError, reasonOf } from '../../errors.ts';

/** A path to a setting, such as `['suppressions', 0, 'end']`. */
export type SettingPath = readonly PropertyKey[];

/** What a text says, and where. */
export interface YamlText {
  readonly value: unknown;
  /** Refuses the setting at `path`. Throws CONFIG_INVALID with file, line and field. */
  refuse(path: SettingPath, reason: string): never;
}

/**
 * Reads a text; `file` is only named in errors. What stands below the key `free` is its author's own and is taken as
 * YAML has it. Errors: CONFIG_INVALID.
 */
export function readYaml(text: string, { file, free }: { readonly file: string; readonly free: string }): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const refuseAt = (offset: number, field: string, reason: string): never => {
    throw new MillraceError('CONFIG_INVALID', { file, line: lines.linePos(offset).line, field, reason });
  };
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken !== undefined) refuseAt(broken.pos[0], 'YAML', plainly(broken.message.split('\n')[0]!));
  if (document.directives?.yaml.version !== '1.2') refuseAt(0, 'YAML', 'write YAML 1.2, and leave %YAML out');
  const check = (node: unknown, path: readonly PropertyKey[]): void => {
    if (isSeq(node)) {
      for (const [i, item] of node.items.entries()) check(item, [...path, i]);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const field = [...path, wordOf(key)];
        const reason = keyFault(key);
        if (reason !== undefined) refuseAt(startOf(key), field.join('.'), reason);
        if (path.length > 0 || wordOf(key) !== free) check(value, field);
      }
    } else if (isScalar(node) && typeof node.value === 'number' && !decimal.test(node.source ?? '')) {
      refuseAt(
        startOf(node),
        path.join('.'),
        `${node.source} is ${node.value} here: write it so, or in quotes if it is a text`,
      );
    }
  };
  check(document.contents, []);
  checkShape(document.contents, (node, reason) => refuseAt(startOf(node), 'YAML', reason));
  return {
    value: contentsOf(document, (reason) => refuseAt(0, 'YAML', reason)),
    refuse: (path, reason) => refuseAt(offsetOf(document, path), path.join('.'), reason),
  };
}

/** Each alias is looked for in the whole file. */
const mostAliases = 1_000;
/** Values, with those that aliases stand for. */
const mostValues = 1_000_000;

/**
 * What must hold of every part of the file, of that which is its author's own too: a key stands once, keys are texts or
 * numbers, and aliases stand for a bounded number of values.
 */
function checkShape(contents: unknown, refuse: (node: unknown, reason: string) => never): void {
  /** Values by anchor; undefined while what it marks is counted. */
  const sizes = new Map<string, number | undefined>();
  let aliases = 0;
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) {
      if (++aliases > mostAliases) refuse(node, `at most ${mostAliases} aliases are read`);
      return sizes.get(node.source) ?? refuse(node, `'*${node.source}' stands for what it is a part of`);
    }
    const anchor = isNode(node) ? (node as { readonly anchor?: string }).anchor : undefined;
    if (anchor !== undefined) sizes.set(anchor, undefined);
    let size = 1;
    for (const part of partsOf(node)) size += sizeOf(part);
    if (size > mostValues) refuse(contents, `at most ${mostValues} values are read, with those that aliases stand for`);
    if (anchor !== undefined) sizes.set(anchor, size);
    return size;
  };
  function partsOf(node: unknown): readonly unknown[] {
    if (isSeq(node)) return node.items;
    if (!isMap(node)) return [];
    const keys = new Set<string>();
    for (const { key } of node.items as readonly Pair[]) {
      if (!isScalar(key)) refuse(key, 'a key is a text');
      // As an object has them: 1 and '1' are one key.
      const name = String((key as { readonly value: unknown }).value);
      if (keys.has(name)) refuse(key, 'Map keys must be unique');
      keys.add(name);
    }
    return node.items.map(({ value }) => value);
  }
  sizeOf(contents);
}

const plainly = (reason: string): string =>
  reason.startsWith('Maximum call stack') ? 'it is nested too deeply' : reason;

const decimal = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;

const wordOf = (key: unknown): string => (isScalar(key) ? (key.source ?? String(key.value)) : 'YAML');

/** Why a key is none, or undefined. */
function keyFault(key: unknown): string | undefined {
  if (!isScalar(key)) return 'a key is a text';
  if (key.value === '<<') return 'merge keys are not part of YAML 1.2; write the settings out';
  if (typeof key.value !== 'string') return `this key is ${JSON.stringify(key.value)} to YAML; put it in quotes`;
  if (key.value.trim() === '') return 'this key is empty';
  if (key.value.trim() !== key.value) return 'this key begins or ends with a blank, and no name does';
  // Objects lose this key, so its setting would be gone without a word.
  return key.value === '__proto__' ? 'this key can not be used' : undefined;
}

function contentsOf(document: Document, refuse: (reason: string) => never): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // Aliases that the parser itself finds to stand for too much.
    return refuse(plainly(reasonOf(error)));
  }
}

const startOf = (node: unknown): number => (isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0);

/** Where the deepest part of `path` begins that is written down. */
function offsetOf(document: Document, path: SettingPath): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
