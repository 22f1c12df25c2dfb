import { type LogParserOptions, logParser, type ParsedLog } from '../logs/parsed-log.ts';
import type { Time } from '../time/duration.ts';
import { serviceOfSource } from './source-name.ts';

/** A line as a shipper delivers it. */
export interface RawLine {
  readonly line: string;
  /** The stream it is from: a pod, a file. */
  readonly source: string;
  /** When it was taken in, in milliseconds. */
  readonly time: Time;
}

/** A function that parses lines, and names the services of those that do not say theirs after their source. */
export function lineParser(options: LogParserOptions): (raw: RawLine) => ParsedLog {
  const parser = logParser(options);
  return ({ line, source, time }) => {
    const log = parser.parse(line, source, time);
    if (log.service === 'unknown') log.service = serviceOfSource(source);
    return log;
  };
}
