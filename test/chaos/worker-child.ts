/**
 * A worker of the campaign in a process of its own. It loads everything, says that it is ready and waits for its first
 * line on standard input, which names the servers; further lines are traps (see announce.ts). It announces its steps
 * on file descriptor 3, logs to standard error, and stops in good order on SIGTERM.
 */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Logger } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { work } from '../../runtime/task/worker.ts';
import { redisState } from '../../state/redis/redis.ts';
import { clickhouseTables } from '../../tables/clickhouse/clickhouse.ts';
import { systemClock } from '../../time/clock.ts';
import { milliseconds } from '../../time/duration.ts';
import { kafkaTopics } from '../../topics/kafka/kafka.ts';
import { Announcer, type Trap } from './announce.ts';
import { jobs, partitions } from './job.ts';
import { type Protection, without } from './weaken.ts';

/** The first line. */
export interface Start {
  readonly job: keyof typeof jobs;
  readonly kafka: string;
  readonly redis: string;
  readonly tables: string;
  readonly without?: Protection | undefined;
}

const announcer = new Announcer(3);
const stop = new AbortController();
const log = logger({});

process.on('SIGTERM', () => stop.abort());
const lines = createInterface({ input: process.stdin });
// The process that started it is gone.
lines.on('close', () => process.exit(3));
let isStarted = false;
lines.on('line', (line) => {
  if (isStarted) return announcer.arm(JSON.parse(line) as Trap);
  isStarted = true;
  run(JSON.parse(line) as Start).then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'the worker gives up');
      announcer.say({ kind: 'gone', step: error instanceof MillraceError ? error.code : String(error) });
      process.exit(1);
    },
  );
});
announcer.say({ kind: 'ready', step: '' });

async function run(start: Start): Promise<void> {
  const client = createClient({
    url: start.tables,
    request_timeout: 10_000,
    log: { level: ClickHouseLogLevel.OFF },
  });
  const parts: Ports = {
    topics: await kafkaTopics({ brokers: [start.kafka] }),
    state: await redisState({ url: start.redis }, log),
    tables: clickhouseTables(client),
    clock: systemClock,
  };
  const weakened = start.without === undefined ? parts : without(start.without, parts);
  const options = { ...taskDefaults, epochEvery: milliseconds(400), nonce: randomUUID };
  try {
    await work(jobs[start.job], announcer.wrap(weakened), {
      options,
      metrics: new Metrics(),
      log,
      signal: stop.signal,
      parallelism: partitions,
      onChange: ({ tasks, reading }) => announcer.say({ kind: 'standing', step: `${reading}/${tasks}` }),
    });
  } finally {
    await Promise.all([parts.topics.close(), parts.state.close(), parts.tables.close()]);
  }
}

/** Lines of JSON on standard error; errors with their code and cause. */
function logger(base: object): Logger {
  const line = (level: string) => (fields: object, message: string) => {
    const plain = (_: string, value: unknown): unknown =>
      value instanceof Error ? { code: (value as MillraceError).code, text: value.stack, cause: value.cause } : value;
    process.stderr.write(`${JSON.stringify({ at: Date.now(), level, ...base, ...fields, message }, plain)}\n`);
  };
  return {
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  };
}
