/**
 * The runtime's log messages as JSON lines on stderr, written by pino.
 */
import type { Logger } from '../../runtime/log.ts';

/** A logger whose lines name the job and, below a supervisor, the worker. */
export async function stderrLogger(job: string, worker?: number): Promise<Logger> {
  const { destination, pino } = await import('pino');
  const logger = pino(
    { base: worker === undefined ? { job } : { job, worker }, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ dest: 2, sync: true }),
  );
  return logger as Logger;
}
