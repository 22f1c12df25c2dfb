/**
 * A ClickHouse server for tests: the one that CLICKHOUSE_URL names, or chDB in a process of its own (see
 * clickhouse-process.ts) with a directory of its own, which can be killed and started again.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
// @ts-expect-error a plain script without types
import { claimPort } from '../../../scripts/ports.mjs';
import { printed, startChild } from '../processes/child.ts';

export interface ClickHouseServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server of our own. */
export interface ClickHouseProcess extends ClickHouseServer {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly path: string;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  /** Starts it again over its files, at the same port. */
  start(): Promise<void>;
}

/** The server to run a suite on. */
export async function clickhouseServer(): Promise<ClickHouseServer> {
  const url = process.env['CLICKHOUSE_URL'];
  return url === undefined ? startClickHouse() : { url, stop: async () => {} };
}

/** Starts a server and waits until it answers. */
export async function startClickHouse(): Promise<ClickHouseProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-clickhouse-'));
  const path = join(directory, 'data');
  const port: number = await claimPort();
  let child: ChildProcess;
  const start = async () => {
    child = startChild(join(import.meta.dirname, 'clickhouse-process.ts'), JSON.stringify({ path, port }));
    await printed(child, port);
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    host: '127.0.0.1',
    port,
    path,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child.pid!;
    },
    kill,
    start,
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

/** The stock client, quiet, and patient with a busy machine. */
export const connect = (url: string, options: ClientOptions = {}): ClickHouseClient =>
  createClient({ url, request_timeout: 60_000, log: { level: ClickHouseLogLevel.OFF }, ...options });
