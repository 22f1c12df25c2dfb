/** Servers and workers of the benchmarks that run a job as users do: the command over real servers. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error a plain script without types
import { ensure, startBroker } from '../../scripts/kafka.mjs';
import { startRedis } from '../../test/support/servers/redis.ts';
import { tablesServer } from '../../test/support/servers/tables.ts';
import { kafkaTopics } from '../../topics/kafka/kafka.ts';
import type { Topics } from '../../topics/topics.ts';

const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.mjs');

export interface Cluster {
  readonly topics: Topics;
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** A broker, a Redis with AOF and, if asked for, tables: chDB behind HTTP, or the ClickHouse of CLICKHOUSE_URL. */
export async function startCluster({ tables }: { readonly tables: boolean }): Promise<Cluster> {
  await ensure();
  const dir = mkdtempSync(join(tmpdir(), 'millrace-cluster-'));
  const broker = await startBroker({ dir });
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
  const server = tables ? await tablesServer() : undefined;
  const topics = await kafkaTopics({ brokers: [broker.url] });
  return {
    topics,
    env: { ...process.env, KAFKA_URL: broker.url, REDIS_URL: redis.url, CLICKHOUSE_URL: server?.url ?? '' },
    async stop() {
      await topics.close();
      await server?.stop();
      await redis.stop();
      await broker.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A running command. */
export interface Command {
  /** Its output so far. */
  said(): string;
  /** Process numbers of a supervisor's workers, the youngest of each. */
  workers(): readonly number[];
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `millrace` with these arguments. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const child = spawn(process.execPath, [bin, ...args], { env, stdio: ['ignore', 'inherit', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return {
    child,
    said: () => said,
    workers() {
      const youngest = new Map<string, number>();
      for (const [, worker, pid] of said.matchAll(/worker (\d+) is process (\d+)/g)) youngest.set(worker!, Number(pid));
      return [...youngest.values()];
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits until `/readyz` of the command answers that it is ready. */
export async function ready(command: Command): Promise<string> {
  for (;;) {
    if (command.child.exitCode !== null) throw new Error(`the command ended: ${command.said()}`);
    const url = /metrics on (\S+)\/metrics/.exec(command.said())?.[1];
    const answer = url === undefined ? undefined : await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return url!;
    await pause(100);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The value below which the share lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
