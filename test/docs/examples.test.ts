/** Every `@example` of the public parts is executed, and what it says must be so. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as millrace from '../../index.ts';
import * as kit from '../../testing/index.ts';
import { claimsOf, examplesIn } from '../support/examples.ts';

const root = join(import.meta.dirname, '..', '..');
/** Here an example sees its own file's exports only. */
const pure = ['codecs/codec.ts', 'errors.ts', 'time', 'windows', 'state', 'signals', 'decisions', 'incidents'];
/** Here it sees the public API and the test kit as well. */
const composed = ['operators', 'connectors', 'testing'];

function filesOf(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.flatMap((e) => (e.isDirectory() || /(?<!\.d)\.ts$/.test(e.name) ? filesOf(join(path, e.name)) : []));
}

async function scopeOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  const own = (await import(join(root, file))) as Record<string, unknown>;
  return composed.some((folder) => file.startsWith(folder)) ? { ...millrace, ...kit, ...own } : own;
}

/** The value of the claim's text, or the text itself where it is no expression. */
function claimedValue(claimed: string): unknown {
  try {
    return new Function(`return (${claimed})`)();
  } catch {
    return claimed;
  }
}

const all = [...pure, ...composed].flatMap(filesOf).map((file) => ({ file, ...examplesIn(join(root, file)) }));

describe.each(all.filter(({ examples }) => examples.length > 0))('$file', ({ file, examples }) => {
  test.each(examples)('$of', async (example) => {
    for (const { actual, claimed, code } of await claimsOf(example, await scopeOf(file))) {
      const expected = claimedValue(claimed);
      if (expected === claimed) expect(inspect(actual), code).toBe(claimed);
      else expect(actual, code).toEqual(expected);
    }
  });
});

test('every operator has an example', () => {
  const operators = all.filter(({ file }) => /^operators\/[^/]+$/.test(file));
  expect(operators.length).toBeGreaterThan(10);
  expect(operators.flatMap(({ file, without }) => without.map((name) => `${name} in ${file}`))).toEqual([]);
});

test('an example that does not end in a value, or is not what it says, is found', async () => {
  await expect(claimsOf({ of: 'x', text: '1 + 1' }, {})).rejects.toThrow(/must end in/);
  await expect(claimsOf({ of: 'x', text: 'const n = 1 // => 1' }, {})).rejects.toThrow(/has no value/);
  expect(await claimsOf({ of: 'x', text: 'const n = one;\nn + 1 // => 3' }, { one: 1 })).toEqual([
    { code: 'const n = one;\nn + 1', actual: 2, claimed: '3' },
  ]);
});
