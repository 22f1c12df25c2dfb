import { isoText } from '../logs/calendar.ts';
import { logParser } from '../logs/parsed-log.ts';
import { Templates } from '../logs/templates/templates.ts';
import { linesOf, seeded } from '../test/logs/templates/generate.ts';
import { systems } from '../test/logs/templates/systems.ts';

/**
 * Lines a second and core that get a template, by kind of software, on generated lines; alone, and behind the parser.
 * Run with `npm run bench -- templates [seconds per kind]`.
 */

const LINES = 20_000;
const STEP = 2_000;
const START = Date.UTC(2026, 0, 29, 8, 51);
const seconds = Number(process.argv[2] ?? 1);

const all = Object.entries(systems).map(([name, system]) => ({
  name,
  // Joined and cut again, so that lines are flat strings as a reader of files gives them.
  lines: linesOf(system, LINES, seeded(11))
    .map(({ line }) => line)
    .join('\n')
    .split('\n'),
}));
const mixed = all.flatMap(({ lines }) => lines.slice(0, LINES / all.length));

for (const { name, lines } of [...all, { name: 'all of them', lines: mixed }]) {
  const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  const alone = rate(lines, (templates, line) => templates.add(line));
  const wrapped = lines.map(
    (line, i) =>
      `${isoText(START + i, 0)
        .slice(0, -1)
        .replace('T', ' ')} [main] INFO  shop.Cart - ${line}`,
  );
  const parser = logParser({ service: 'cart' });
  const behind = rate(wrapped, (templates, line) => templates.add(parser.parse(line, 'source', START).message));
  console.log(
    `${name.padEnd(22)} ${format(alone)} lines/s ${format(behind)} with parsing ${bytes.toFixed(0).padStart(5)} bytes`,
  );
}

/** Lines a second: the best of several rounds, because other work on the machine only ever slows one down. */
function rate(lines: readonly string[], take: (templates: Templates, line: string) => void): number {
  const templates = new Templates();
  let best = 0;
  for (let spent = 0; spent < seconds * 1000; ) {
    const before = performance.now();
    for (let i = 0; i < lines.length; i++) {
      take(templates, lines[i]!);
      if (templates.isDue) templates.step(STEP);
    }
    const took = performance.now() - before;
    best = Math.max(best, (lines.length / took) * 1000);
    spent += took;
  }
  return Math.round(best);
}

function format(rate: number): string {
  return rate.toLocaleString('en').padStart(10);
}
