/**
 * The archive: every line, parsed, into the table `logs`, and into a search index if there is one. Nothing is kept
 * between lines, so the job needs no outbox: what is committed is the range that was read, and the next owner
 * reads it again and writes the same rows under the same names.
 */
import { elasticsearch, type From, flatMap, type Job, job, type SourceSpec, table, to } from 'millrace';
import { logRow, logs as logsTable, timeOf } from '../logs/archive-table.ts';
import type { UserFormat } from '../logs/formats/user-format.ts';
import { isRawLine } from '../logs/lines/raw-line.ts';
import { nameService } from '../logs/lines/source-name.ts';
import { unpack } from '../logs/packings/unpack.ts';
import { newLog, type ParsedLog } from '../logs/parsed-log.ts';
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
  /** Its name; `logs-…` would match the templates that Elasticsearch brings along. Default: `millrace-logs`. */
  readonly index?: string;
}

/** What of millrace.yaml this job file takes. */
export interface ArchiveConfig {
  readonly settings: Pick<ArchiveJobOptions, 'timezone' | 'formats'>;
  readonly search?: SearchIndex;
}

/** The archive job over the given source. */
export function archiveJob({ logs, search, ...reading }: ArchiveJobOptions): Job {
  const archive = (from: From): void => {
    const lines = from('logs', logs).pipe(flatMap(lineParser(reading)));
    lines.pipe(to('logs-table', table(logsTable, { row: ({ log, place }: ArchivedLine) => logRow(log, place) })));
    if (search === undefined) return;
    const { index = 'millrace-logs', ...connection } = search;
    lines.pipe(to('search', elasticsearch(index, { ...connection, id: nameOf, document: documentOf, template })));
  };
  return job('archive', archive, { poisonLimit: Number.POSITIVE_INFINITY });
}

interface ArchivedLine {
  readonly log: ParsedLog;
  readonly place: PlacedLine;
}

/**
 * Reads each line by itself: a time borrowed from the line before would be another when the line is read again. The
 * records of packed lines are numbered through their topic record, in which lines are together and in order whenever
 * they are read. The list is valid until the next call.
 */
function lineParser(reading: ArchiveConfig['settings']): (place: PlacedLine) => readonly ArchivedLine[] {
  const parser = logParser(reading);
  const numbers = new RecordNumbers();
  const one: ArchivedLine[] = [];
  const read = (place: PlacedLine): ArchivedLine => {
    const log = parser.parse(place.line, place.source, place.time);
    nameService(log, place.source);
    return { log, place };
  };
  return (place) => {
    if (!isRawLine(place)) {
      // Without a time it is no row, and the sink sets it aside.
      one[0] = { log: newLog('text', ''), place: { ...(place as PlacedLine), time: Number.NaN } };
      return one;
    }
    const first = numbers.firstOf(place);
    const records = unpack(place);
    if (records !== null) {
      numbers.more(records.length - 1);
      return records.map((record, i) => read({ ...place, ...record, index: first + i }));
    }
    one[0] = read(first === place.index ? place : { ...place, index: first });
    return one;
  };
}

/** Counts the lines of a topic record, with the records of packed ones. */
class RecordNumbers {
  #topic = '';
  #partition = -1;
  #offset = -1;
  #line = -1;
  /** By how many the numbers are ahead of the lines. */
  #more = 0;

  /** The number of a line, or of the first record in it. */
  firstOf({ topic, partition, offset, index }: PlacedLine): number {
    const isSame = offset === this.#offset && partition === this.#partition && topic === this.#topic;
    // A record that is read once more begins again.
    if (!isSame || index <= this.#line) this.#more = 0;
    this.#topic = topic;
    this.#partition = partition;
    this.#offset = offset;
    this.#line = index;
    return index + this.#more;
  }

  more(records: number): void {
    this.#more += records;
  }
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
