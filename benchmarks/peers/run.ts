/**
 * The peers' jobs on Millrace, Apache Flink and Kafka Streams, side by side in one run: `npm run bench -- peers`.
 *
 *     --jobs j1,j2-pick,nex-q5     default: all
 *     --engines millrace,flink     default: all that are installed; Flink and Kafka Streams need Java 17 and Maven
 *     --parallelism 1,2            default: both
 *     --records N                  log lines of J1 to J3 (default 3,000,000)
 *     --compression none|lz4|…     of the log topic (default none)
 *     --json FILE                  the table's rows, one a line
 *     --profile DIR                CPU profiles of Millrace's workers
 *
 * J1 to J3 read Kafka (KAFKA_URL, or a broker of its own) and keep state in Redis (REDIS_URL, or a server of its own);
 * J4 and Nexmark generate their input in the process. Results of every run are checked against the generators.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
// @ts-expect-error a plain script without types
import { ensure, startBroker } from '../../scripts/kafka.mjs';
import { startRedis } from '../../test/support/servers/redis.ts';
import { kafkaTopics } from '../../topics/kafka/kafka.ts';
import type { KafkaOptions } from '../../topics/kafka/options.ts';
import { printTable } from '../measure.ts';
import { build, hasJava, onJava, runs } from './java.ts';
import { logTopic, outputOf, type Position, positions, rate } from './log-topic.ts';
import { onMillrace } from './millrace.ts';
import { atThreeMillion, type Expected, oracles } from './oracle.ts';
import { type Measured, type Row, rowOf, type Servers } from './row.ts';

const engines = ['millrace', 'flink', 'kstreams'] as const;
type Engine = (typeof engines)[number];

/** Records per job that generates its input, and the results and sums that Flink's runs of the same generators gave. */
const generated: Readonly<Record<string, { total: number; out: number; sum: number | undefined }>> = {
  j4: { total: 10_000_000, out: 900, sum: 10_000_000 },
  'nex-q0': { total: 5_000_000, out: 4_600_000, sum: 4_600_000 },
  'nex-q1': { total: 5_000_000, out: 4_600_000, sum: 4_600_000 },
  'nex-q5': { total: 5_000_000, out: 254, sum: undefined },
  'nex-q11': { total: 5_000_000, out: 99_918, sum: 4_600_000 },
};
const overKafka = ['j1', 'j1-pick', 'j2', 'j2-pick', 'j3', 'j3-pick'];
const known = [...overKafka, ...Object.keys(generated)];

