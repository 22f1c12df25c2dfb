/**
 * What units of work take from the streams of the job: spans as they were read, and those events of logs that carry the
 * id of a trace. The place of a line is the logger and the line of code where its fields name both. Else it is the
 * first line of its message without what differs from one to the next: words with digits, long words of hexadecimal
 * digits, what is quoted.
 */
import { cutText } from '../../codecs/utf8.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { idOf, type Span } from '../inputs/spans/span.ts';
import type { TracedLine, TracedSpan } from './span.ts';

/** The part of a span that units are made of. */
export const spanOfUnit = (span: Span): TracedSpan =>
  // hot: a literal without a spread is made many times as fast.
  ({
    trace: span.trace_id,
    id: span.span_id,
    parent: span.parent_span_id,
    service: span.service,
    name: span.operation,
    start: span.start,
    end: span.end,
    kind: span.kind,
    failed: span.status === 'error',
  });

/** A line of a trace, without when it happened: that is known where it is handled. */
export type UntimedLine = Omit<TracedLine, 'time'>;

/** The event as a line of its trace; undefined if it names none. */
export function tracedLine(log: ParsedLog): UntimedLine | undefined {
  const { trace_id, span_id, service, level, message } = log;
  if (trace_id === null) return undefined;
  return {
    trace: idOf(trace_id, 32) ?? cutText(trace_id, mostOfPlace),
    span: span_id === null ? null : (idOf(span_id, 16) ?? cutText(span_id, mostOfPlace)),
    ...{ service, level },
    place: placeOf(log),
    unreachable: saysUnreachable.test(message),
  };
}

/**
 * Where in the program a line is from, as far as it tells.
 *
 * @example
 * placeOf({ message: 'cart 7 of "ann" in 12ms', parsed_fields: {} }) // => 'cart * of * in *'
 * placeOf({ message: 'saved', parsed_fields: { 'log.logger': 'a.Cart', 'log.origin.file.line': 34 } }) // => 'a.Cart#34'
 */
export function placeOf({ message, parsed_fields: fields }: Pick<ParsedLog, 'message' | 'parsed_fields'>): string {
  const line = fields['log.origin.file.line'];
  const name = fields['log.logger'] ?? fields['log.origin.file.name'];
  if (line !== undefined && name !== undefined) return cutText(`${name}#${line}`, mostOfPlace);
  const end = message.indexOf('\n');
  const first = cutText(end < 0 ? message : message.slice(0, end), mostOfPlace);
  return first.replace(variable, '*');
}

/** Over a text that has been cut, so that looking again costs little. */
const variable = /"[^"]*"|'[^']*'|[\w-]*\d[\w-]*|\b[a-fA-F]{8,}\b/g;
/** Characters of a place, and of an id that is not one. */
const mostOfPlace = 160;
const saysUnreachable = new RegExp(
  [
    'No instances available|Connection refused|UnknownHost|No route to host',
    '503 Service Unavailable|upstream connect error',
  ].join('|'),
);
