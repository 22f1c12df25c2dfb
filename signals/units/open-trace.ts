/**
 * A trace from its first record to its close: 2 s after the last record if its root span has ended, else after 10 s
 * without a record, and after a minute in any case. A record of a trace that was closed begins another unit.
 */
import { minutes, seconds, type Time } from '../../time/duration.ts';
import type { TracedLine, TracedSpan } from './span.ts';

/** What is kept of a trace; plain JSON, changed in place. */
export interface OpenTrace {
  /** Event time of the first and of the last record. */
  readonly first: Time;
  last: Time;
  rooted: boolean;
  readonly spans: TracedSpan[];
  readonly lines: TracedLine[];
  /** Records that it had no room for. */
  leftOut: number;
}

/** Without a record for so long a trace is over. */
export const afterSilence = seconds(10);
const [afterRoot, atMost] = [seconds(2), minutes(1)];
/** What goes beyond is left out of the unit: a trace of so many records is no request. */
export const mostRecords = 5_000;

export const newTrace = (time: Time): OpenTrace => ({
  first: time,
  last: time,
  rooted: false,
  spans: [],
  lines: [],
  leftOut: 0,
});

/** Takes in a record that happened at `time`; false if the trace is full. */
export function addToTrace(trace: OpenTrace, record: TracedSpan | TracedLine, time: Time): boolean {
  trace.last = Math.max(trace.last, time);
  if (trace.spans.length + trace.lines.length >= mostRecords) {
    trace.leftOut++;
    return false;
  }
  if ('place' in record) trace.lines.push(record);
  else {
    trace.spans.push(record);
    trace.rooted ||= record.parent === null;
  }
  return true;
}

/** When the trace is closed if nothing more comes. */
export const closesAt = ({ first, last, rooted }: OpenTrace): Time =>
  Math.min(first + atMost, last + (rooted ? afterRoot : afterSilence));
