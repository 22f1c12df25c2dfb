/**
 * How many lines the log parser reads per CPU second, by kind and mixed. Run with
 * `npm run bench -- parse [--seconds 1] [--data DIR]`; with a directory, the lines of its files are read too.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { logParser } from '../logs/parser.ts';
import { applicationLines, type LineSet, rateOf, sampleLines, shuffled, startTime } from './lines.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '1' }, data: { type: 'string' } },
});
const seconds = Number(values.seconds);
const lineCount = 20_000;
const sourceCount = 40;

/** Lines of several sets in random order. A set's lines are of a source of its own, or of any of forty. */
function mixed(sets: readonly LineSet[], ownSources: boolean): { lines: string[]; sources: string[] } {
  const each = Math.ceil(lineCount / sets.length);
  const all = sets.flatMap(({ name, lines }) =>
    lines
      .slice(0, each)
      .map((line, i) => ({ line, source: ownSources ? `${name}-${i % 4}` : `pod-${i % sourceCount}` })),
  );
  const order = [...shuffled(all.length)];
  return { lines: order.map((i) => all[i]!.line), sources: order.map((i) => all[i]!.source) };
}

function show(name: string, lines: readonly string[], sources: readonly string[]): void {
  const parser = logParser({ service: 'cart' });
  const rate = rateOf(lines.length, seconds, () => {
    for (let i = 0; i < lines.length; i++) parser.parse(lines[i]!, sources[i]!, startTime);
  });
  const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  const [figure, length] = [rate.toLocaleString('en').padStart(10), bytes.toFixed(0).padStart(5)];
  console.log(`${name.padEnd(34)} ${figure} lines/CPU-s ${length} characters`);
}

const applications = applicationLines(lineCount);
const samples = sampleLines(lineCount / 4);
for (const { name, lines } of [...applications, ...samples])
  show(
    name,
    lines,
    lines.map((_, i) => `pod-${i % sourceCount}`),
  );

const mixtures = {
  'applications, mixed': mixed(applications, true),
  'every format, mixed': mixed(samples, true),
  'both, sources writing everything': mixed([...applications, ...samples], false),
};
for (const [name, { lines, sources }] of Object.entries(mixtures)) show(name, lines, sources);

if (values.data !== undefined) {
  const files = readdirSync(values.data, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const all = texts.map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').slice(0, 50_000) }));
  show(
    values.data.split('/').at(-1)!,
    all.flatMap(({ lines }) => lines),
    all.flatMap(({ path, lines }) => lines.map(() => path)),
  );
}
