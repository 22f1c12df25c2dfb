/**
 * The wall time from sending the first faulty line to an incident that a reader of committed records sees:
 * `npm run bench -- latency [--rate 20000] [--minutes 10] [--warm 3] [--workers 2] [--packed 100]`. A hundred
 * services write lines at the given rate, one of them most; every 20 to 30 seconds, at any phase of a pane, another one
 * begins to fail in two of five lines, and at every second onset a worker is killed. The delay is told term by term:
 * from the onset to the first faulty line, to the end of its pane, to the end of the pane that was decided, to the
 * moment at which lines out of order are no longer waited for, and to the reading of the event, by an opened incident
 * and by an updated one apart.
 */

import { parseArgs } from 'node:util';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { mulberry32 } from '../../testing/random.ts';
import { murmur2 } from '../../topics/partition.ts';
import { type Cluster, type Command, pause, quantile, ready, start, startCluster } from './servers.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '10' },
    warm: { type: 'string', default: '3' },
    workers: { type: 'string', default: '2' },
    packed: { type: 'string', default: '100' },
  },
});
const [rate, length, warm] = [Number(values.rate), Number(values.minutes) * 60_000, Number(values.warm) * 60_000];
const packed = Number(values.packed);
const [services, partitions, step] = [100, 8, 50];
const [every, phases, lasts, share, usual] = [20_000, 10_000, 90_000, 0.4, 0.003];
const paneMs = 10_000;
/** Lines out of order are waited for, and a watermark moves in steps of a second. */
const waited = incidentDefaults.outOfOrder + 1_000;

interface Fault {
  readonly service: string;
  readonly from: number;
  readonly killed: boolean;
  /** Time of its first faulty line. */
  first?: number;
  seen?: Seen;
}

/** The first event that names a service: when it was read, and the end of the pane that it tells of. */
interface Seen {
  readonly at: number;
  readonly pane: number;
  readonly event: string;
}

const faults: Fault[] = [];
const opened: { readonly at: number; readonly services: readonly string[] }[] = [];
const words = ['order', 'basket', 'till', 'stock', 'parcel'];
const names = Array.from({ length: services }, (_, i) => `svc-${i}`);
const placeOf = names.map((name) => (murmur2(Buffer.from(name)) & 0x7fffffff) % partitions);
let sent = 0;
const random = mulberry32(1);
let next = Number.POSITIVE_INFINITY;

const cluster = await startCluster({ tables: true });
const stop = new AbortController();
try {
  await cluster.topics.create({ name: 'logs', partitions });
  await cluster.topics.create({ name: 'changes', partitions: 1 });
  await cluster.topics.create({ name: 'incidents', partitions: 1 });
  const job = start(['run', 'jobs/incidents.ts', '--workers', values.workers, '--metrics', '0'], cluster.env);
  await ready(job);
  const reading = read(cluster, stop.signal);
  await feed(cluster, job);
  stop.abort();
  await reading;
  await job.stop();
  report();
} finally {
  stop.abort();
  await cluster.stop();
}

/** Sends lines in real time; a step that is late sends the missing lines too. */
async function feed({ topics }: Cluster, job: Command): Promise<void> {
  const begin = Date.now();
  next = begin + warm + random() * phases;
  let appending = Promise.resolve();
  for (let due = 0; ; ) {
    const now = Date.now();
    if (now - begin > length) break;
    if (now >= next && now - begin < length - lasts) begins(now, job);
    const count = Math.floor(((now - begin) / 1_000) * rate) - due;
    due += count;
    sent += count;
    await appending;
    appending = topics.append(batch(count, now));
    await pause(step);
  }
  await appending;
}

function begins(now: number, job: Command): void {
  const killed = faults.length % 2 === 1;
  next = now + every + random() * phases;
  faults.push({ service: names[1 + ((faults.length * 7) % (services - 1))]!, from: now, killed });
  if (killed) process.kill(job.workers()[(faults.length >> 1) % job.workers().length]!, 'SIGKILL');
}

