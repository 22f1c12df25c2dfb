/**
 * Real servers for tests: a Redis (or Valkey) process of their own on a free port of the loopback, with a directory of
 * its own, that can be killed and started again. `REDIS_SERVER` and `VALKEY_SERVER` name the programs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error a plain script without types
import { claimPort } from '../../../scripts/ports.mjs';
// @ts-expect-error a plain script without types
import { valkeyServer } from '../../../scripts/valkey.mjs';

/** Settings of the server, such as `{ appendfsync: 'always' }`. */
export type Settings = Readonly<Record<string, string>>;

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  /** Starts it again over its files. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** The program of Debian's package, or what REDIS_SERVER names. */
export const redisProgram = process.env['REDIS_SERVER'] ?? 'redis-server';
/** A server with WAITAOF, which set-up fetches; undefined where it can't be had. */
export const valkeyProgram: string | undefined = valkeyServer();

/** Starts a server and waits until it answers. */
export async function startRedis(settings: Settings = {}, program = redisProgram): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-redis-'));
  const port: number = await claimPort();
  const all: Settings = {
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'repl-diskless-sync-delay': '0',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const address = ['--bind', '127.0.0.1', '--port', String(port), '--daemonize', 'no', '--dir', directory];
  let child = await launch(program, [...address, ...flags]);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    host: '127.0.0.1',
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid!;
    },
    kill,
    async start() {
      child = await launch(program, [...address, ...flags]);
    },
    async stop() {
      await kill();
      // A child that forked to save its data may still be writing; what it leaves is the temporary directory's.
      try {
        rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
      } catch {
        // Not what a test claims.
      }
    },
  };
}

function launch(program: string, args: readonly string[]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.on('error', (error) => {
      reject(new Error(`can't start ${program}; install Debian's redis-server or name one in REDIS_SERVER: ${error}`));
    });
    child.on('exit', () => reject(new Error(`${program} ended: ${said.slice(-2_000)}`)));
    child.stderr!.on('data', (text) => (said += text));
    child.stdout!.on('data', (text) => {
      said = (said + text).slice(-10_000);
      if (said.includes('Ready to accept connections')) resolve(child);
    });
  });
}
