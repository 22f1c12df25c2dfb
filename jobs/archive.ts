/**
 * The archive: every line, parsed, into the table `logs`, and into a search index if there is one. Nothing is kept
 * between lines, so the job needs no outbox: what is committed is the range that was read, and the next owner
 * reads it again and writes the same rows under the same names.
 */
import { elasticsearch, type Job, job, map, type SourceSpec, table, to } from 'millrace';
import { logRow, logs as logsTable, timeOf } from '../logs/archive-table.ts';
import type { UserFormat } from '../logs/formats/user-format.ts';
import { serviceOfSource } from '../logs/lines/source-name.ts';
import type { ParsedLog } from '../logs/parsed-log.ts';
import { logParser } from '../logs/parser.ts';
import { logTopic, type PlacedLine, shippedLines } from './shipped-lines.ts';

/** Where the archive reads, and which index it fills beside the table. */
export interface ArchiveJobOptions {
  readonly logs: SourceSpec<PlacedLine>;
  /** Zone of lines that name none. Default: UTC. */
  readonly timezone?: string;
  /** Formats of the user's own, tried before the built-in ones. */
  readonly formats?: readonly UserFormat[];
  readonly search?: SearchIndex;
}

/** An index and where it is. */
export interface SearchIndex extends Pick<Parameters<typeof elasticsearch>[1], 'node' | 'auth' | 'tls'> {
  /** Its name; `logs-…` would learnTemplate the templates that Elasticsearch brings along. Default: `millrace-logs`. */
  readonly index?: string;
}

/** What of millrace.yaml this job file takes. */
export interface ArchiveConfig {
  readonly settings: Pick<ArchiveJobOptions, 'timezone' | 'formats'>;
  readonly search?: SearchIndex;
}

/** The archive job over the given source. */
export function archiveJob({ logs, search, ...reading }: ArchiveJobOptions): Job {
  return job('archive', (from) => {
    const lines = from('logs', logs).pipe(map(lineParser(reading)));
    lines.pipe(to('logs-table', table(logsTable, { row: ({ log, place }: ArchivedLine) => logRow(log, place) })));
    if (search === undefined) return;
    const { index = 'millrace-logs', ...connection } = search;
    lines.pipe(to('search', elasticsearch(index, { ...connection, id: nameOf, document: documentOf, template })));
  });
}

interface ArchivedLine {
  readonly log: ParsedLog;
  readonly place: PlacedLine;
}

/** Reads each line by itself: a time borrowed from the line before would be another when the line is read again. */
function lineParser(reading: ArchiveConfig['settings']): (place: PlacedLine) => ArchivedLine {
  const parser = logParser(reading);
  return (place) => {
    const log = parser.parse(place.line, place.source, place.time);
    if (log.service === 'unknown') log.service = serviceOfSource(place.source);
    return { log, place };
  };
}

const nameOf = ({ place: { topic, partition, offset, index } }: ArchivedLine): string =>
  `${topic}/${partition}/${offset}/${index}`;

/** Named after the Elastic Common Schema; see `template` about `fields`. */
function documentOf({ log, place }: ArchivedLine): Readonly<Record<string, unknown>> {
  const ingested = new Date(place.time).toISOString();
  return {
    '@timestamp': timeOf(log) ?? ingested,
    'event.ingested': ingested,
    'service.name': log.service,
    'log.level': log.level,
    message: log.message,
    'trace.id': log.trace_id,
    'span.id': log.span_id,
    'log.format': log.format,
    'log.source': place.source,
    fields: Object.entries(log.parsed_fields).map(([name, value]) => `${name}=${value}`),
  };
}

const keyword = { type: 'keyword', ignore_above: 1_024 };
/**
 * What else a line says is a list of `name=value`, and not a field each: names come out of lines, an index takes a
 * thousand of them, and where one program writes `status=ok` no other could write `status=200`. So no line is refused.
 */
const template = {
  mappings: {
    dynamic: false,
    properties: {
      '@timestamp': { type: 'date' },
      'event.ingested': { type: 'date' },
      'service.name': keyword,
      'log.level': keyword,
      message: { type: 'text' },
      'trace.id': keyword,
      'span.id': keyword,
      'log.format': keyword,
      'log.source': keyword,
      fields: keyword,
    },
  },
};

/** Over the topic `logs`, into the table, and into the index that millrace.yaml names. */
export default ({ settings: { timezone, formats }, search }: ArchiveConfig): Job =>
  archiveJob({
    logs: shippedLines(logTopic.name),
    ...(timezone === undefined ? {} : { timezone }),
    ...(formats === undefined ? {} : { formats }),
    ...(search === undefined ? {} : { search }),
  });
