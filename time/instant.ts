/**
 * Times that people and programs write down for us: ISO 8601 with its zone. `Date.parse` takes much more, silently:
 * `1` is a day in 2001, 30 February is 2 March, and a time without a zone follows the machine that reads it.
 */
import { dayStart } from './civil.ts';
import type { Time } from './duration.ts';

/** The years that a column of times can hold. */
const written = /^((?:19|2[0-2])\d\d)-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * The time that a text names, to the millisecond; NaN for one that is not ISO 8601 with a zone, that no calendar has,
 * or that lies before 1900 or after 2299.
 *
 * @example
 * instantOf('1970-01-01T01:00:00.5+01:00') // => 500
 * instantOf('1970-01-01T00:00:00') // => NaN
 * instantOf('2026-02-30T00:00:00Z') // => NaN
 */
export function instantOf(text: string): Time {
  const parts = written.exec(text);
  if (parts === null || Number.isNaN(dayStart(Number(parts[1]), Number(parts[2]), Number(parts[3])))) return Number.NaN;
  return Date.parse(text);
}
