/**
 * Spans of Zipkin, version 2 in JSON: a list, one object, or one a line. Client and server of a call may share one span
 * id; both are kept, and their kinds tell them apart. A span without a duration has not ended, and is refused.
 */
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { bagOf, forEachValue, isBag, numberOf, textOf } from '../values.ts';
import { AttributeSet, kindOf, type Span, takeSpan } from './span.ts';

/** Reads a body of `/api/v2/spans`. */
export function readZipkin(body: Uint8Array | string, intake: Intake<Span>): void {
  forEachValue(body, intake, (value) => readZipkinValue(value, intake));
}

/** Reads a span that is decoded, or a list of them. */
export function readZipkinValue(value: unknown, intake: Intake<Span>): void {
  if (!Array.isArray(value)) return readSpan(value, intake);
  for (const each of value) readSpan(each, intake);
}

function readSpan(value: unknown, intake: Intake<Span>): void {
  if (!isBag(value)) return intake.wrong('span', value, 'an object');
  const start = micros(value['timestamp']);
  const length = numberOf(value['duration']);
  if (!(length >= 0)) return intake.wrong('duration', value['duration'], 'microseconds, not below 0');
  const tags = value['tags'] ?? {};
  if (!isBag(tags)) return intake.wrong('tags', tags, 'an object');
  const attributes = new AttributeSet(intake);
  for (const key in tags) attributes.add(key, tags[key]);
  const error = tags['error'];
  takeSpan(
    {
      traceId: value['traceId'],
      spanId: value['id'],
      parentId: value['parentId'],
      service: textOf(bagOf(value['localEndpoint'])['serviceName']),
      instance: null,
      name: value['name'] ?? '',
      kind: kindOf(value['kind']),
      start,
      end: start + Math.round(length) / 1e3,
      status: error === undefined || error === 'false' ? 'unset' : 'error',
      peer: textOf(bagOf(value['remoteEndpoint'])['serviceName']),
      attributes: attributes.found,
    },
    intake,
  );
}

const micros = (value: unknown): Time => Math.round(numberOf(value)) / 1e3;
