/** Real servers with the settings of compose.yaml: what Millrace looks at before it trusts them finds nothing amiss. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
// @ts-expect-error a plain script without types
import { ensureBroker, shortLived, startBroker } from '../../scripts/kafka.mjs';
import { redisState } from '../../state/redis/redis.ts';
import { systemClock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import { createTopic } from '../../topics/kafka/admin.ts';
import { inspect } from '../../topics/kafka/checks.ts';
import { Cluster } from '../../topics/kafka/cluster.ts';
import { documentOf } from '../support/deploy/files.ts';
import { startRedis } from '../support/servers/redis.ts';

interface Service {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly command: readonly string[];
}

const { services } = documentOf<{ readonly services: Readonly<Record<string, Service>> }>('deploy/compose.yaml');
const dir = mkdtempSync(join(tmpdir(), 'millrace-deploy-'));
let broker: { readonly url: string; stop(): Promise<void> };

/** What the image makes of its environment; addresses and folders are those of this machine. */
const settings = Object.entries(services['kafka']!.environment)
  .filter(([name]) => /^KAFKA_(GROUP|OFFSETS|TRANSACTION|SHARE|AUTO)_/.test(name))
  .map(([name, value]) => [name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'), value] as const);

beforeAll(async () => {
  ensureBroker();
  broker = await startBroker({ dir, settings: Object.fromEntries(settings), java: shortLived });
}, 300_000);

afterAll(async () => {
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('Kafka as composed misses a dead worker within ten seconds, and keeps what jobs rely on', async () => {
  expect(settings.length).toBeGreaterThan(9);
  const options = { brokers: [broker.url], clientId: 'test', timeoutMs: seconds(20), readAheadBytes: 1 << 20 };
  const cluster = new Cluster({ ...options, compression: 'none', clock: systemClock });
  await cluster.refresh([]);
  const script = services['topics']!.command.join('\n');
  const made = [...script.matchAll(/--topic (\w+) --partitions (\d+) .*retention\.ms=(\d+)/g)];
  for (const [, name, partitions, retention] of made) {
    await createTopic(cluster, { name: name!, partitions: Number(partitions), retentionMs: Number(retention) });
  }
  const { findings, takeOver } = await inspect(cluster, ['logs', 'changes']);
  expect(findings).toEqual([]);
  expect(takeOver).toBeLessThanOrEqual(seconds(10));
  await cluster.close();
}, 60_000);

test('Redis as composed keeps its log and evicts nothing; what is said is that there is one node only', async () => {
  const flags = services['redis']!.command.slice(1);
  const pairs = flags.flatMap((flag, i) => (i % 2 === 0 ? [[flag.slice(2), flags[i + 1]!] as const] : []));
  const server = await startRedis(Object.fromEntries(pairs));
  const warned: string[] = [];
  const state = await redisState({ url: server.url }, { warn: (fields) => void warned.push(JSON.stringify(fields)) });
  const codes = state.checks().map(({ code }) => code);
  // Before 7.2 nothing tells when everysec has written; the image is newer.
  expect(codes.filter((code) => code !== 'REDIS_FSYNC_LATE')).toEqual(['REDIS_NO_REPLICA']);
  expect(warned).toHaveLength(codes.length);
  await state.close();
  await server.stop();
}, 60_000);
