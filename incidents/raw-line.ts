import { type LogParserOptions, logParser, type ParsedLog } from '../logs/parsed-log.ts';
import { minutes, type Time } from '../time/duration.ts';
import { serviceOfSource } from './source-name.ts';

/** A line as a shipper delivers it. */
export interface RawLine {
  readonly line: string;
  /** The stream it is from: a pod, a file. */
  readonly source: string;
  /** When it was taken in, in milliseconds. */
  readonly time: Time;
}

/** A line as the incident job goes on with it. */
export interface TimedLog extends ParsedLog {
  /** Whether the time is the line's own, or that of a source which never tells times; others are only assumed. */
  timeIsSure: boolean;
}

/** What is known of a source's times. It is no state: after a restart it is learned anew from the next lines. */
interface SourceTimes {
  /** Time of the last line that had one. */
  last: Time | undefined;
  /** When the source was first heard of. */
  readonly since: Time;
}

/** A source that has told no time for this long never will: the time of taking its lines in is as good as any. */
const patience = minutes(1);
const sourcesMax = 20_000;

/**
 * A function that parses lines, and names the services of those that do not say theirs after their source. A line
 * without a time happened with the line before it; at the head of a source its time is assumed.
 */
export function lineParser(options: LogParserOptions): (raw: RawLine) => TimedLog {
  const parser = logParser(options);
  const sources = new Map<string, SourceTimes>();
  return ({ line, source, time }) => {
    const log = parser.parse(line, source, time) as TimedLog;
    if (log.service === 'unknown') log.service = serviceOfSource(source);
    let times = sources.get(source);
    if (times === undefined) {
      if (sources.size >= sourcesMax) sources.clear();
      times = { last: undefined, since: time };
      sources.set(source, times);
    }
    log.timeIsSure = log.timestampSource !== 'ingest' || (times.last === undefined && time - times.since >= patience);
    if (log.timestampSource !== 'ingest') times.last = log.timestamp ?? undefined;
    else if (times.last !== undefined) log.timestamp = times.last;
    return log;
  };
}
