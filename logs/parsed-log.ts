/**
 * What every reader of lines produces: one event of a log.
 */
import type { Level } from './levels.ts';

/** One event of a log, in the form that the rest of the product works with. */
export interface ParsedLog {
  /** Milliseconds since 1970, or null. */
  timestamp: number | null;
  /** ISO 8601 in UTC with six or nine decimals; only there when the time is finer than a millisecond. */
  timestampText?: string;
  /** Where the timestamp is from: the line, what it was wrapped in, or the moment it was taken in. */
  timestampSource: 'line' | 'envelope' | 'ingest';
  level: Level | null;
  service: string;
  trace_id: string | null;
  span_id: string | null;
  message: string;
  /** Name of the format that read it; `text` when none did. */
  format: string;
  /** What it came through: a file, a partition of a topic; only there in a job that keeps it. */
  origin?: string;
  /** The service that it would have without a word of its text that names another; only there if one does. */
  outerService?: string;
  /** The beginning of the service's name where that is too long to be a key; `service` is then a shorter one. */
  longService?: string;
  /** Flat, named after the Elastic Common Schema where it has a name. */
  parsed_fields: Record<string, Value>;
}

export type Value = string | number | boolean;

/** A log of which the message alone is known, and the format that read it. */
export function newLog(format: string, message: string): ParsedLog {
  return {
    timestamp: null,
    timestampSource: 'ingest',
    level: null,
    service: '',
    trace_id: null,
    span_id: null,
    message,
    format,
    parsed_fields: {},
  };
}
