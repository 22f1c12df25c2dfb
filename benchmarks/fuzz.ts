import { parseArgs } from 'node:util';
import { campaign } from '../test/fuzz/campaign.ts';

/**
 * Feeds the log parser, the line joiner and the templates what nobody meant them to read, and checks that nothing
 * throws, no byte is lost, nothing takes more than linear time and templates keep their ids (test/fuzz). Run with
 * `npm run bench -- fuzz --minutes 60 --seed 1`; minutes are of CPU time. `--case N` tries one case again.
 * Ends with code 1 if a claim broke; told to stop, it says how far it came.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);
const seconds = 60 * Number(values.minutes);
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopped = true));
let told = 0;
const tally = await campaign({
  seed,
  from: Number(values.case ?? 0),
  goOn: (cases) => {
    const minute = Math.floor(used() / 60);
    if (minute > told) {
      console.log(`${minute} min CPU\t${cases.toLocaleString('en')} cases`);
      told = minute;
    }
    return values.case === undefined && !stopped && used() < seconds;
  },
  onFinding: ({ number, claim, reason, input }) => {
    console.log(`seed ${seed}, case ${number}: broken: ${claim}\n  ${reason}\n  input: ${input}`);
  },
});
console.log(JSON.stringify({ event: 'summary', seed, ...tally, cpu_seconds: Math.round(used()) }));
process.exitCode = tally.findings === 0 ? 0 : 1;
