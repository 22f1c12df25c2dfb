/**
 * Spans as records of JSON: `trace_id`, `span_id`, `parent_span_id`, `service`, `name`, `start`, `end`, `status`,
 * `attributes`, and as far as they are known `kind`, `instance` and `peer`. Times are ISO 8601, or numbers since 1970.
 */
import type { Intake } from '../intake.ts';
import { forEachValue, isBag, textOf, timeOfAny } from '../values.ts';
import { AttributeSet, kindOf, type Span, type SpanStatus, takeSpan } from './span.ts';

/** Reads records, one a line. */
export function readSpans(body: Uint8Array | string, intake: Intake<Span>): void {
  forEachValue(body, intake, (value) => readSpanValue(value, intake));
}

/** Reads a record, or a list of them. */
export function readSpanValue(value: unknown, intake: Intake<Span>): void {
  if (!Array.isArray(value)) return readRecord(value, intake);
  for (const each of value) readRecord(each, intake);
}

const statuses: readonly unknown[] = ['unset', 'ok', 'error'] satisfies readonly SpanStatus[];

function readRecord(value: unknown, intake: Intake<Span>): void {
  if (!isBag(value)) return intake.wrong('record', value, 'an object');
  const { status = 'unset', attributes: given = {} } = value;
  if (!statuses.includes(status)) return intake.wrong('status', status, 'unset, ok or error');
  const service = textOf(value['service']);
  if (service === undefined) return intake.wrong('service', value['service'], 'a text');
  if (!isBag(given)) return intake.wrong('attributes', given, 'an object');
  const attributes = new AttributeSet(intake);
  for (const key in given) attributes.add(key, given[key]);
  takeSpan(
    {
      traceId: value['trace_id'],
      spanId: value['span_id'],
      parentId: value['parent_span_id'],
      service,
      instance: textOf(value['instance']) ?? null,
      name: value['name'],
      kind: kindOf(value['kind']),
      start: timeOfAny(value['start']),
      end: timeOfAny(value['end']),
      status: status as SpanStatus,
      peer: textOf(value['peer']),
      attributes: attributes.found,
    },
    intake,
  );
}
