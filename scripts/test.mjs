/**
 * Everything that must hold, as `npm test` runs it: set-up, types, style, and the tests in three parts, by what they
 * need. Says which part is running, how long each took, and ends with one plain line of totals. A part that is no test
 * and fails ends the run, and counts as one failure; tests of the later parts run also when earlier ones failed.
 * Arguments choose test files by parts of their names: `npm test -- redis`.
 *
 * Plain JavaScript without dependencies, because it runs before there are any; Vitest is loaded after set-up.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const chosen = process.argv.slice(2);

const parts = [
  ['set-up', () => command(process.execPath, 'scripts/setup.mjs', 'test')],
  ['types', () => command('npm', 'run', '--silent', 'check:types')],
  ['style', () => command('npm', 'run', '--silent', 'check:style')],
  ['quick tests', () => tests('quick')],
  ['slow tests', () => tests('slow')],
  ['server tests', () => tests('server')],
];

const done = [];
const startedAt = Date.now();
for (const [name, run] of parts) {
  const start = Date.now();
  print(`\n${clock(start)} ${name}: running`);
  const counts = await run();
  const took = Date.now() - start;
  done.push({ name, start, took, counts });
  print(`${clock(Date.now())} ${name}: ${outcome(counts)} in ${duration(took)}`);
  if (counts.failed > 0 && !counts.areTests) break;
}
report();

/** Runs a command to its end, with its words among ours. */
function command(program, ...args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) => {
      print(`${program} can't be run: ${error.message}`);
      resolve({ passed: 0, failed: 1, skipped: 0 });
    });
    child.once('close', (status) => resolve({ passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 }));
  });
}

/** Runs a project of vitest.config.ts. What breaks outside of a test counts as a failure as well. */
async function tests(project) {
  const { startVitest } = await import('vitest/node');
  process.exitCode = undefined;
  const options = { root, project: [project], run: true, watch: false, passWithNoTests: chosen.length > 0 };
  const vitest = await startVitest('test', chosen, options);
  const counts = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0, pending: 0 };
  for (const module of vitest.state.getTestModules()) {
    counts.failed += module.errors().length;
    for (const test of module.children.allTests()) counts[test.result().state]++;
  }
  await vitest.close();
  counts.failed += counts.pending;
  // Vitest may find a fault that is no test's, such as that there is no test at all.
  if (counts.failed === 0 && process.exitCode) counts.failed = 1;
  return { ...counts, areTests: true };
}

/** A table of the parts, and the totals alone on the last line. */
function report() {
  print('');
  for (const { name, start, took, counts } of done) {
    print(`${clock(start)} ${name.padEnd(14)}${duration(took).padStart(12)}   ${outcome(counts)}`);
  }
  print(`${clock(startedAt)} ${'all'.padEnd(14)}${duration(Date.now() - startedAt).padStart(12)}`);
  const sum = (kind) => done.reduce((total, { counts }) => total + counts[kind], 0);
  const noneRan = sum('passed') + sum('failed') + sum('skipped') === 0;
  if (noneRan) print(`\nno test has ${chosen.join(' or ')} in its name`);
  const failed = noneRan ? 1 : sum('failed');
  const totals = `\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`;
  process.stdout.write(totals, () => process.exit(failed === 0 ? 0 : 1));
}

function outcome({ passed, failed, skipped, areTests }) {
  if (areTests) return `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return failed === 0 ? 'done' : 'failed';
}

function clock(time) {
  return new Date(time).toTimeString().slice(0, 8);
}

function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
