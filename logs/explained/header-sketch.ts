/**
 * What a header that no format knows looks like, with names in the places of what was found in it: `[time] (thread)
 * level logger - `. Made of the text and of what was read from it, for people to look at.
 */
import type { ParsedLog } from '../parsed-log.ts';
import { isWordCode } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { lineShape } from './line-shape.ts';

interface Place {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * The sketch of the header of a text that was read as `log`, up to its message.
 *
 * @example
 * const scanner = new TimestampScanner('UTC');
 * const log = { ...newLog('text', 'slow'), parsed_fields: { 'log.level': 'WARN', 'process.thread.name': 'main' } };
 * headerSketch('[2026-01-29 08:51:24] (main) WARN - slow', log, scanner) // => '[time] (thread) level - message'
 */
export function headerSketch(text: string, log: ParsedLog, scanner: TimestampScanner): string {
  const end = headerEnd(text, log.message);
  // The message was changed while it was read.
  if (end < 0) return lineShape(text);
  const header = text.slice(0, end);
  const places: Place[] = [];
  const time = timeIn(header, scanner);
  if (time !== null) places.push(time);
  for (const [value, name] of named(log)) {
    const place = placeOf(header, value, { name, places });
    if (place !== null) places.push(place);
  }
  let sketch = '';
  let from = 0;
  for (const { start, end, name } of places.sort((a, b) => a.start - b.start)) {
    sketch += between(header.slice(from, start)) + name;
    from = end;
  }
  return `${sketch}${between(header.slice(from))}message`;
}

/** Where the message begins; -1 if it is not in there as it is. */
function headerEnd(text: string, message: string): number {
  const first = message.slice(0, mostCompared).split('\n', 1)[0]!;
  return first === '' ? Math.min(text.length, longestHeader) : text.slice(0, longestHeader).indexOf(first);
}

function timeIn(header: string, scanner: TimestampScanner): Place | null {
  for (let at = 0; at < header.length; at++) {
    if (at > 0 && isWordCode(header.charCodeAt(at - 1))) continue;
    if (scanner.scan(header, at) && scanner.end <= header.length) return { start: at, end: scanner.end, name: 'time' };
  }
  return null;
}

/** What a log says beside its message, each with the name it has in a sketch. */
function named({ parsed_fields: fields, service, trace_id: trace, span_id: span }: ParsedLog): [string, string][] {
  const values: [string, string][] = [
    [service, 'service'],
    [trace ?? '', 'trace'],
    [span ?? '', 'span'],
  ];
  for (const name in fields) values.push([String(fields[name]), shortNames.get(name) ?? name]);
  return values.sort(([a], [b]) => b.length - a.length);
}

/** The first place of a value between other characters than letters and digits that is not taken. */
function placeOf(header: string, value: string, { name, places }: { name: string; places: Place[] }): Place | null {
  if (value === '') return null;
  for (let at = header.indexOf(value); at >= 0; at = header.indexOf(value, at + 1)) {
    const end = at + value.length;
    if (isWordCode(header.charCodeAt(at - 1)) || isWordCode(header.charCodeAt(end))) continue;
    if (places.every((place) => place.end <= at || place.start >= end)) return { start: at, end, name };
  }
  return null;
}

/** What stands between places: its signs as they are, words as a shape. */
function between(text: string): string {
  const core = text.trim();
  if (core === '') return text === '' ? '' : ' ';
  const [before, after] = [text.startsWith(core) ? '' : ' ', text.endsWith(core) ? '' : ' '];
  return `${before}${lineShape(core)}${after}`;
}

const shortNames: ReadonlyMap<string, string> = new Map([
  ['log.level', 'level'],
  ['log.logger', 'logger'],
  ['process.thread.name', 'thread'],
  ['process.thread.id', 'thread id'],
  ['process.pid', 'process id'],
  ['process.name', 'program'],
  ['log.origin.file.name', 'file'],
  ['log.origin.file.line', 'line'],
  ['log.origin.function', 'function'],
  ['http.request.id', 'request id'],
  ['source.ip', 'address'],
]);
const [longestHeader, mostCompared] = [400, 100];
