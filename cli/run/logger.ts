/**
 * The runtime's log messages as JSON lines on stderr, written by pino.
 */
import type { Logger } from '../../runtime/log.ts';

/** A logger whose lines name the job and, below a supervisor, the worker. */
export async function stderrLogger(job: string, worker?: number): Promise<Logger> {
  const { pino } = await import('pino');
  const logger = pino(
    { base: worker === undefined ? { job } : { job, worker }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => void process.stderr.write(escaped(line)) },
  );
  return logger as Logger;
}

/** JSON escapes the control characters of ASCII alone; a terminal that shows the line obeys others, too. */
const escaped = (line: string): string =>
  line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : Array.from({ length: character.length }, (_, i) => unitOf(character, i)).join(''),
  );

const unitOf = (text: string, i: number): string => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
