import type { Logger } from '../../runtime/log.ts';

/** The runtime's words as JSON lines on stderr. */
export async function stderrLogger(job: string, worker?: number): Promise<Logger> {
  const { destination, pino } = await import('pino');
  const logger = pino(
    { base: worker === undefined ? { job } : { job, worker }, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ dest: 2, sync: true }),
  );
  return logger as Logger;
}
