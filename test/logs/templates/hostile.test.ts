/** Hostile lines: nothing may throw, and the cost of a line may only grow with its length. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Templates } from '../../../logs/templates/templates.ts';
import { charactersRead } from '../../fuzz/work.ts';

function check(lines: readonly string[]): void {
  const templates = new Templates();
  const ids = lines.map((line) => templates.add(line));
  templates.flush();
  for (const id of ids) expect(typeof templates.text(id)).toBe('string');
  for (const line of lines) for (const { value } of templates.parameters(line)) expect(line).toContain(value);
  const entries = [...templates.changed()];
  expect(() => JSON.stringify(entries)).not.toThrow();
}

test('any lines at all are taken', () => {
  const line = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(fc.property(fc.array(line, { maxLength: 20 }), check), { numRuns: 500, seed: 7 });
});

test('lines made of signs are taken', () => {
  const signs = fc.constantFrom(...'()[]{}<>"\'`,;=|.:!?-/\\@#+%*&~^$ \n\tab7订，\x1b');
  const line = fc.string({ unit: signs, maxLength: 60 });
  fc.assert(fc.property(fc.array(line, { maxLength: 40 }), check), { numRuns: 1000, seed: 7 });
});

test('lone surrogates survive being stored', () => {
  const templates = new Templates();
  const id = templates.add('odd \ud800 end');
  const after = new Templates();
  after.load(JSON.parse(JSON.stringify([...templates.changed()])));
  expect(after.add('odd \ud800 end')).toBe(id);
});

/** Characters that are looked at for a line. */
function workOf(line: string): number {
  const templates = new Templates();
  return charactersRead(() => templates.add(line));
}

const seeds = [
  '(',
  '"',
  '\'"`',
  'a:',
  ':',
  '.',
  'a.',
  'a...',
  '/',
  '=',
  'a=',
  '[a, ',
  '<1 ',
  '-',
  '1',
  'a ',
  '\ud800',
  '\n',
  'a/b=',
  '"a ',
  'a= ',
  'x:b,',
  '<b, ',
  '{"b", ',
  '( ',
  '订',
  '订1',
  '。',
  '\x1b[',
  '\x1b]',
];

test.each(seeds)('a line of %j only costs a few looks at each character', (seed) => {
  const line = seed.repeat(Math.ceil(2000 / seed.length)).slice(0, 2000);
  expect(workOf(line)).toBeLessThan(2000 * 150);
  expect(workOf(line)).toBeLessThan(workOf(line.slice(0, 1000)) * 2.6 + 1000);
});

test('a line of a megabyte costs no more than its beginning', () => {
  for (const seed of seeds) expect(workOf(seed.repeat(1_000_000 / seed.length))).toBeLessThan(400_000);
});
