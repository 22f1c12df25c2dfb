/**
 * Lines that a shipper wrapped in records.
 */
import type { Time } from '../../time/duration.ts';
import { openBracketCode } from '../text.ts';
import { podNameIn } from './pod-name.ts';
import type { RawLine } from './raw-line.ts';

/**
 * A line with the source and time that its record names: `container` or `service/pod` of Fluent Bit's `kubernetes`,
 * and its `@timestamp`. The record itself is left as it is for the parser. Looks only for what it needs, because the
 * parser reads the whole record anyway.
 */
export function shippedLine({ line, source, time }: RawLine): RawLine {
  const shipped = timeIn(line);
  // A list holds records of any number of pods.
  const pod = line.charCodeAt(0) === openBracketCode ? undefined : podNameIn(line);
  return { line, source: pod ?? source, time: Math.abs(shipped) <= lastTime ? shipped : time, origin: source };
}

/** The last millisecond that a date can have. */
const lastTime = 8.64e15;

/** Seconds as a number, or ISO 8601; NaN if there is none. */
function timeIn(line: string): Time {
  const name = line.indexOf('"@timestamp"');
  if (name < 0) return Number.NaN;
  const text = line.slice(name + 12, name + 60);
  const iso = /^\s*:\s*"([^"]{10,40})"/.exec(text)?.[1];
  if (iso !== undefined) return Date.parse(iso);
  return Math.round(Number.parseFloat(text.slice(text.indexOf(':') + 1)) * 1_000);
}
