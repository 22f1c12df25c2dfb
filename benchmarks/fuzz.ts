/**
 * Feeds the log parser, the line joiner and the templates random and malformed lines, and checks that nothing throws or
 * hangs, no byte is lost, nothing takes more than linear time and templates keep their ids (test/fuzz). Run
 * with `npm run bench -- fuzz --minutes 60 --seed 1`; minutes are of CPU time. `--case N` repeats one case.
 * Ends with code 1 if a claim failed; when it is stopped, it prints its progress.
 */

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Finding, Tally } from '../test/fuzz/campaign.ts';
import type { FuzzMessage } from './fuzz-cases.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
  },
});
const seconds = values.case === undefined ? 60 * Number(values.minutes) : 0;
/** Longer than any case that ends. Wall time, because a process that hangs can't report its CPU time. */
const hangsMs = 300_000;

const total = { cases: 0, lines: 0, characters: 0, findings: 0, cpu_seconds: 0 };
let stopped = false;
let next = Number(values.case ?? 0);
do {
  next = await casesFrom(next);
} while (!stopped && total.cpu_seconds < seconds);
console.log(JSON.stringify({ event: 'summary', seed: Number(values.seed), ...total }));
process.exitCode = total.findings === 0 ? 0 : 1;

/** Runs cases until the time is up or one hangs; returns the number of the first case that was not run. */
async function casesFrom(first: number): Promise<number> {
  const args = [values.seed, first, seconds - total.cpu_seconds].map(String);
  const child = fork(fileURLToPath(new URL('./fuzz-cases.ts', import.meta.url)), args);
  let tally: Tally = { cases: 0, lines: 0, characters: 0, findings: 0 };
  let cpuSeconds = 0;
  const stop = (): void => {
    stopped = true;
    child.kill('SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const watch = setTimeout(() => child.kill('SIGKILL'), hangsMs);
  child.on('message', (message: FuzzMessage) => {
    watch.refresh();
    if ('finding' in message) return tell(message.finding);
    if (Math.floor(message.cpuSeconds / 60) > Math.floor(cpuSeconds / 60))
      console.log(`${Math.floor(message.cpuSeconds / 60)} min CPU\t${message.tally.cases.toLocaleString('en')} cases`);
    ({ tally, cpuSeconds } = message);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) =>
    child.once('error', reject).once('exit', (...how) => resolve(how)),
  );
  clearTimeout(watch);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  total.cpu_seconds = Math.round(total.cpu_seconds + cpuSeconds);
  for (const key of Object.keys(tally) as (keyof Tally)[]) total[key] += tally[key];
  const number = first + tally.cases;
  if (code === 0) return number;
  const reason = `the process ended with ${signal ?? code} before the case did`;
  tell({ seed: Number(values.seed), number, claim: 'every case ends', reason, input: 'made by --case' });
  total.cases++;
  total.findings++;
  total.cpu_seconds += signal === 'SIGKILL' ? hangsMs / 1_000 : 1;
  return number + 1;
}

function tell({ number, claim, reason, input }: Finding): void {
  console.log(`seed ${values.seed}, case ${number}: broken: ${claim}\n  ${reason}\n  input: ${input}`);
}
