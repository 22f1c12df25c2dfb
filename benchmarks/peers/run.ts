import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { costOf, printTable } from '../measure.ts';
import { peerJobs } from './jobs.ts';

/**
 * The peers' jobs on Millrace: `npm run bench -- peers [--jobs j4,nex-q5] [--json FILE]`. Every job runs in a process
 * of its own, whose peak memory and start-up count; its results are checked against what the peers found.
 */

interface Row {
  readonly job: string;
  readonly engine: string;
  readonly parallelism: number;
  readonly events_per_s: number;
  readonly cpu_s_per_m: number;
  readonly rss_mb: number;
  readonly start_s: number;
}

/** Records per job, and the results and sums that Flink's runs of the same generators gave. */
const expected: Readonly<Record<string, { total: number; out: number; sum: number | undefined }>> = {
  j4: { total: 10_000_000, out: 900, sum: 10_000_000 },
  'nex-q0': { total: 5_000_000, out: 4_600_000, sum: 4_600_000 },
  'nex-q1': { total: 5_000_000, out: 4_600_000, sum: 4_600_000 },
  'nex-q5': { total: 5_000_000, out: 254, sum: undefined },
  'nex-q11': { total: 5_000_000, out: 99_918, sum: 4_600_000 },
};

const { values: args } = parseArgs({
  args: process.argv.slice(2),
  options: { jobs: { type: 'string' }, json: { type: 'string' }, child: { type: 'string' } },
  allowPositionals: true,
});

if (args.child !== undefined) await child(args.child);
else {
  const names = args.jobs?.split(',') ?? Object.keys(peerJobs);
  const rows = names.map(inProcessOfItsOwn);
  printTable(rows.map((row) => ({ ...row })));
  if (args.json !== undefined) writeFileSync(args.json, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function inProcessOfItsOwn(name: string): Row {
  const argv = [...process.execArgv, fileURLToPath(import.meta.url), '--child', name];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Row;
}

async function child(name: string): Promise<void> {
  const { total, out, sum } = expected[name]!;
  const tally = { out: 0, sum: 0 };
  const job = peerJobs[name]!(total, tally);
  const start = process.uptime();
  const { seconds, cpuSeconds } = await costOf(job);
  if (tally.out !== out || (sum !== undefined && tally.sum !== sum)) {
    throw new Error(`${name}: ${JSON.stringify(tally)} instead of ${JSON.stringify({ out, sum })}`);
  }
  const row: Row = {
    job: name,
    engine: 'millrace',
    parallelism: 1,
    events_per_s: Math.round(total / seconds),
    cpu_s_per_m: Number(((cpuSeconds * 1e6) / total).toFixed(2)),
    rss_mb: peakMegabytes(),
    start_s: Number(start.toFixed(2)),
  };
  console.log(JSON.stringify(row));
}

/** The process's peak resident memory where the system tells it, else what is resident now. */
function peakMegabytes(): number {
  try {
    const line = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Math.round(Number(line[1]) / 1_024);
  } catch {
    // Not Linux.
  }
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}
