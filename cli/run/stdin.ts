/**
 * Standard input for a process that opens chDB, which would read it as well (see tables/chdb/stdin.ts): a process of
 * its own reads it and hands it on. That process ignores the signals that end this one, because a Ctrl-C reaches both,
 * and what is on its way through it must not be lost or go uncounted.
 */
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { refuseDirectory } from '../../connectors/files/pipe.ts';
import type { Job } from '../../graph/job.ts';
import { systemClock } from '../../time/clock.ts';
import { milliseconds, seconds } from '../../time/duration.ts';
import { LineCounter } from '../incidents/line-counter.ts';

/** Whether a source of the job is standard input: it can't be read again. */
export const readsStdin = ({ nodes }: Job): boolean =>
  nodes.some(({ body }) => body.kind === 'source' && !body.source.replayable);

/** What has come of standard input. */
export interface Arrived {
  readonly lines: number;
  readonly bytes: number;
  /** Whether it came to its end. */
  readonly hasEnded: boolean;
}

/** Standard input that was moved. */
export interface MovedStdin {
  /** Takes what is still on its way, without handing it on, and stops. Resolves with all that ever came. */
  leave(): Promise<Arrived>;
}

/** When nothing came for so long, nothing is on its way; a writer that never stops is not waited for. */
const quiet = milliseconds(200);
const longest = seconds(2);

/** From now on `process.stdin` brings what descriptor 0 brings, without needing it. Errors: FILE_UNREADABLE. */
export function moveStdin(): MovedStdin {
  refuseDirectory();
  const child = spawn('sh', ['-c', "trap '' INT TERM; exec cat"], { stdio: [0, 'pipe', 'inherit'] });
  process.on('exit', () => void child.kill('SIGKILL'));
  const output = child.stdout!;
  const counter = new LineCounter();
  let heard = false;
  let hasEnded = false;
  const ended = new AbortController();
  output.on('data', (bytes: Uint8Array) => {
    heard = true;
    counter.add(bytes);
  });
  output.on('end', () => {
    hasEnded = true;
    ended.abort();
  });
  const stdin = output.pipe(new PassThrough());
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  return {
    async leave() {
      output.unpipe(stdin);
      output.resume();
      const until = systemClock.now() + longest;
      do {
        heard = false;
        await systemClock.sleep(quiet, ended.signal);
      } while (heard && !hasEnded && systemClock.now() < until);
      child.kill('SIGKILL');
      return { lines: counter.lines, bytes: counter.bytes, hasEnded };
    },
  };
}
