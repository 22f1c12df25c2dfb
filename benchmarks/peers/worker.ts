/**
 * One process that runs one of the peers' jobs and prints its cost as a line of JSON:
 * `worker.ts JOB TOTAL [--name NAME --topic TOPIC --kafka HOST:PORT --redis URL [--shared]]`. Alone it stops at the end
 * of its input; one of several that share the job reports its progress until it is stopped.
 */

import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Ports } from '../../graph/connector.ts';
import { topic } from '../../index.ts';
import { silent } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { run } from '../../runtime/task/runner.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { work } from '../../runtime/task/worker.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { systemClock } from '../../time/clock.ts';
import { memoryTopics } from '../../topics/memory.ts';
import { generatorJobs } from './jobs.ts';
import { decoders, kafkaJobs } from './kafka-jobs.ts';
import { bounded, Meter, peakMegabytes } from './meter.ts';
import type { Tally } from './tally.ts';

/** What a worker reports. */
export interface WorkerCost {
  readonly records: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly start: number;
  readonly tally: Tally;
}

const { values: args, positionals } = parseArgs({
  options: {
    name: { type: 'string' },
    topic: { type: 'string' },
    kafka: { type: 'string' },
    redis: { type: 'string' },
    shared: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [name, total] = positionals;
const meter = new Meter();
const tally: Tally = { out: 0, sum: 0 };
let last: WorkerCost | undefined;
const ports = await portsOf();
const how = {
  options: { ...taskDefaults, nonce: randomUUID },
  metrics: new Metrics(),
  log: { ...silent, warn: (fields: object) => console.error(fields) },
};
if (args.shared) await share();
else await run(jobOf(), ports, { ...how, signal: new AbortController().signal });
await ports.topics.close();
await ports.state.close();
process.stdout.write(`${JSON.stringify(last ?? cost())}\n`);
if (args.shared) process.disconnect();

function cost(): WorkerCost {
  return {
    records: meter.records,
    ...meter.cost,
    peakMegabytes: peakMegabytes(),
    start: meter.start,
    tally: { ...tally },
  };
}

/** Works until it is stopped. Its cost is taken when it last read or wrote something. */
async function share(): Promise<void> {
  const stop = new AbortController();
  process.once('message', () => stop.abort());
  let before = '';
  const look = setInterval(() => {
    const now = JSON.stringify([meter.records, tally]);
    if (now === before) return;
    before = now;
    last = cost();
    process.send!(last);
  }, 100);
  await work(jobOf(), ports, { ...how, signal: stop.signal });
  clearInterval(look);
}

function jobOf() {
  const made = generatorJobs[name!];
  if (made !== undefined) return made(Number(total), tally, meter);
  const [kind, decoder = 'parse'] = name!.split('-') as [string, string?];
  const source = bounded(topic(args.topic!, { codec: decoders[decoder]![kind]! }), meter);
  return kafkaJobs[kind]!({ name: args.name!, source, output: `${args.topic}-out`, tally });
}

async function portsOf(): Promise<Ports> {
  const { kafka, redis } = args;
  const clock = systemClock;
  const tables = memoryTables();
  const state =
    redis === undefined ? memoryState() : await (await import('../../state/redis/redis.ts')).redisState(redis);
  if (kafka === undefined) return { clock, tables, state, topics: memoryTopics() };
  const { kafkaTopics } = await import('../../topics/kafka/kafka.ts');
  return { clock, tables, state, topics: await kafkaTopics({ brokers: [kafka] }) };
}
