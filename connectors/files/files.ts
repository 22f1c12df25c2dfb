/**
 * Lines of files as a source: those that are there, or for as long as they grow; `-` is standard input. What a split
 * and a position are, and how rotation and truncation are recognized, stands in reader.ts.
 */

import { isAscii } from 'node:buffer';
import { cutText } from '../../codecs/utf8.ts';
import { reasonOf } from '../../errors.ts';
import type { PollLimit, Refused, SourceBatch, SourceReader, SourceSpec } from '../../graph/connector.ts';
import type { Clock } from '../../time/clock.ts';
import { milliseconds, type Time } from '../../time/duration.ts';
import { type FilePosition, type FileReader, type LineBatch, openFiles } from './reader.ts';

/** A line as it was found. */
export interface FileLine {
  /** Without its line break. */
  readonly line: string;
  /** The file's path; `-` for standard input. */
  readonly source: string;
  /** When it was read, in ms since the epoch. */
  readonly time: Time;
}

/** How files are read. */
export interface FilesOptions<T> {
  /** Whether to go on after the present end of the files. Default: true. */
  readonly follow?: boolean;
  /** Makes a value of a line; what it throws sends the line to the dead letters. Default: the line as it is. */
  readonly decode?: (line: FileLine) => T;
  /** When a value happened, for sources that know; NaN where unknown. Default: NaN. */
  readonly timeOf?: (value: T) => Time;
}

/**
 * Lines of the files that the patterns name (`*`, `?` and `**`; `-` is standard input). Blank lines are passed over.
 *
 * Delivery: a position is a byte offset and is committed with the epoch; a line is read again after a failure. Lines of
 * standard input can't be. Back pressure: files are simply not read on. Errors: FILE_MISSING, FILE_UNREADABLE.
 *
 * @example
 * files(['/var/log/*.log']).label // => "files /var/log/*.log"
 * files(['-']).replayable // => false
 */
export function files<T = FileLine>(patterns: readonly string[], options: FilesOptions<T> = {}): SourceSpec<T> {
  const { follow = true, decode = (line) => line as T, timeOf = () => Number.NaN } = options;
  return {
    kind: 'files',
    label: `files ${patterns.join(' ')}`,
    replayable: !patterns.includes('-'),
    open: async ({ clock }) => {
      // A job that is to end must not wait for a stream; see Runner.
      const reader = openFiles({ patterns, follow, clock, ...(follow ? {} : { patience: streamPatience }) });
      return sourceOf(reader, { decode, timeOf, clock });
    },
  };
}

/** How long a poll waits for standard input or a pipe that is read to its end. */
const streamPatience = milliseconds(20);

interface Decoding<T> {
  readonly decode: (line: FileLine) => T;
  readonly timeOf: (value: T) => Time;
  readonly clock: Clock;
}

/** The splits of a reader as those of a source. */
export function sourceOf<T>(reader: FileReader, decoding: Decoding<T>): SourceReader<T> {
  return {
    splits: () => reader.splits(),
    goesOn: () => reader.goesOn(),
    resumes: (_, position) => reader.resumes(position as FilePosition),
    placeOf: (position) => (position as FilePosition).path,
    start: async (split) => reader.start(split),
    async poll(split, position, limit) {
      if (reader.hasEnded(split)) return 'ended';
      const from = position as FilePosition;
      const batch = await reader.poll(split, from, {
        ...limit,
        maxBytes: Math.min(limit.maxBytes, bytesUntil(from, limit)),
      });
      return batch && decodeLines(batch, decoding);
    },
    close: () => reader.close(),
  };
}

/** How far it is to where a repeated read must stop: a line's end, so that whole lines fill it exactly. */
function bytesUntil({ offset, generation }: FilePosition, { until }: PollLimit): number {
  const end = until as FilePosition | undefined;
  return end === undefined || end.generation !== generation ? Number.POSITIVE_INFINITY : end.offset - offset;
}

function decodeLines<T>(batch: LineBatch, { decode, timeOf, clock }: Decoding<T>): SourceBatch<T> {
  const { bytes, starts, ends, length, next } = batch;
  const time = clock.now();
  const source = next.path;
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const values: T[] = [];
  const times = new Float64Array(length);
  const refused: Refused[] = [];
  for (const { reason, offset, bytes: size, sample } of batch.refused) {
    refused.push({
      reason: `${reason} at byte ${offset} of ${source}, ${size} bytes`,
      sample: sample.toString('utf8'),
      time,
    });
  }
  for (let i = 0; i < length; i++) {
    const line = bytes.toString(encoding, starts[i]!, ends[i]!);
    if (line === '') continue;
    try {
      const value = decode({ line, source, time });
      times[values.length] = timeOf(value);
      values.push(value);
    } catch (error) {
      refused.push({
        reason: reasonOf(error),
        sample: cutText(line, 1_024),
        time,
      });
    }
  }
  return { values, times: times.subarray(0, values.length), refused, next };
}
