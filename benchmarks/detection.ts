/**
 * How well the incident job detects, beside naive detectors: seeds of `millrace demo --headless`, one after the other,
 * each judged by the demo's truth, and all of them in one table.
 *
 *     npm run bench -- detection [--seeds 1-10] [--faults 5] [--from DIR]
 *
 * `--from DIR` reads what earlier runs printed, `DIR/SEED.out`, instead of running them.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Summary, spreadOf } from '../demo/summary.ts';

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-10' },
    faults: { type: 'string', default: '5' },
    from: { type: 'string' },
  },
});

type Judged = Summary & {
  readonly begin: string;
  readonly lines: number;
  readonly took_s: number;
  readonly naive: readonly Summary[];
};

const [first = 1, last = first] = options.seeds.split('-').map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);
const summaries = seeds.map(summaryOf);
tell(summaries);
for (const [i, { missed, false_alarm_list }] of summaries.entries()) {
  for (const m of missed) {
    const how = `${m.late ? 'late' : 'missed'}${m.invisible ? ', hardly a line' : ''}`;
    console.log(`seed ${seeds[i]}: ${how}: ${m.kind}, ${m.description}`);
  }
  for (const f of false_alarm_list) {
    console.log(`seed ${seeds[i]}: false: ${f.services.join(', ')} at ${f.at}, during ${f.during ?? 'nothing'}`);
  }
}

/** The last line of a seed's run. */
function summaryOf(seed: number): Judged {
  const text = options.from === undefined ? run(seed) : readFileSync(join(options.from, `${seed}.out`), 'utf8');
  const judged = JSON.parse(text.trimEnd().split('\n').at(-1)!) as Judged;
  const { found, faults, false_alarms, begin, took_s } = judged;
  const weekday = new Date(begin).toUTCString().slice(0, 22);
  console.log(`seed ${seed}, ${weekday}: ${found} of ${faults} found, ${false_alarms} false, ${took_s} s`);
  return judged;
}

function run(seed: number): string {
  const args = ['cli/bin.mjs', 'demo', '--headless', '--faults', options.faults, '--seed', String(seed)];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`seed ${seed} ended with ${status}`);
  return stdout;
}

/** One table of all detectors, and what the delays of ours consist of. */
function tell(of: readonly Judged[]): void {
  const naive = of[0]!.naive.map((_, i) => [`naive ${i + 1}`, total(of.map((judged) => judged.naive[i]!))] as const);
  console.table(Object.fromEntries([['millrace', total(of)], ...naive]));
  const finds = of.flatMap((judged) => judged.finds);
  const term = (place: number) => spreadOf(finds.flatMap(({ terms_s }) => terms_s?.[place] ?? []));
  const by = (kind: string) => finds.filter((find) => find.by === kind);
  const delays = (list: typeof finds) => ({ ...spreadOf(list.map(({ delay_s }) => delay_s)), found: list.length });
  console.table({
    'onset to the first line of it': term(0),
    'that line to the end of its pane': term(1),
    'on to the end of the pane that is decided': term(2),
    'lines out of order waited for': { p50: of[0]!.waited_s, max: of[0]!.waited_s },
    'whole delay of finds by an opening': delays(by('opened')),
    'whole delay of finds by an update': delays(by('updated')),
  });
}

/** The row of one detector over all seeds. */
function total(of: readonly Summary[]): Readonly<Record<string, string | number | null>> {
  const sum = (what: (s: Summary) => number) => of.reduce((n, s) => n + what(s), 0);
  const found = sum((s) => s.found);
  const falseAlarms = sum((s) => s.false_alarms);
  const { p50, max } = spreadOf(of.flatMap((s) => s.finds.map(({ delay_s }) => delay_s)));
  return {
    found: `${found} of ${sum((s) => s.faults)}`,
    invisible: sum((s) => s.invisible),
    late: sum((s) => s.late),
    'false alarms': falseAlarms,
    'a day': Number(((24 * falseAlarms) / sum((s) => s.judged_hours)).toFixed(2)),
    'excused alarms': sum((s) => s.fragments),
    'excused min': sum((s) => s.excused_minutes),
    'delay p50 s': p50,
    'max s': max,
    'cause first': sum((s) => s.cause.first),
    'in three': sum((s) => s.cause.first_three),
  };
}
