/**
 * `millrace parse`: what the log parser makes of each event, as one JSON object. Formats and fields are those of the
 * stable interface: `offset` is the byte at which the event begins in its (uncompressed) file, `lines` the number of
 * lines that were joined to it.
 */
import { isAscii } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { type LineBatch, openFiles } from '../../connectors/files/reader.ts';
import { MillraceError } from '../../errors.ts';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { type LogParser, logParser } from '../../logs/parser.ts';
import { isoText } from '../../logs/times/calendar.ts';
import { systemClock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import { readConfig } from '../settings/config.ts';
import { configFile } from '../settings/config-file.ts';
import { Output, Progress, say } from '../terminal.ts';

/** Options of `millrace parse`. */
export interface ParseOptions {
  readonly service?: string;
  readonly timezone?: string;
  readonly now?: string;
  readonly config?: string;
}

const limit = { maxRecords: 16_384, maxBytes: 4 << 20 };

/** Prints one object per event, file by file. */
export async function execute(files: readonly string[], options: ParseOptions): Promise<void> {
  const { service } = options;
  const { settings } = readConfig(configFile(options.config));
  const timezone = options.timezone ?? settings.timezone;
  const now = options.now === undefined ? undefined : instant(options.now);
  for (const pattern of files) {
    const parser = logParser({
      formats: settings.formats,
      ...(service === undefined ? {} : { service }),
      ...(timezone === undefined ? {} : { timezone }),
    });
    const reader = openFiles({ patterns: [pattern], follow: false, clock: systemClock });
    for (const split of await reader.splits()) {
      const { path } = reader.start(split);
      const { size, changed } = await factsOf(path);
      const output = new Output();
      const printing: Printing = { parser, path, now: now ?? changed, output, joiner: new LineJoiner(), offset: -1 };
      const progress = new Progress(path, systemClock);
      for (let position = reader.start(split); !position.ended; ) {
        const batch = await reader.poll(split, position, limit);
        if (batch === undefined) break;
        printEvents(batch, printing);
        position = batch.next;
        await output.drain();
        progress.at(size === 0 ? 0 : position.offset / size);
      }
      printEvent(printing, printing.joiner.flush());
      progress.end();
      await output.flush();
    }
    await reader.close();
  }
}

interface Printing {
  readonly parser: LogParser;
  readonly path: string;
  readonly now: Time;
  readonly output: Output;
  readonly joiner: LineJoiner;
  /** Where the event that is being joined begins, in bytes. */
  offset: number;
}

function printEvents(batch: LineBatch, printing: Printing): void {
  const { bytes, starts, ends, origin } = batch;
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  for (let i = 0; i < batch.length; i++) {
    const event = printing.joiner.push(bytes.toString(encoding, starts[i]!, ends[i]!));
    if (event !== null) printEvent(printing, event);
    if (event !== null || printing.offset < 0) printing.offset = origin + starts[i]!;
  }
  for (const { reason, offset, bytes: length } of batch.refused) {
    say(`millrace: ${printing.path}, byte ${offset}: left out, ${reason} (${length} bytes)`);
  }
}

/** Prints an event, if it says anything. */
function printEvent({ parser, path, now, output, offset }: Printing, lines: readonly string[] | null): void {
  if (lines === null || lines.every((line) => line.trim() === '')) return;
  const log = parser.parse(lines.length === 1 ? lines[0]! : lines.join('\n'), path, now);
  output.line(
    JSON.stringify({
      offset,
      lines: lines.length,
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
}

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