const { values: args } = parseArgs({
  args: process.argv.slice(2),
  options: {
    jobs: { type: 'string', default: known.join() },
    engines: { type: 'string', default: (hasJava() ? engines : ['millrace']).join() },
    parallelism: { type: 'string', default: '1,2' },
    records: { type: 'string', default: '3000000' },
    compression: { type: 'string', default: 'none' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
  allowPositionals: true,
});
const jobs = args.jobs.split(',');
const chosen = args.engines.split(',') as Engine[];
const stranger = jobs.find((job) => !known.includes(job)) ?? chosen.find((engine) => !engines.includes(engine));
if (stranger !== undefined) throw new Error(`'${stranger}' is not one of ${[...known, ...engines].join(', ')}`);
const records = Number(args.records);
const dir = mkdtempSync(join(tmpdir(), 'millrace-peers-'));
const closers: (() => unknown)[] = [() => rmSync(dir, { recursive: true, force: true })];
try {
  for (const engine of chosen) if (engine !== 'millrace') build(engine);
  const rows = await all();
  printTable(rows.map((row) => ({ ...row })));
  if (args.json !== undefined) writeFileSync(args.json, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
} finally {
  for (const close of closers.toReversed()) await close();
}

async function all(): Promise<Row[]> {
  const servers = jobs.some((job) => overKafka.includes(job)) ? await startServers() : undefined;
  const rows: Row[] = [];
  for (const job of jobs) {
    for (const engine of chosen) {
      for (const parallelism of args.parallelism.split(',').map(Number)) {
        const measured = await measure(engine, { job, parallelism, servers });
        if (measured === undefined) continue;
        rows.push(rowOf(job, engine, parallelism, measured));
        process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
      }
    }
  }
  return rows;
}

interface Asked {
  readonly job: string;
  readonly parallelism: number;
  readonly servers: Servers | undefined;
}

/** Runs a job on an engine and checks the results; undefined where the engine has no such job. */
async function measure(engine: Engine, { job, parallelism, servers }: Asked): Promise<Measured | undefined> {
  const isOverKafka = overKafka.includes(job);
  const total = isOverKafka ? records : generated[job]!.total;
  const asked = { job, total, parallelism, servers: isOverKafka ? servers : undefined };
  if (engine !== 'millrace') {
    if (!runs(engine, job)) return undefined;
    const measured = await onJava({ ...asked, engine });
    return engine === 'flink' ? checked(job, measured) : checkedStreams(measured);
  }
  // What is generated in a process can't be shared.
  if (parallelism > 1 && !isOverKafka) return undefined;
  const before = isOverKafka ? await outputs(servers!) : undefined;
  const { out } = expectedOf(job);
  const measured = await onMillrace({ ...asked, out, profile: args.profile });
  return checked(job, job.startsWith('j2') ? { ...measured, ...(await written(servers!, before!)) } : measured);
}

function checked(job: string, measured: Measured): Measured {
  const { out, sum } = expectedOf(job);
  // Flink's J1 and J3 report no sum.
  if (measured.out === out && (sum === undefined || measured.sum === sum || measured.sum === 0)) return measured;
  throw new Error(`${job}: ${JSON.stringify(measured)} instead of ${JSON.stringify({ out, sum })}`);
}

/** Kafka Streams leaves the last windows of every partition open. */
function checkedStreams(measured: Measured): Measured {
  const { out, sum } = expected('j2');
  if (measured.out > 0 && measured.out <= out && measured.sum <= sum && measured.records >= records - 4_096)
    return measured;
  throw new Error(`kstreams: ${JSON.stringify(measured)} instead of up to ${JSON.stringify({ out, sum })}`);
}

/** J1 of `j1-pick`: how records are decoded does not change what is found. */
function expectedOf(job: string): { readonly out: number; readonly sum: number | undefined } {
  return generated[job] ?? expected(job.split('-')[0]!);
}

function expected(job: string): Expected {
  const found = oracles[job]!(records, rate);
  if (records === 3_000_000 && found.out !== atThreeMillion[job]) throw new Error(`the oracle of ${job} is wrong`);
  return found;
}

async function startServers(): Promise<Servers> {
  const { KAFKA_URL, REDIS_URL } = process.env;
  let kafka = KAFKA_URL;
  if (kafka === undefined) {
    await ensure();
    const broker = (await startBroker({ dir })) as { readonly url: string; stop(): Promise<void> };
    closers.push(() => broker.stop());
    kafka = broker.url;
  }
  let redis = REDIS_URL;
  if (redis === undefined) {
    const server = await startRedis({ appendfsync: 'everysec' });
    closers.push(() => server.stop());
    redis = server.url;
  }
  const topics = await kafkaTopics({
    brokers: [kafka],
    compression: args.compression as NonNullable<KafkaOptions['compression']>,
  });
  const topic = await logTopic(topics, records, args.compression);
  await topics.close();
  return { kafka, redis, topic };
}

async function outputs({ kafka, topic }: Servers): Promise<readonly Position[]> {
  const topics = await kafkaTopics({ brokers: [kafka] });
  const ends = await positions(topics, `${topic}-out`);
  await topics.close();
  return ends;
}

async function written({ kafka, topic }: Servers, before: readonly Position[]): Promise<Expected> {
  const topics = await kafkaTopics({ brokers: [kafka] });
  const found = await outputOf(topics, `${topic}-out`, before);
  await topics.close();
  return found;
}
