/**
 * `millrace parse`: what the log parser makes of each event, as one JSON object. Formats and fields are those of the
 * stable interface: `offset` is the byte at which the event begins in its (uncompressed) file, `lines` the number of
 * lines that were joined to it. The records of a packed line are numbered by `record`, which is added to the line's
 * offset, so that no two events share one; the first has the line, the others have none, so that the sum of `lines` is
 * the file's. With `--explain` it prints in their place how each file was read.
 */
import { isAscii } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { type LineBatch, openFiles } from '../../connectors/files/reader.ts';
import { MillraceError } from '../../errors.ts';
import { newReading, type Reading } from '../../logs/explained/reading.ts';
import { SourceExplained, type SourceReport } from '../../logs/explained/source-report.ts';
import type { HeadedEvent } from '../../logs/lines/headed-traces.ts';
import { TracesInOrder } from '../../logs/lines/in-order.ts';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { type NamedServices, newNamed, settleService } from '../../logs/lines/main-service.ts';
import { unpack } from '../../logs/packings/unpack.ts';
import { logParser } from '../../logs/parser.ts';
import type { LogParser, LogParserOptions } from '../../logs/parser-options.ts';
import { SourceMemory } from '../../logs/source-memory.ts';
import { isoText } from '../../logs/times/calendar.ts';
import { systemClock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import { explainedLines } from '../parts/explained-text.ts';
import { readConfig } from '../settings/config.ts';
import { configFile } from '../settings/config-file.ts';
import { Output, Progress, say } from '../terminal.ts';

/** Options of `millrace parse`. */
export interface ParseOptions {
  readonly service?: string;
  readonly timezone?: string;
  readonly now?: string;
  readonly config?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

const limit = { maxRecords: 16_384, maxBytes: 4 << 20 };

/** Prints one object per event, or a report, file by file. */
export async function execute(files: readonly string[], options: ParseOptions): Promise<void> {
  const { service } = options;
  const { settings } = readConfig(configFile(options.config));
  const timezone = options.timezone ?? settings.timezone;
  const now = options.now === undefined ? undefined : instant(options.now);
  const parsing: LogParserOptions = {
    formats: settings.formats,
    ...(service === undefined ? {} : { service }),
    ...(timezone === undefined ? {} : { timezone }),
  };
  const output = new Output();
  const reports: SourceReport[] = [];
  for (const pattern of files) {
    const printer = options.explain ? undefined : { parser: logParser(parsing), onEvent: printing(output) };
    const reader = openFiles({ patterns: [pattern], follow: false, clock: systemClock });
    for (const split of await reader.splits()) {
      const { path } = reader.start(split);
      const { size, changed } = await factsOf(path);
      const explaining = printer === undefined ? explained(path, parsing) : undefined;
      const handling = printer ?? explaining!;
      const reading: FileReading = {
        ...handling,
        path,
        now: now ?? changed,
        joiner: new LineJoiner(),
        traces: new TracesInOrder<ReadEvent>(settling(parsing, handling.onEvent)),
        event: noEvent,
      };
      const progress = new Progress(path, systemClock);
      for (let position = reader.start(split); !position.ended; ) {
        const batch = await reader.poll(split, position, limit);
        if (batch === undefined) break;
        readEvents(batch, reading);
        position = batch.next;
        await output.drain();
        progress.at(size === 0 ? 0 : position.offset / size);
      }
      readEvent(reading, reading.joiner.flush());
      reading.traces.end();
      progress.end();
      if (explaining !== undefined) reports.push(explaining.report());
      await output.flush();
    }
    await reader.close();
  }
  if (options.explain) printReports(reports, output, options.json);
  await output.flush();
}

/** What is done with events: who parses them, and what becomes of each. */
interface Handling {
  readonly parser: LogParser;
  /** How the event was read that was parsed last, where that is asked for. */
  readonly reading?: Reading;
  readonly onEvent: (event: ReadEvent) => void;
}

/** An event that was read. */
interface ReadEvent extends HeadedEvent {
  readonly span: Span;
  readonly reading: Reading | undefined;
}

interface FileReading extends Handling {
  readonly path: string;
  readonly now: Time;
  readonly joiner: LineJoiner;
  readonly traces: TracesInOrder<ReadEvent>;
  /** The event that is being joined. */
  event: Span;
}

/** Gives events that name no service one, where the others of their source show which, and hands them on. */
function settling({ service = 'unknown' }: LogParserOptions, onEvent: Handling['onEvent']): Handling['onEvent'] {
  const sources = new SourceMemory<NamedServices>();
  return (event) => {
    const { log, span } = event;
    let named = sources.get(span.source);
    if (named === undefined) sources.set(span.source, (named = newNamed()));
    settleService(named, log, log.service !== service);
    onEvent(event);
  };
}

/** Gathers how the events of a file are read. */
function explained(path: string, options: LogParserOptions): Handling & { readonly report: () => SourceReport } {
  const reading = newReading();
  const source = new SourceExplained(path, options.timezone);
  return {
    parser: logParser({ ...options, reading }),
    reading,
    onEvent: ({ log, reading, lines }) => source.add(log, reading!, lines),
    report: () => source.report,
  };
}

function printReports(reports: readonly SourceReport[], output: Output, json = false): void {
  if (json) return output.line(JSON.stringify({ sources: reports }));
  for (const [i, report] of reports.entries()) {
    if (i > 0) output.line('');
    for (const line of explainedLines(report)) output.line(line);
  }
}

/** Where an event stands in its file. */
interface Span {
  /** In bytes. */
  readonly offset: number;
  /** How many lines begin in it: none in the second record of a packed line, so that the sum is the file's. */
  lines: number;
  /** The number of its record in a packed line. */
  readonly record: number | undefined;
  /** Of a packed line's record, the stream that the packing names. */
  readonly source: string;
}

const noEvent: Span = { offset: 0, lines: 0, record: undefined, source: '' };

function readEvents(batch: LineBatch, reading: FileReading): void {
  const { bytes, starts, ends, origin } = batch;
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const source = reading.path;
  for (let i = 0; i < batch.length; i++) {
    const line = bytes.toString(encoding, starts[i]!, ends[i]!);
    const offset = origin + starts[i]!;
    const records = unpack({ line, source });
    if (records === null) takeLine(reading, line, { offset, lines: 1, record: undefined, source });
    for (let record = 0; records !== null && record < records.length; record++) {
      const packed = records[record]!;
      takeLine(reading, packed.line, {
        offset: offset + record,
        lines: record === 0 ? 1 : 0,
        record,
        source: packed.source,
      });
    }
  }
  for (const { reason, offset, bytes: length } of batch.refused) {
    say(`millrace: ${reading.path}, byte ${offset}: left out, ${reason} (${length} bytes)`);
  }
}

/** Joins a line to the open event, or hands that on and begins the next. */
function takeLine(reading: FileReading, line: string, span: Span): void {
  const complete = reading.joiner.push(line);
  if (complete !== null) readEvent(reading, complete);
  if (complete !== null || reading.event === noEvent) reading.event = span;
  else reading.event.lines += span.lines;
}

/** Hands an event on, if it says anything. */
function readEvent(
  { parser, now, traces, event: span, reading: last }: FileReading,
  texts: readonly string[] | null,
): void {
  if (texts === null || texts.every((line) => line.trim() === '')) return;
  const log = parser.parse(texts.length === 1 ? texts[0]! : texts.join('\n'), span.source, now);
  // A trace that opens here is told later, when other events have been read.
  const reading = last && { ...last, peeled: [...last.peeled] };
  traces.add({ log, lines: span.lines, texts, span, reading });
}

/** Prints events as lines. */
const printing =
  (output: Output) =>
  ({ log, lines, span }: ReadEvent) =>
    output.line(
      JSON.stringify({
        offset: span.offset,
        lines,
        ...(span.record === undefined ? {} : { record: span.record }),
        timestamp: log.timestampText ?? (log.timestamp === null ? null : isoText(log.timestamp, 0)),
        timestamp_source: log.timestampSource,
        level: log.level,
        service: log.service,
        trace_id: log.trace_id,
        span_id: log.span_id,
        message: log.message,
        format: log.format,
        parsed_fields: log.parsed_fields,
      }),
    );

function instant(text: string): Time {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new MillraceError('USAGE', { reason: `--now ${text} is no time; write it as 2024-03-01T12:00:00Z` });
  return time;
}

/** Size in bytes, 0 where it is unknown, and when the file was last changed; standard input changes now. */
async function factsOf(path: string): Promise<{ readonly size: number; readonly changed: Time }> {
  if (path === '-') return { size: 0, changed: systemClock.now() };
  const { size, mtimeMs } = await stat(path);
  return { size: path.endsWith('.gz') ? 0 : size, changed: Math.trunc(mtimeMs) };
}
