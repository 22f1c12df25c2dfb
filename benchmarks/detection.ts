/**
 * How well and how fast the incident job detects: seeds of the demo's traffic, each a day of history and six hours
 * with faults and decoys, through the whole job at full speed over ports in memory, judged by the demo's truth. The
 * clock is a manual one that the source advances with the traffic.
 *
 *     node --import tsx benchmarks/detection.ts [--seeds 1-10] [--lines-per-second 40] [--verbose]
 */

import { randomUUID } from 'node:crypto';
import { register } from 'node:module';
import { parseArgs } from 'node:util';
import type { Change as DemoChange } from '../demo/faults.ts';
import { scheduleFaults } from '../demo/schedule.ts';
import { traffic } from '../demo/traffic.ts';
import { score } from '../demo/truth.ts';
import type { SourceSpec } from '../graph/connector.ts';
import type { CloudEvent } from '../incidents/cloud-event.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import { incidentDefaults } from '../incidents/settings.ts';
import type { RawLine } from '../logs/lines/raw-line.ts';
import { Metrics } from '../runtime/metrics.ts';
import { Task } from '../runtime/task/task.ts';
import { taskDefaults } from '../runtime/task/task-options.ts';
import type { Change } from '../signals/changes.ts';
import { memoryState } from '../state/memory.ts';
import { memoryTables } from '../tables/memory.ts';
import type { Row } from '../tables/tables.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { hours, minutes, seconds, type Time } from '../time/duration.ts';
import { memoryTopics } from '../topics/memory.ts';

// Jobs import 'millrace' as users do; in a clone that means its sources.
register('../cli/resolve.mjs', import.meta.url);
const { incidentJob } = await import('../jobs/incidents.ts');

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-10' },
    'lines-per-second': { type: 'string', default: '40' },
    verbose: { type: 'boolean', default: false },
  },
});
const linesPerSecond = Number(options['lines-per-second']);
const [first = 1, last = first] = options.seeds.split('-').map(Number);

const totals = { faults: 0, found: 0, falseAlarms: 0, fragments: 0, lines: 0, seconds: 0, delays: [] as number[] };
for (let seed = first; seed <= last; seed++) await runSeed(seed);
const delays = totals.delays.sort((a, b) => a - b);
console.log(
  `found ${totals.found} of ${totals.faults}, ${totals.falseAlarms} false alarms, ${totals.fragments} fragments, ` +
    `median of the seeds' longest delays ${delays[Math.floor(delays.length / 2)]} s, ` +
    `${Math.round(totals.lines / totals.seconds).toLocaleString('en')} lines per CPU-second of the job alone`,
);

async function runSeed(seed: number): Promise<void> {
  // Hours of the day differ by seed, so that some see the nightly burst again and some the peaks.
  const start = Date.UTC(2025, 2, 4) + ((seed * 5) % 24) * hours(1);
  const judgedFrom = start + hours(24);
  const end = judgedFrom + hours(6);
  const faults = scheduleFaults({ seed, from: judgedFrom, to: end, faults: 5, linesPerSecond });
  const shop = shopSource(traffic({ seed, start, faults, linesPerSecond }), start, end);
  const ports = { topics: memoryTopics(), state: memoryState(), tables: memoryTables(), clock: shop.clock };
  await ports.topics.create({ name: 'incidents', partitions: 1 });
  const job = incidentJob({ logs: shop.logs, changes: shop.changes, settings: incidentDefaults });
  const epochs = { epochEvery: minutes(10), epochRecords: 1e9, epochBytes: 64 << 20 };
  const task = await Task.open(job, ports, {
    options: { ...taskDefaults, ...epochs, nonce: randomUUID },
    metrics: new Metrics(),
  });
  const began = cpuSeconds();
  while ((await task.step()) !== 'ended');
  await task.finish();
  const took = cpuSeconds() - began - shop.spent.seconds;
  const events = await eventsOf(ports.topics);
  const judged = score(events, faults, judgedFrom);
  report(seed, { judged, events, took, lines: shop.spent.lines, dead: await ports.tables.rows('dead_letters') });
  if (options.verbose) tell(events, faults);
}

