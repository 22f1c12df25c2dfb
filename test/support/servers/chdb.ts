/**
 * chDB behind HTTP for tests: ClickHouse as a library, in a process of its own (see chdb-process.ts) with a directory
 * of its own, which can be killed and started again.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error a plain script without types
import { claimPort } from '../../../scripts/ports.mjs';
import { printed, startChild } from '../processes/child.ts';

export interface ChdbProcess {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  /** Starts it again over its files, at the same port. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Starts a process and waits until it answers. */
export async function startChdb(): Promise<ChdbProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-chdb-'));
  const path = join(directory, 'data');
  const port: number = await claimPort();
  let child: ChildProcess;
  const start = async () => {
    child = startChild(join(import.meta.dirname, 'chdb-process.ts'), JSON.stringify({ path, port }));
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
