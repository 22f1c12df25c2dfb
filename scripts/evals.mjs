/**
 * Scores the command on labelled data: `npm run evals -- --data DIR [--only WORD]`. The evaluators are Python scripts in
 * the folder `evals` beside DIR; each drives the command itself and prints a SUMMARY line. Here they are run one after
 * the other and their figures put into one table, which also says which commands are not there yet. The last row is
 * that of cold-starts.mjs beside this script.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const options = { data: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } };
const { values } = parseArgs({ options });
if (values.help || values.data === undefined) {
  process.stderr.write(
    'usage: npm run evals -- --data DIR [--only WORD]   (the evaluators are in the folder evals beside DIR)\n',
  );
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
/** A row each: the command it needs, the evaluator, and what it is given. */
const runs = [
  { needs: 'parse', script: 'parse_eval.py', args: ['beats'] },
  { needs: 'parse', script: 'parse_eval.py', args: ['envelope'] },
  { needs: 'parse', script: 'cases_eval.py', args: ['cases/parse_cases.ndjson'] },
  { needs: 'templates', script: 'templates_eval.py', args: ['logs'] },
  { needs: 'templates', script: 'templates_eval.py', args: ['logs_full'] },
  { needs: 'runbooks search', script: 'runbooks_eval.py', args: ['runbooks/setA'] },
  ...days.map((day) => ({ needs: 'replay', script: 'replay_eval.py', args: [`nezha/${day}`] })),
  ...days.map((day) => ({ needs: 'replay', script: 'replay_eval.py', args: [`nezha/${day}`, '--control'] })),
  { needs: 'replay', script: 'changes_eval.py', args: ['changes'] },
  { needs: 'replay', script: 'abstain_eval.py', args: ['abstain'] },
  { needs: 'replay', script: 'alerts_eval.py', args: ['alerts/market-1'] },
  { needs: 'replay', script: 'alerts_eval.py', args: ['alerts/gaia', '--limit', '50'] },
  { needs: 'replay', script: 'runs_eval.py', args: ['runs'] },
  { needs: 'anomalies', script: 'anomalies_eval.py', args: ['anomalies/cloud-monitoring'] },
  { needs: 'anomalies', script: 'anomalies_eval.py', args: ['anomalies/nab'] },
];
const unlisted = readdirSync(evaluators).filter((name) => {
  return name.endsWith('_eval.py') && !runs.some(({ script }) => script === name);
});

const isThere = new Map();
for (const { needs, script, args } of runs) {
  const what = `${script.replace('.py', '')} ${args.join(' ')}`;
  if (!what.includes(values.only ?? '')) continue;
  process.stdout.write(`${what.padEnd(44)} ${figures(needs, script, args)}\n`);
}
for (const script of unlisted.filter((name) => name.includes(values.only ?? '')))
  process.stdout.write(`${script.replace('.py', '').padEnd(44)} not known here\n`);

const cold = 'cold-starts nezha';
if (days.length > 0 && cold.includes(values.only ?? '')) {
  const script = join(dirname(command), '..', 'scripts', 'cold-starts.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--data', data], { encoding: 'utf8' });
  process.stdout.write(`${cold.padEnd(44)} ${summaryIn(stdout) ?? `failed: ${stderr.trim().split('\n').at(-1)}`}\n`);
}

/** The figures of a summary line, where there is one. */
function summaryIn(stdout) {
  const summary = stdout?.split('\n').findLast((line) => line.startsWith('SUMMARY '));
  return summary?.replace(/^SUMMARY \S+ /, '').replace(/ (PASS|FAIL)$/, '');
}

/** The figures of one evaluator, or why there are none. */
function figures(needs, script, [part, ...more]) {
  if (!isThere.has(needs)) isThere.set(needs, knows(needs));
  if (!isThere.get(needs)) return `no command ${needs} yet`;
  if (!existsSync(join(evaluators, script))) return 'no such evaluator';
  if (!existsSync(join(data, part))) return 'no data';
  const env = { ...process.env, MILLRACE: `${process.execPath} ${command}` };
  const { stdout, stderr } = spawnSync('python3', [join(evaluators, script), join(data, part), ...more], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return summaryIn(stdout) ?? `failed: ${(stderr || stdout || 'python3 is missing').trim().split('\n').at(-1)}`;
}

/** Whether the command is there: an unknown one is answered with the help of all. */
function knows(needs) {
  const help = spawnSync(process.execPath, [command, ...needs.split(' '), '--help'], { encoding: 'utf8' });
  return help.stdout.startsWith(`Usage: millrace ${needs}`);
}
