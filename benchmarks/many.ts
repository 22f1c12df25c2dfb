/**
 * What a record costs by how many keys there are: `npm run bench -- many [--services 100,10000] [--lines 200000]`. The
 * incident job over memory parts, in which so many services write in turn for `--minutes` minutes, with a pause of
 * `--gap` hours in the middle; a file in which so many containers write in turn; and windows over so many keys in the
 * engine alone. One process a row, so that no row pays for the heap of another.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { incidentDefaults } from '../incidents/settings.ts';
import { count, eventTime, filter, job, keyBy, seconds, to, topic, tumbling, window } from '../index.ts';
import { incidentJob } from '../jobs/incidents.ts';
import type { RawLine } from '../logs/lines/raw-line.ts';
import type { Change } from '../signals/changes.ts';
import { hours, minutes } from '../time/duration.ts';
import { costOf, printTable } from './measure.ts';
import { generated } from './peers/jobs.ts';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1,100,1000,10000,100000' },
    names: { type: 'string', default: '100,25000' },
    keys: { type: 'string', default: '100,1000,10000,100000' },
    lines: { type: 'string', default: '200000' },
    minutes: { type: 'string', default: '2' },
    gap: { type: 'string', default: '0' },
    one: { type: 'string' },
  },
});
const lines = Number(values.lines);
const start = Date.parse('2026-03-02T10:00:00Z');
const span = minutes(Number(values.minutes));
/** The second half of the lines comes after the gap. */
const gap = hours(Number(values.gap));
const timeOf = (i: number) => start + Math.floor((i * span) / lines) + (i * 2 < lines ? 0 : gap);

/** A line, one in a hundred of which is an error. */
const lineOf = (i: number): string =>
  `${new Date(timeOf(i)).toISOString()} ${i % 100 === 0 ? 'ERROR' : 'INFO'} request ${i} served`;

/** Lines of so many services in turn. */
const services = (n: number) => incidents((i) => ({ line: lineOf(i), source: `s${i % n}/pod-1`, time: timeOf(i) }));

/** A file with the lines of so many containers in turn. */
const names = (n: number) =>
  incidents((i) => ({ line: `s${i % n}-1  | ${lineOf(i)}`, source: 'compose.log', time: timeOf(i) }));

/** The incident job over such lines. */
const incidents = (line: (i: number) => RawLine) => {
  return incidentJob({
    logs: generated(lines, line),
    changes: generated<Change>(0, () => ({ timestamp: '', kind: 'flag' })),
    settings: incidentDefaults,
  });
};

/** Windows of ten seconds over so many keys. */
const windows = (keys: number) =>
  job('many', (from) => {
    from(
      'n',
      generated(lines * 10, (i) => i),
    ).pipe(
      eventTime({ at: (i) => start + Math.floor((i * span) / (lines * 10)), outOfOrder: 0 }),
      keyBy((i) => i % keys),
      window('w', tumbling(seconds(10)), count()),
      filter(() => false),
      to('out', topic('nowhere')),
    );
  });

/** Runs one row in a process of its own. */
function rowOf(what: 'services' | 'names' | 'keys', n: number): Record<string, string | number> {
  const own = process.argv.slice(2).filter((arg) => arg !== 'many');
  const args = [...process.execArgv, process.argv[1]!, 'many', ...own, '--one', `${what}:${n}`];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) return { what, n, 'CPU µs a record': 'died', 'MB at the peak': '' };
  return JSON.parse(stdout) as Record<string, string | number>;
}

if (values.one === undefined) {
  const numbers = (text: string) => text.split(',').map(Number);
  for (const n of numbers(values.services)) printTable([rowOf('services', n)]);
  for (const n of numbers(values.names)) printTable([rowOf('names', n)]);
  for (const n of numbers(values.keys)) printTable([rowOf('keys', n)]);
} else {
  const [what, n] = values.one.split(':') as ['services' | 'names' | 'keys', string];
  const made = { services, names, keys: windows }[what](Number(n));
  const records = what === 'keys' ? lines * 10 : lines;
  const { cpuSeconds } = await costOf(made);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const micros = ((cpuSeconds * 1e6) / records).toFixed(1);
  console.log(JSON.stringify({ what, n: Number(n), 'CPU µs a record': micros, 'MB at the peak': peak }));
}
