/**
 * How many lines get a template per CPU second, by kind of software, on generated lines; alone, and after the parser.
 * At last the lines of the parser's benchmark, with templates per service as in the incident job, including merges. Run
 * with `npm run bench -- templates [--seconds 1]`.
 */

import { parseArgs } from 'node:util';
import { logParser } from '../logs/parser.ts';
import { Templates } from '../logs/templates/templates.ts';
import { isoText } from '../logs/times/calendar.ts';
import { linesOf, seeded } from '../test/support/templates/generate.ts';
import { systems } from '../test/support/templates/systems.ts';
import { applicationLines, rateOf, sampleLines, shuffled, startTime } from './lines.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '1' } } });
const seconds = Number(values.seconds);
const lineCount = 20_000;
const stepLines = 2_000;

const all = Object.entries(systems).map(([name, system]) => ({
  name,
  // Joined and split, so that lines are flat strings like those of a file reader.
  lines: linesOf(system, lineCount, seeded(11))
    .map(({ line }) => line)
    .join('\n')
    .split('\n'),
}));
const mixed = all.flatMap(({ lines }) => lines.slice(0, lineCount / all.length));

for (const { name, lines } of [...all, { name: 'all of them', lines: mixed }]) {
  const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  const alone = rate(lines, (templates, line) => templates.add(line));
  const wrapped = lines.map(
    (line, i) =>
      `${isoText(startTime + i, 0)
        .slice(0, -1)
        .replace('T', ' ')} [main] INFO  shop.Cart - ${line}`,
  );
  const parser = logParser({ service: 'cart' });
  const behind = rate(wrapped, (templates, line) => templates.add(parser.parse(line, 'source', startTime).message));
  console.log(
    `${name.padEnd(22)} ${format(alone)} lines/CPU-s ${format(behind)} with parsing ${bytes.toFixed(0).padStart(5)} characters`,
  );
}

const sets = [...applicationLines(lineCount / 10), ...sampleLines(lineCount / 20)];
const entries = sets.flatMap(({ name, lines }) => lines.map((line, i) => ({ line, source: `${name}-${i % 4}` })));
const order = [...shuffled(entries.length)].map((i) => entries[i]!);
const parser = logParser({});
const services = new Map<string, Templates>();
const figure = rateOf(order.length, 5 * seconds, () => {
  for (let i = 0; i < order.length; i++) {
    const { line, source } = order[i]!;
    const { service, message } = parser.parse(line, source, startTime);
    let templates = services.get(service);
    if (templates === undefined) services.set(service, (templates = new Templates()));
    templates.add(message);
    if (templates.isDue) templates.step(stepLines);
  }
});
console.log(`every format, mixed: ${format(figure)} lines/CPU-s parsed and with templates`);

function rate(lines: readonly string[], take: (templates: Templates, line: string) => void): number {
  const templates = new Templates();
  return rateOf(lines.length, seconds, () => {
    for (let i = 0; i < lines.length; i++) {
      take(templates, lines[i]!);
      if (templates.isDue) templates.step(stepLines);
    }
  });
}

function format(rate: number): string {
  return rate.toLocaleString('en').padStart(10);
}
