/**
 * What shippers wrap around a line: a time that is mostly more reliable than the line's, the pod it is from, and
 * whether the line was cut. An envelope's `open` returns what was inside, notes the rest in the wrapping, or returns
 * null when the input is not of its kind. Envelopes nest; what an inner one says about time wins, being nearer to the
 * writing.
 */
import type { Level } from '../levels.ts';
import type { Value } from '../parsed-log.ts';
import { finite } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { type Mark, newMark } from '../wrappers/mark.ts';

/** What the envelopes of a line said; one is used over and over. */
export interface Wrapping {
  /** Milliseconds since 1970; NaN when no envelope had a time. */
  ms: number;
  nanos: number;
  /** The service by the shipper's knowledge, or ''. */
  service: string;
  /** The level by the shipper's knowledge; counts when the line has none. */
  level: Level | null;
  /** The trace by the shipper's knowledge, or null. */
  trace: string | null;
  /** Fields to add to the log, ECS name and value in turn. */
  readonly fields: (string | Value)[];
  /** Names of what came off, the outermost first; null where it is not asked for. */
  readonly peeled: string[] | null;
  readonly scanner: TimestampScanner;
  /** Where a wrapper in front of the line was found; working space. */
  readonly mark: Mark;
}

/** What is said by nothing yet. */
export const newWrapping = (scanner: TimestampScanner, peeled: string[] | null = null): Wrapping => ({
  ms: Number.NaN,
  nanos: 0,
  service: '',
  level: null,
  trace: null,
  fields: [],
  peeled,
  scanner,
  mark: newMark(scanner),
});

/** Forgets what was around the line before. */
export function resetWrapping(wrapping: Wrapping): void {
  wrapping.ms = Number.NaN;
  wrapping.service = '';
  wrapping.level = wrapping.trace = null;
  if (wrapping.fields.length > 0) wrapping.fields.length = 0;
  wrapping.peeled?.splice(0);
}

/** An envelope that is a JSON object; inside is a line, or again an object. */
export interface ObjectEnvelope {
  readonly name: string;
  /** Keys of which its records have one at least. */
  readonly keys: readonly string[];
  readonly open: (record: Readonly<Record<string, unknown>>, wrapping: Wrapping) => string | object | null;
}

/** An envelope that is text around a line. */
export interface TextEnvelope {
  readonly name: string;
  readonly open: (line: string, wrapping: Wrapping) => string | null;
}

/** Takes over a time given as text, if it can be read. */
export function noteTime(text: unknown, wrapping: Wrapping): void {
  if (typeof text !== 'string' || !wrapping.scanner.scan(text, 0)) return;
  wrapping.ms = wrapping.scanner.ms;
  wrapping.nanos = wrapping.scanner.nanos;
}

/** Adds a field if there is a value. */
export function noteField(name: string, value: unknown, wrapping: Wrapping): void {
  if (typeof value === 'number') wrapping.fields.push(name, finite(value, String(value)));
  else if (typeof value === 'boolean' || (typeof value === 'string' && value !== '')) wrapping.fields.push(name, value);
}

/** Notes that a batch came here whole, of whose records none may speak for the others; opens nothing. */
export function noteTogether(wrapping: Wrapping): null {
  noteField('event.reason', 'several records that were not taken apart', wrapping);
  return null;
}

/** The number that a value of a record is or spells; NaN for all else. An object may not even be asked. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}
