/** Lines as shippers write them, and a parser that knows nothing of their source. */
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { logParser } from '../../logs/parser.ts';

/** When the lines of these tests were taken in. */
export const ingest = Date.UTC(2026, 0, 29, 12);

/** One line, read by a parser that knows nothing of its source. */
export function parse(line: string, options: Parameters<typeof logParser>[0] = {}): ParsedLog {
  return logParser(options).parse(line, 'source', ingest);
}

/** A line as Docker's json-file driver writes it. */
export function dockerLine(log: string, time = '2026-01-29T08:51:24.967123456Z'): string {
  return JSON.stringify({ log, stream: 'stdout', time });
}

/** A line as Fluent Bit ships it. */
export function fluentBit(log: string, kubernetes: object): string {
  return JSON.stringify({ '@timestamp': 1769676684.967, log, kubernetes });
}