/** The traffic as sources; reading advances the clock. The cost of making the traffic is measured separately. */
function shopSource(shop: ReturnType<typeof traffic>, start: Time, end: Time) {
  const clock = new ManualClock(start);
  const announced: DemoChange[] = [];
  const spent = { seconds: 0, lines: 0 };
  const logs: SourceSpec<RawLine> = source(async () => {
    if (clock.now() >= end) return 'ended';
    const before = cpuSeconds();
    const until = clock.now() + seconds(10);
    const batch = shop.next(until);
    const { lines, sources, times } = batch;
    const values = lines.map((line, i) => ({ line, source: sources[i]!, time: times[i]! }));
    announced.push(...batch.changes);
    clock.advanceTo(until);
    spent.lines += lines.length;
    spent.seconds += cpuSeconds() - before;
    return values;
  });
  const changes: SourceSpec<Change> = source(async () => {
    if (announced.length > 0) return announced.splice(0);
    return clock.now() >= end ? 'ended' : undefined;
  });
  return { clock, logs, changes, spent };
}

/** CPU time of all threads of this process; other processes on the machine do not count. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function source<T>(next: () => Promise<readonly T[] | undefined | 'ended'>): SourceSpec<T> {
  return {
    kind: 'demo',
    label: 'demo',
    replayable: false,
    open: async () => ({
      splits: async () => ['0'],
      start: async () => 0,
      async poll(_split, position) {
        const values = await next();
        if (values === undefined || values === 'ended') return values;
        const times = new Float64Array(values.length).fill(Number.NaN);
        return { values: [...values], times, refused: [], next: (position as number) + values.length };
      },
      close: async () => {},
    }),
  };
}

async function eventsOf(topics: ReturnType<typeof memoryTopics>): Promise<IncidentEvent[]> {
  const events: IncidentEvent[] = [];
  for (let offset = 0; ; ) {
    const batch = await topics.fetch({ topic: 'incidents', partition: 0 }, offset, {
      maxRecords: 10_000,
      maxBytes: 64 << 20,
    });
    if (batch === undefined) return events;
    for (let i = 0; i < batch.length; i++) {
      if (batch.starts[i]! < 0) continue;
      events.push((JSON.parse(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i])) as CloudEvent).data);
    }
    offset = batch.nextOffset;
  }
}

interface Result {
  readonly judged: ReturnType<typeof score>;
  readonly events: readonly IncidentEvent[];
  readonly took: number;
  readonly lines: number;
  readonly dead: readonly Row[];
}

function report(seed: number, { judged, events, took, lines, dead }: Result): void {
  const { found, faults, missed, false_alarms, false_alarm_list, fragments, delay_s } = judged;
  totals.faults += faults;
  totals.found += found;
  totals.falseAlarms += false_alarms;
  totals.fragments += fragments;
  totals.lines += lines;
  totals.seconds += took;
  if (delay_s.max !== null) totals.delays.push(delay_s.max);
  console.log(
    `seed ${seed}: found ${found} of ${faults}, ${false_alarms} false, ${fragments} fragments, delay median ` +
      `${delay_s.p50} s, longest ${delay_s.max} s; ` +
      `${lines.toLocaleString('en')} lines, ${Math.round(lines / took).toLocaleString('en')} lines per CPU-second`,
  );
  for (const [what, count] of countBy(dead)) console.log(`  ${count} dead letters: ${what}`);
  for (const m of missed) console.log(`  missed ${m.kind} of ${m.service} at ${m.start}`);
  for (const f of false_alarm_list) {
    const summary = events.find((e) => e.incident_id === f.incident_id)?.summary;
    console.log(`  false at ${f.at} during ${f.during ?? 'nothing'}: ${summary}`);
  }
}

function countBy(dead: readonly Row[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { origin, reason } of dead) {
    const what = `${origin} ${reason}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
}

/** The faults and the reported incidents, side by side. */
function tell(events: readonly IncidentEvent[], faults: ReturnType<typeof scheduleFaults>): void {
  for (const fault of faults) {
    console.log(`  ${new Date(fault.start).toISOString()} ${fault.kind} ${fault.service}: ${fault.description}`);
  }
  for (const e of events) {
    const cause = e.root_causes[0];
    console.log(
      `  ${e.updated_at} ${e.event} ${e.severity} ${e.score} ${cause?.service} ${cause?.confidence} ${e.summary}`,
    );
  }
}
