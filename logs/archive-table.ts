/**
 * The archive's table, column by column, and how a line becomes its row. A line is named by where it stands: topic,
 * partition, offset and number within the record, which counts lines and, of packed lines, each of their records. That
 * never changes, so that a line that is archived again, also by a later parser, replaces itself. A parser that knows
 * more packings only makes more rows of a topic record: all that were there are written again.
 *
 * Rows lie by the time at which lines were taken in. The times in lines are whatever a program wrote there: an archive
 * laid out by them would have a partition for each day that a broken clock can show.
 */
import type { Time } from '../time/duration.ts';
import type { ParsedLog } from './parsed-log.ts';

/** Where a line stands. */
export interface LineOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Its number within its record. */
  readonly index: number;
  /** The stream within the topic: a pod, a file. */
  readonly source: string;
  /** When it was taken in. */
  readonly time: Time;
}

const name = 'LowCardinality(String)';

/** Every line, parsed. */
export const logs = {
  name: 'logs',
  comment: 'One row per line',
  columns: {
    ingested_at: { type: 'DateTime64(3)', comment: 'When the line was taken in' },
    timestamp: { type: 'DateTime64(6)', comment: 'When it happened, as far as the line tells' },
    timestamp_source: { type: name, comment: 'Where that time is from: line, envelope or ingest' },
    service: { type: name, comment: 'The service' },
    level: { type: name, comment: 'INFO, WARN, ERROR, …; empty where the line names none' },
    message: { type: 'String', comment: 'The message; indexed by words for hasToken and hasAllTokens' },
    trace_id: { type: 'String', comment: 'The trace it belongs to, or empty' },
    span_id: { type: 'String', comment: 'The span, or empty' },
    parsed_fields: { type: `Map(${name}, String)`, comment: 'What else the line says, by name' },
    format: { type: name, comment: 'The format that read it; text when none did' },
    source: { type: name, comment: 'The stream it is from: a pod, a file' },
    topic: { type: name, comment: 'The topic it was read from' },
    partition: { type: 'UInt32', comment: 'Its partition there' },
    offset: { type: 'UInt64', comment: 'Its offset there' },
    index: { type: 'UInt32', comment: 'Its number within that record, from 0 on' },
  },
  identity: ['ingested_at', 'topic', 'partition', 'offset', 'index'],
  partitionBy: 'toYYYYMMDD(ingested_at)',
  ttl: 'inserted_at + INTERVAL 14 DAY',
  indexes: {
    message_words: "message TYPE text(tokenizer = 'splitByNonAlpha')",
    timestamp_range: 'timestamp TYPE minmax',
  },
} as const;

/** Rows of `logs`. Throws RangeError on a line that was taken in at no time. */
export function logRow(log: ParsedLog, { topic, partition, offset, index, source, time }: LineOrigin) {
  const ingested = new Date(time).toISOString();
  return {
    ingested_at: ingested,
    timestamp: timeOf(log) ?? ingested,
    timestamp_source: timeOf(log) === undefined ? 'ingest' : log.timestampSource,
    service: log.service,
    level: log.level ?? '',
    message: log.message,
    trace_id: log.trace_id ?? '',
    span_id: log.span_id ?? '',
    parsed_fields: Object.fromEntries(Object.entries(log.parsed_fields).map(([key, value]) => [key, String(value)])),
    format: log.format,
    source,
    topic,
    partition,
    offset,
    index,
  };
}

const firstDate = Date.UTC(1900, 0);
const endOfDates = Date.UTC(2300, 0);

/** The line's time in ISO 8601 where a column can hold it. */
export function timeOf({ timestamp, timestampText }: ParsedLog): string | undefined {
  if (timestamp === null || !(timestamp >= firstDate && timestamp < endOfDates)) return undefined;
  return timestampText ?? new Date(timestamp).toISOString();
}