function batch(count: number, now: number) {
  const time = new Date(now).toISOString();
  const failing = new Map(faults.filter((f) => now - f.from < lasts).map((f) => [f.service, f]));
  const lines = Array.from({ length: partitions }, () => [] as string[]);
  for (let i = 0; i < count; i++) {
    // One service writes two of five lines.
    const which = random() < 0.4 ? 0 : Math.floor(random() * services);
    const fault = failing.get(names[which]!);
    const isError = random() < (fault === undefined ? usual : share);
    if (isError && fault !== undefined) fault.first ??= now;
    const text = isError ? `${words[i % 5]} ${i} failed: connection reset` : `${words[i % 5]} ${i} took ${i % 90} ms`;
    lines[placeOf[which]!]!.push(
      `{"time":"${time}","level":"${isError ? 'ERROR' : 'INFO'}","service":"${names[which]}","pod":"${names[which]}-${i % 7}","msg":"${text}"}`,
    );
  }
  return lines.flatMap((of, partition) =>
    Array.from({ length: Math.ceil(of.length / packed) }, (_, n) => {
      const value = Buffer.from(of.slice(n * packed, (n + 1) * packed).join('\n'));
      return { topic: 'logs', partition, key: null, value, timestamp: now };
    }),
  );
}

/** Notes when each opened incident can be read. */
async function read({ topics }: Cluster, signal: AbortSignal): Promise<void> {
  for (let at = 0; !signal.aborted; ) {
    const found = await topics.fetch({ topic: 'incidents', partition: 0 }, at, { maxRecords: 100, maxBytes: 1 << 20 });
    if (found === undefined) {
      await pause(50);
      continue;
    }
    for (let i = 0; i < found.length; i++) {
      const { data } = JSON.parse(found.bytes.toString('utf8', found.starts[i], found.ends[i]));
      note(data);
    }
    at = found.nextOffset;
  }
}

function note({ services: of, event, updated_at }: Pick<IncidentEvent, 'services' | 'event' | 'updated_at'>): void {
  const now = Date.now();
  if (event === 'opened') opened.push({ at: now, services: of });
  for (const fault of faults) {
    if (!of.includes(fault.service) || now - fault.from >= 2 * lasts) continue;
    fault.seen ??= { at: now, pane: Date.parse(updated_at), event };
  }
}

function report(): void {
  const delays = (of: readonly Fault[]) =>
    of.flatMap((f) => (f.seen === undefined ? [] : [(f.seen.at - f.from) / 1_000]));
  const row = (name: string, of: readonly Fault[]) => {
    const d = delays(of);
    const [p50, p99] = [quantile(d, 0.5), quantile(d, 0.99)].map((x) => x.toFixed(1));
    return {
      faults: name,
      injected: of.length,
      seen: d.length,
      'p50 s': p50,
      'p99 s': p99,
      'max s': Math.max(...d).toFixed(1),
    };
  };
  console.table([
    row('all', faults),
    row(
      'worker killed at onset',
      faults.filter((f) => f.killed),
    ),
    row(
      'no worker killed',
      faults.filter((f) => !f.killed),
    ),
    row(
      'told by an opened incident',
      faults.filter((f) => f.seen?.event === 'opened'),
    ),
    row(
      'told by an updated one',
      faults.filter((f) => f.seen?.event === 'updated'),
    ),
  ]);
  console.table(terms());
  const wrong = opened.filter((o) => !o.services.some((s) => faults.some((f) => f.service === s && f.from <= o.at)));
  console.log(
    `${sent} lines at ${Math.round(sent / (length / 1_000))}/s; ${opened.length} incidents opened, ${wrong.length} without a fault`,
  );
}

/** What the delays consist of; each term begins where the one before it ends. */
function terms() {
  const parts = faults.flatMap(({ from, first, seen }) => {
    if (first === undefined || seen === undefined) return [];
    const pane = (Math.floor(first / paneMs) + 1) * paneMs;
    return [[first - from, pane - first, seen.pane - pane, waited, seen.at - seen.pane - waited]];
  });
  const names = [
    'onset to the first faulty line',
    'that line to the end of its pane',
    'on to the end of the pane that is decided',
    'lines out of order are waited for',
    'watermark to the event read: stages, epochs, transactions',
  ];
  return names.map((term, i) => {
    const list = parts.map((part) => part[i]! / 1_000);
    const [p50, max] = [quantile(list, 0.5).toFixed(1), Math.max(...list).toFixed(1)];
    return { term, 'p50 s': p50, 'max s': max };
  });
}
