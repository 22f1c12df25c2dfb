/**
 * `millrace parse`: what the log parser makes of each line, as one JSON object per event. Formats and fields are those
 * of the stable interface: `offset` is the byte at which the event begins in its (uncompressed) file.
 */
import { isAscii } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { type LineBatch, openFiles } from '../../connectors/file-reader.ts';
import { MillraceError } from '../../errors.ts';
import { isoText } from '../../logs/calendar.ts';
import { type LogParser, logParser, type ParsedLog } from '../../logs/parsed-log.ts';
import { systemClock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import { Output, Progress, say } from '../terminal.ts';

/** Options of `millrace parse`. */
export interface ParseOptions {
  readonly service?: string;
  readonly timezone?: string;
  readonly now?: string;
}

const limit = { maxRecords: 16_384, maxBytes: 4 << 20 };

/** Prints one object per event, file by file. */
export async function execute(files: readonly string[], options: ParseOptions): Promise<void> {
  const { service, timezone } = options;
  const now = options.now === undefined ? undefined : instant(options.now);
  for (const pattern of files) {
    const parser = logParser({
      ...(service === undefined ? {} : { service }),
      ...(timezone === undefined ? {} : { timezone }),
    });
    const reader = openFiles({ patterns: [pattern], follow: false, clock: systemClock });
    for (const split of await reader.splits()) {
      const { path } = reader.start(split);
      const { size, changed } = await factsOf(path);
      const output = new Output();
      const progress = new Progress(path, systemClock);
      for (let position = reader.start(split); !position.ended; ) {
        const batch = await reader.poll(split, position, limit);
        if (batch === undefined) break;
        printEvents(batch, { parser, path, now: now ?? changed, output });
        position = batch.next;
        await output.drain();
        progress.at(size === 0 ? 0 : position.offset / size);
      }
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
}

function printEvents(batch: LineBatch, { parser, path, now, output }: Printing): void {
  const { bytes, starts, ends, origin } = batch;
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  for (let i = 0; i < batch.length; i++) {
    const line = bytes.toString(encoding, starts[i]!, ends[i]!);
    if (line.trim() === '') continue;
    output.line(eventText(parser.parse(line, path, now), origin + starts[i]!));
  }
  for (const { reason, offset, bytes: length } of batch.refused) {
    say(`millrace: ${path}, byte ${offset}: left out, ${reason} (${length} bytes)`);
  }
}

function eventText(log: ParsedLog, offset: number): string {
  return JSON.stringify({
    offset,
    lines: 1,
    timestamp: log.timestampText ?? (log.timestamp === null ? null : isoText(log.timestamp, 0)),
    timestamp_source: log.timestampSource,
    level: log.level,
    service: log.service,
    trace_id: log.trace_id,
    span_id: log.span_id,
    message: log.message,
    format: log.format,
    parsed_fields: log.parsed_fields,
  });
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
