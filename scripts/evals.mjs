/**
 * Scores the command on labelled data: `npm run evals -- --data DIR`. The evaluators are Python scripts in the folder
 * `evals` beside DIR; each drives the command itself and prints a SUMMARY line. Here they are run one after the other
 * and their figures put into one table.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help || values.data === undefined) {
  process.stderr.write('usage: npm run evals -- --data DIR   (the evaluators are in the folder evals beside DIR)\n');
  process.exit(values.help ? 0 : 2);
}
const data = resolve(values.data);
const evaluators = join(dirname(data), 'evals');
if (!existsSync(evaluators)) {
  process.stderr.write(`evals: there is no folder ${evaluators}\n`);
  process.exit(2);
}

const command = join(dirname(fileURLToPath(import.meta.url)), '..', 'cli', 'bin.mjs');
const days = existsSync(join(data, 'nezha')) ? readdirSync(join(data, 'nezha')).filter((d) => /^\d/.test(d)) : [];
const runs = [
  { command: ['parse'], script: 'parse_eval.py', args: ['beats'] },
  { command: ['parse'], script: 'parse_eval.py', args: ['envelope'] },
  { command: ['templates'], script: 'templates_eval.py', args: ['logs'] },
  { command: ['templates'], script: 'templates_eval.py', args: ['logs_full'] },
  { command: ['runbooks', 'search'], script: 'runbooks_eval.py', args: ['runbooks/setA'] },
  ...days.map((day) => ({ command: ['replay'], script: 'replay_eval.py', args: [`nezha/${day}`] })),
  ...days.map((day) => ({ command: ['replay'], script: 'replay_eval.py', args: [`nezha/${day}`, '--control'] })),
];

for (const { command: words, script, args } of runs) {
  const label = `${words.join(' ')} ${args.join(' ')}`.padEnd(34);
  process.stdout.write(`${label} ${figures(words, script, args)}\n`);
}

/** The figures of one evaluator, or why there are none. */
function figures(words, script, [part, ...options]) {
  if (!existsSync(join(data, part))) return 'no data';
  const help = spawnSync(process.execPath, [command, ...words, '--help'], { encoding: 'utf8' }).stdout;
  if (!help.startsWith(`Usage: millrace ${words[0]}`)) return 'not yet';
  const env = { ...process.env, MILLRACE: `${process.execPath} ${command}` };
  const { stdout, stderr } = spawnSync('python3', [join(evaluators, script), join(data, part), ...options], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const summary = stdout?.split('\n').findLast((line) => line.startsWith('SUMMARY '));
  if (summary === undefined) return `failed: ${(stderr || stdout || 'python3 is missing').trim().split('\n').at(-1)}`;
  return summary.replace(/^SUMMARY \S+ /, '').replace(/ (PASS|FAIL)$/, '');
}
