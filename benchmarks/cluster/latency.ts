/**
 * The wall time from sending the first faulty line to an incident that a reader of committed records sees:
 * `npm run bench -- latency [--rate 20000] [--minutes 10] [--warm 3] [--workers 2] [--packed 100]`. A hundred
 * services write lines at the given rate, one of them most; every 20 seconds another one begins to fail in two of five
 * lines, and at every second onset a worker is killed.
 */

import { parseArgs } from 'node:util';
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
const [every, lasts, share, usual] = [20_000, 90_000, 0.4, 0.003];

interface Fault {
  readonly service: string;
  readonly from: number;
  readonly killed: boolean;
  seen?: number;
}

const faults: Fault[] = [];
const opened: { readonly at: number; readonly services: readonly string[] }[] = [];
const words = ['order', 'basket', 'till', 'stock', 'parcel'];
const names = Array.from({ length: services }, (_, i) => `svc-${i}`);
const placeOf = names.map((name) => (murmur2(Buffer.from(name)) & 0x7fffffff) % partitions);
let sent = 0;
const random = mulberry32(1);

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
  let appending = Promise.resolve();
  for (let due = 0; ; ) {
    const now = Date.now();
    if (now - begin > length) break;
    const last = faults.at(-1)?.from ?? begin + warm - every;
    if (now - last >= every && now - begin < length - lasts) begins(now, job);
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
  faults.push({ service: names[1 + ((faults.length * 7) % (services - 1))]!, from: now, killed });
  if (killed) process.kill(job.workers()[(faults.length >> 1) % job.workers().length]!, 'SIGKILL');
}

function batch(count: number, now: number) {
  const time = new Date(now).toISOString();
  const failing = new Set(faults.filter((f) => now - f.from < lasts).map((f) => f.service));
  const lines = Array.from({ length: partitions }, () => [] as string[]);
  for (let i = 0; i < count; i++) {
    // One service writes two of five lines.
    const which = random() < 0.4 ? 0 : Math.floor(random() * services);
    const isError = random() < (failing.has(names[which]!) ? share : usual);
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
      note(data.services as readonly string[], data.event as string);
    }
    at = found.nextOffset;
  }
}

function note(of: readonly string[], event: string): void {
  const now = Date.now();
  if (event === 'opened') opened.push({ at: now, services: of });
  for (const fault of faults) if (of.includes(fault.service) && now - fault.from < 2 * lasts) fault.seen ??= now;
}

function report(): void {
  const delays = (of: readonly Fault[]) => of.flatMap((f) => (f.seen === undefined ? [] : [(f.seen - f.from) / 1_000]));
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
  ]);
  const wrong = opened.filter((o) => !o.services.some((s) => faults.some((f) => f.service === s && f.from <= o.at)));
  console.log(
    `${sent} lines at ${Math.round(sent / (length / 1_000))}/s; ${opened.length} incidents opened, ${wrong.length} without a fault`,
  );
}
