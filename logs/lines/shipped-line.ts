/**
 * Lines that a shipper wrapped in records.
 */
import type { Time } from '../../time/duration.ts';
import type { RawLine } from './raw-line.ts';

/**
 * A line with the source and time that its record names: `container` or `service/pod` of Fluent Bit's `kubernetes`,
 * and its `@timestamp`. The record itself is left as it is for the parser. Looks only for what it needs, because the
 * parser reads the whole record anyway.
 */
export function shippedLine({ line, source, time }: RawLine): RawLine {
  const shipped = timeIn(line);
  const pod = textAfter(line, '"pod_name"');
  return { line, source: pod ?? source, time: Number.isNaN(shipped) ? time : shipped, origin: source };
}

/** Seconds as a number, or ISO 8601; NaN if there is none. */
function timeIn(line: string): Time {
  const name = line.indexOf('"@timestamp"');
  if (name < 0) return Number.NaN;
  const text = line.slice(name + 12, name + 60);
  const iso = /^\s*:\s*"([^"]{10,40})"/.exec(text)?.[1];
  if (iso !== undefined) return Date.parse(iso);
  return Math.round(Number.parseFloat(text.slice(text.indexOf(':') + 1)) * 1_000);
}

/** The JSON text behind a name, if it is short and without escapes. The last one: names in the log text come first. */
function textAfter(line: string, name: string): string | undefined {
  const at = line.lastIndexOf(name);
  if (at < 0) return undefined;
  const start = line.indexOf('"', at + name.length) + 1;
  const end = line.indexOf('"', start);
  return start > 0 && end > start && end - start < 300 ? line.slice(start, end) : undefined;
}
