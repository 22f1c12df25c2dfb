/** What a parser of lines does, and what it can be told. */
import type { Reading } from './explained/reading.ts';
import type { UserFormat } from './formats/user-format.ts';
import type { Learning } from './learning.ts';
import type { ParsedLog } from './parsed-log.ts';

/** Options of a parser. */
export interface LogParserOptions {
  /** Zone of lines that name none: `UTC` (the default), an offset such as `+02:00`, or an IANA name. */
  readonly timezone?: string;
  /** Reference in milliseconds for lines without year or date; by default each line's ingest time. */
  readonly now?: number;
  /** The service of lines whose service neither they nor their envelope name; `unknown` by default. */
  readonly service?: string;
  /** The user's own formats, which are tried before the built-in ones. */
  readonly formats?: readonly UserFormat[];
  /** Filled in with how the event that was parsed last was read. */
  readonly reading?: Reading;
}

/** Turns lines into logs; remembers per source which formats it writes. */
export interface LogParser {
  /**
   * Parses one event: a line, or lines that belong together, separated by line feeds. Never throws and never asks
   * the clock. `source` names the stream the line is from (a file, a container); `ingestTime` is in milliseconds.
   */
  parse(line: string, source: string, ingestTime: number): ParsedLog;
  /** What its readers have learnt of sources. */
  readonly learning: Learning;
}
