/**
 * Standard input for a process that opens chDB, which would read it as well (see tables/chdb/stdin.ts): a process of
 * its own reads it and hands it on.
 */
import { spawn } from 'node:child_process';
import type { Job } from '../../graph/job.ts';

/** Whether a source of the job is standard input: it can't be read again. */
export const readsStdin = ({ nodes }: Job): boolean =>
  nodes.some(({ body }) => body.kind === 'source' && !body.source.replayable);

/** From now on `process.stdin` brings what descriptor 0 brings, without needing it. */
export function moveStdin(): void {
  const { stdout } = spawn('cat', [], { stdio: [0, 'pipe', 'inherit'] });
  // Node lets the output of a child that has exited flow, to free it, and what no listener takes is lost: all of a
  // short input, the last of a long one. A listener for 'readable' keeps it until it is read.
  stdout!.on('readable', () => {});
  Object.defineProperty(process, 'stdin', { value: stdout, configurable: true });
}
