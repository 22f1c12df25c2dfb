/** Fields and defaults in the document on settings are those of the code, and its examples are valid settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../cli/settings/config.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { days, hours, minutes, seconds } from '../../time/duration.ts';
import { root } from '../support/sources.ts';

const written = readFileSync(join(root, 'docs/configuration.md'), 'utf8');

const units: Readonly<Record<string, (n: number) => number>> = { s: seconds, m: minutes, h: hours, d: days };

/** A default as it is written: a duration, a number, a text, or a map without its braces. */
function defaultIn(cell: string): unknown {
  const text = cell.replaceAll('`', '').trim();
  const [, n, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return units[unit]!(Number(n));
  return parse(/^\w+: /.test(text) ? `{${text}}` : text);
}

/** The defaults that the table below a heading names, by field; the column is found by its name. */
function documented(heading: string): Record<string, unknown> {
  const section = written.slice(written.indexOf(heading)).split(/\n## /, 1)[0]!;
  const [head, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  const column = head!.split('|').findIndex((cell) => cell.trim() === 'default');
  const cells = rows.map((row) => row.split('|'));
  return Object.fromEntries(cells.map((row) => [row[1]!.replaceAll('`', '').trim(), defaultIn(row[column]!)]));
}

const spelled = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const inCode = (settings: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [spelled(name), value]));

test.each(['detection', 'silence', 'grouping'] as const)(
  '%s: every field with its default, and no other',
  (section) => {
    expect(documented(`## \`${section}\``)).toEqual(inCode(incidentDefaults[section]));
  },
);

test('score: formula, weights and severities', () => {
  const { criticality, ...score } = incidentDefaults.score;
  expect(criticality).toEqual({});
  expect(documented('## `score`')).toEqual(score);
});

test('out of order, idle after and the environment', () => {
  const { environment, outOfOrder, idleAfter } = incidentDefaults;
  expect(documented('| field ')).toMatchObject({ environment, out_of_order: outOfOrder, idle_after: idleAfter });
});

const examples = ['docs/configuration.md', 'README.md'].flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text], i) => ({
    of: `${file}, example ${i + 1}`,
    text: text!,
  })),
);

test.each(examples)('$of is taken as settings', ({ text }) => {
  const { settings, retention, search, jobs } = parseConfig(text, 'millrace.yaml');
  expect({ settings, retention, search, jobs }).not.toEqual({ ...parseConfig('', 'millrace.yaml'), teams: undefined });
});

test('there are examples of settings', () => {
  expect(examples.length).toBeGreaterThan(4);
});
