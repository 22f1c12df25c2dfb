/**
 * `npm run chaos -- --kills 1000 --seed 1`: a line of JSON for each act, words on standard error, and as the last line
 * the summary; `--minutes 30` begins no further act after that. `--without fence` (or token, outbox, mark) takes a
 * protection out, and then something must be lost or doubled: in a short campaign of its own, or with `--kills` in the
 * usual one. Ends with 1 if the result is not as it should be. Acts are drawn from the seed; what they hit
 * depends on real time.
 */
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { controls } from './controls.ts';
import { faultsOf, summaryOf } from './summary.ts';
import { type Protection, protections } from './weaken.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '300' },
    minutes: { type: 'string', default: 'Infinity' },
    without: { type: 'string' },
  },
});
const without = protections.find((protection): protection is Protection => protection === values.without);
if (values.without !== undefined && without === undefined) throw new Error(`--without is one of ${protections}`);

const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1_000);
const say = (text: string) => process.stderr.write(`${seconds()} s  ${text}\n`);
const tell = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

const [kills, seed] = [Number(values.kills ?? 1_000), Number(values.seed)];
// Without a number of its own a control strikes only where the protection is all that helps.
const acts = without !== undefined && values.kills === undefined ? { acts: controls[without] } : {};
const report = await campaign({
  kills,
  seed,
  without,
  ...acts,
  perSecond: Number(values.rate),
  ms: Number(values.minutes) * 60_000,
  say,
  onAct: (act, { number, of, kill }) => {
    tell({ event: act.kind, number, at: seconds(), ...act, ...(kill === undefined ? {} : { hit: kill.hit }) });
    if (number % 10 === 0) say(`${number} of ${of} acts`);
  },
});
const faults = faultsOf(report, { without, complete: kills >= 200 });
for (const text of faults) say(text);
tell({ ...summaryOf(report), seed, ...(without === undefined ? {} : { without }), seconds: seconds() });
process.exitCode = faults.length === 0 ? 0 : 1;
