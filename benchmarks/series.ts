/**
 * Metric series: what a point costs, what a series takes in memory and in store, and what is raised on made-up series
 * of each kind, clean and with planted faults, beside a naive detector (median and quartiles of the last 200 points).
 * Run with `npm run bench -- series [--seeds 2]`.
 */
import { parseArgs } from 'node:util';
import { newSeries, observe } from '../signals/series/series.ts';
import { kinds, pointsOf } from '../test/support/series/kinds.ts';
import { cleanSignals, detectors, foundFaults } from '../test/support/series/tally.ts';
import { minutes } from '../time/duration.ts';
import { printTable } from './measure.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '2' } } });
const seeds = Number(values.seeds);
const series = 10_000;
const rounds = 40;

const kindList = Object.values(kinds);
const points = kindList.map((kind) => pointsOf(kind, { seed: 5, days: 1, step: minutes(1) }));
const all = Array.from({ length: series }, newSeries);
const cpu = process.cpuUsage();
let judged = 0;
// A point of each series in turn, as a scrape brings them: no series is in a cache.
for (let i = 0; i < rounds; i++) {
  for (let j = 0; j < series; j++) {
    const [time, value] = points[j % points.length]![i]!;
    observe(all[j]!, time, value);
    judged++;
  }
}
const used = process.cpuUsage(cpu);
const micros = (used.user + used.system) / judged;
const old = newSeries();
for (const [time, value] of pointsOf(kinds['weekly rhythm']!, { seed: 3, days: 21, step: minutes(5) })) {
  observe(old, time, value);
}
const stored = JSON.stringify(old).length;
console.log(
  `${micros.toFixed(2)} µs a point over ${series} series in turn, ${Math.round(1e6 / micros).toLocaleString('en')} points/CPU-s; ${stored} bytes stored a series`,
);

printTable(
  Object.entries(kinds).map(([kind, make]) => {
    const row: Record<string, string> = { kind };
    for (const [name, detector] of Object.entries(detectors)) {
      const { signals, weeks } = cleanSignals(detector, make, seeds);
      const found = Array.from({ length: seeds }, (_, i) => Object.values(foundFaults(detector, make, i + 1))).flat();
      row[`${name}: a clean week`] = (signals / weeks).toFixed(2);
      row[`${name}: faults`] = `${found.filter(Boolean).length} of ${found.length}`;
    }
    return row;
  }),
);
