/** Runs the real `millrace` command as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { emptyDirectory } from './empty-directory.ts';

/** The command's file. */
export const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.mjs');

/** How a command ended and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that is running. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when this has been written to stdout or stderr. */
  said(text: string | RegExp): Promise<void>;
  /** What it wrote to stderr so far. */
  heard(): string;
  signal(name: NodeJS.Signals): void;
  write(text: string): void;
  close(): void;
}

/** Servers that suites are to run on are not meant for every command that a test starts. */
const noServers = { KAFKA_URL: '', REDIS_URL: '', CLICKHOUSE_URL: '' };

/** How the command is started. */
export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Another program that starts the command, with its arguments; by default it is started directly. */
  readonly by?: readonly [string, ...string[]];
}

/** Starts the real command. Its cache is a directory of its own, so that no test meets another's state. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  const env = { ...process.env, ...noServers, XDG_CACHE_HOME: emptyDirectory(), ...options.env };
  const [program, ...before] = options.by ?? [process.execPath, bin];
  const child = spawn(program, [...before, ...args], { env, cwd: options.cwd ?? emptyDirectory(), stdio: 'pipe' });
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  const heard = () => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    heard();
  });
  // A command that ended does not read its input any more.
  child.stdin.on('error', () => {});
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err });
      heard();
    });
  });
  return {
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found =
            typeof text === 'string' ? out.includes(text) || err.includes(text) : text.test(out) || text.test(err);
          if (!found && child.exitCode === null) return;
          waiting.delete(check);
          if (found) resolve();
          else reject(new Error(`the command ended with ${child.exitCode} without saying ${text}: ${err}`));
        };
        waiting.add(check);
        check();
      }),
    heard: () => err,
    signal: (name) => void child.kill(name),
    write: (text) => void child.stdin.write(text),
    close: () => void child.stdin.end(),
  };
}

/** Runs the real command to its end, with `input` on stdin. */
export function millrace(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string>; readonly input?: string } = {},
): Promise<Ended> {
  const running = start(args, options);
  if (options.input !== undefined) running.write(options.input);
  running.close();
  return running.ended;
}

/** The objects of NDJSON. */
export const objects = (ndjson: string): Record<string, unknown>[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
