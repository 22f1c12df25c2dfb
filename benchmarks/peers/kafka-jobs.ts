/** The peers' jobs over Kafka, as the Flink job has them: J1, J2 and J3. */

import { type Fields, jsonPick } from '../../connectors/records/json-pick.ts';
import { jsonRecord, type RecordCodec } from '../../connectors/records/record-codec.ts';
import type { SourceSpec } from '../../graph/connector.ts';
import {
  combine,
  count,
  eventTime,
  filter,
  type Job,
  job,
  keyBy,
  map,
  mapMaybe,
  max,
  minutes,
  seconds,
  session,
  type Time,
  to,
  topic,
  tumbling,
  where,
  window,
} from '../../index.ts';
import { dayStart } from '../../time/civil.ts';
import { type Tally, tallied } from './tally.ts';

/** A log line as the jobs read it; its time as text where JSON.parse made it. */
export interface Line {
  readonly '@timestamp': string | number;
  readonly level: string;
  readonly service: string;
  readonly trace_id: string;
  readonly duration_ms: number;
}

/** Where a job reads and writes. */
export interface Ends {
  /** Unique to a run: offsets and state are kept under it. */
  readonly name: string;
  readonly source: SourceSpec<Line>;
  readonly output: string;
  /** Counts the results. */
  readonly tally: Tally;
}

const lateness = seconds(5);

export const kafkaJobs: Readonly<Record<string, (ends: Ends) => Job>> = {
  /** Parses, takes event time, keeps only errors; without state. */
  j1: ({ name, source, output, tally }) =>
    job(name, (from) => {
      from('lines', source).pipe(
        eventTime({ at: (line) => timeOf(line), outOfOrder: lateness }),
        filter((line) => line.level === 'ERROR'),
        mapMaybe(() => tallied(tally, 1)),
        to('none', topic(output)),
      );
    }),
  /** Lines, errors and the longest duration per service and minute, to a topic, exactly once. */
  j2: ({ name, source, output, tally }) =>
    job(name, (from) => {
      from('lines', source).pipe(
        eventTime({ at: (line) => timeOf(line), outOfOrder: lateness }),
        keyBy((line) => line.service),
        window(
          'minute',
          tumbling(minutes(1)),
          combine({
            count: count(),
            errors: where((line: Line) => line.level === 'ERROR', count()),
            max: max((line: Line) => line.duration_ms),
          }),
        ),
        map((w) => {
          tallied(tally, w.value.count);
          return { window: w.window.start, ...w.value };
        }),
        to('counts', topic(output)),
      );
    }),
  /** Lines per trace, a session of 30 s. */
  j3: ({ name, source, output, tally }) =>
    job(name, (from) => {
      from('lines', source).pipe(
        eventTime({ at: (line) => timeOf(line), outOfOrder: lateness }),
        keyBy((line) => line.trace_id),
        window('traces', session(seconds(30)), count()),
        mapMaybe((w) => tallied(tally, w.value)),
        to('none', topic(output)),
      );
    }),
};

/** How records become lines: JSON.parse, or only the fields that the job reads. */
export const decoders: Readonly<Record<string, Readonly<Record<string, RecordCodec<Line>>>>> = {
  parse: { j1: jsonRecord(), j2: jsonRecord(), j3: jsonRecord() },
  pick: {
    j1: lines({ '@timestamp': 'time', level: 'string' }),
    j2: lines({ '@timestamp': 'time', level: 'string', service: 'string', duration_ms: 'number' }),
    j3: lines({ '@timestamp': 'time', trace_id: 'string' }),
  },
};

/** Fields that a job does not read are absent. */
function lines(fields: Fields): RecordCodec<Line> {
  return jsonPick(fields) as RecordCodec<unknown> as RecordCodec<Line>;
}

function timeOf({ '@timestamp': time }: Line): Time {
  return typeof time === 'number' ? time : isoMillis(time);
}

/** The time of a `yyyy-MM-ddTHH:mm:ss.SSSZ`, as the peers' harness reads it: digits at fixed places. */
function isoMillis(text: string): number {
  const day = dayStart(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
  const millis = (text.charCodeAt(20) - 48) * 100 + two(text, 21);
  return day + two(text, 11) * 3_600_000 + two(text, 14) * 60_000 + two(text, 17) * 1_000 + millis;
}

function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}
