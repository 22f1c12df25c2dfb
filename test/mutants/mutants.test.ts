/** The list is true: each mutant can be made of the project as it is, and is tried by tests that are there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from './list.ts';
import { whyNot } from './mutant.ts';

const root = join(import.meta.dirname, '..', '..');

test.each(mutants.map((mutant) => [mutant.rule, mutant] as const))('%s', (_, mutant) => {
  expect(whyNot(mutant, root)).toBeUndefined();
  expect(mutant.killedBy.filter((test) => !test.endsWith('.test.ts') || !existsSync(join(root, test)))).toEqual([]);
});

test('no rule and no mutant stands in the list twice', () => {
  const names = mutants.map(({ rule }) => rule);
  expect(names).toEqual([...new Set(names)]);
  const made = mutants.map(({ file, from, to }) => `${file} ${from} ${to}`);
  expect(made).toEqual([...new Set(made)]);
});

test('a text that is not there, there twice, or not changed is refused', () => {
  const { rule, killedBy } = mutants[0]!;
  const why = (from: string, to: string, file = 'test/mutants/mutant.ts') =>
    whyNot({ rule, file, from, to, killedBy }, root);
  expect(why('no such text in it', 'x')).toBe('its text is there 0 times');
  expect(why('export ', '')).toMatch(/^its text is there [3-9] times$/);
  expect(why('export interface', 'export interface')).toBe('it changes nothing');
  expect(why('export', '', 'no/such/file.ts')).toBe('its text is there 0 times');
});
