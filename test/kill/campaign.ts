/**
 * The long campaign: `node --import tsx test/kill/campaign.ts --kills 200 --seed 1 [--job shops]`. The incident job with
 * all of its inputs, or a job over orders. A line per kill, then which awaits were hit, then one line of JSON with the
 * verdict. Ends with code 1 if anything was lost, doubled or different.
 */
import { parseArgs } from 'node:util';
import { type KilledJobName, killedJobs } from './jobs.ts';
import { campaign, type Kill } from './kills.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    job: { type: 'string', default: 'incidents' },
  },
});
if (!(values.job in killedJobs)) throw new Error(`--job is one of ${Object.keys(killedJobs).join(', ')}`);
const started = performance.now();
const { kills, verdict, compared } = await campaign({
  job: values.job as KilledJobName,
  kills: Number(values.kills),
  seed: Number(values.seed),
  onKill: ({ hit, open }: Kill, number) => console.log(`${number}\t${hit}\t${open.length > 1 ? open.join(', ') : ''}`),
});

const byStep: Record<string, number> = {};
for (const { hit } of kills) byStep[hit] = (byStep[hit] ?? 0) + 1;
console.log('\nkills by await');
for (const [name, count] of Object.entries(byStep).sort((a, b) => b[1] - a[1])) console.log(`${count}\t${name}`);
for (const text of [...verdict.lost, ...verdict.doubled, ...verdict.disordered].slice(0, 20)) console.log(text);

const summary = {
  event: 'summary',
  kills: kills.length,
  inside_commit: kills.filter((k) => k.insideCommit).length,
  compared,
  lost: verdict.lost.length,
  doubled: verdict.doubled.length,
  rows_differ: verdict.lost.length + verdict.doubled.length + verdict.disordered.length,
  seconds: Math.round((performance.now() - started) / 1_000),
  by_step: byStep,
};
console.log(JSON.stringify(summary));
process.exitCode = summary.rows_differ === 0 ? 0 : 1;
