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
import type { Spread, Summary } from '../demo/summary.ts';

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
console.table(
  Object.fromEntries([
    ['millrace', total(summaries)],
    ...summaries[0]!.naive.map((_, i) => [`naive ${i + 1}`, total(summaries.map(({ naive }) => naive[i]!))]),
  ]),
);
console.table(Object.fromEntries(Object.entries(termsOf(summaries)).map(([term, s]) => [term, s])));
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

/** The row of one detector over all seeds. */
function total(of: readonly Summary[]): Readonly<Record<string, string | number>> {
  const sum = (what: (s: Summary) => number) => of.reduce((n, s) => n + what(s), 0);
  const found = sum((s) => s.found);
  const days = sum((s) => s.judged_hours) / 24;
  const falseAlarms = sum((s) => s.false_alarms);
  return {
    found: `${found} of ${sum((s) => s.faults)}`,
    invisible: sum((s) => s.invisible),
    late: sum((s) => s.late),
    'false alarms': falseAlarms,
    'a day': Number((falseAlarms / days).toFixed(2)),
    'excused alarms': sum((s) => s.fragments),
    'excused min': sum((s) => s.excused_minutes),
    'delay p50 s': middle(of.map((s) => s.delay_s)),
    'max s': longest(of.map((s) => s.delay_s)),
    'cause first': `${sum((s) => s.cause.first)} of ${found}`,
    'in three': `${sum((s) => s.cause.first_three)} of ${found}`,
    'by opened': sum((s) => s.delay_opened_s.found),
    'by updated': sum((s) => s.delay_updated_s.found),
  };
}

/** What delays consist of: the median over seeds of each median, and the longest of all. */
function termsOf(of: readonly Judged[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const row = (spreads: readonly Spread[]) => ({ 'p50 s': middle(spreads), 'max s': longest(spreads) });
  const waited = of[0]!.terms_s.disorder_waited_for;
  return {
    'onset to first line': row(of.map((s) => s.terms_s.onset_to_evidence)),
    'first line to end of its pane': row(of.map((s) => s.terms_s.evidence_to_pane_end)),
    'to the pane that is decided': row(of.map((s) => s.terms_s.pane_end_to_decided_pane)),
    'lines out of order waited for': { 'p50 s': waited, 'max s': waited },
    'found by an opening': row(of.map((s) => s.delay_opened_s)),
    'found by an update': row(of.map((s) => s.delay_updated_s)),
  };
}

function middle(spreads: readonly Spread[]): number {
  const sorted = spreads.flatMap(({ p50 }) => p50 ?? []).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
}

const longest = (spreads: readonly Spread[]) => Math.max(...spreads.flatMap(({ max }) => max ?? []));
