/**
 * Reads spans whatever they were sent as, by their shape: requests of OpenTelemetry in JSON or Protocol Buffers, spans
 * of Zipkin and Jaeger, and records; alone, in lists, or one a line.
 */
import type { Intake } from '../intake.ts';
import { forEachRequest } from '../otlp.ts';
import { type Bag, isBag } from '../values.ts';
import { readSpanValue } from './canonical.ts';
import { readJaegerValue } from './jaeger.ts';
import { readOtlpSpansRequest, tracesRequest } from './otlp.ts';
import type { Span } from './span.ts';
import { readZipkinValue } from './zipkin.ts';

/** Reads a body of any of these shapes. */
export function readAnySpans(body: Uint8Array | string, intake: Intake<Span>): void {
  forEachRequest(body, { intake, described: tracesRequest }, (value) => {
    for (const each of Array.isArray(value) ? value : [value]) readOne(each, intake);
  });
}

function readOne(value: unknown, intake: Intake<Span>): void {
  if (!isBag(value)) return intake.wrong('span', value, 'an object');
  if (value['trace_id'] !== undefined) return readSpanValue(value, intake);
  if (value['resourceSpans'] !== undefined) return readOtlpSpansRequest(value, intake);
  if (isOfJaeger(value)) return readJaegerValue(value, intake);
  if (value['traceId'] !== undefined && value['id'] !== undefined) return readZipkinValue(value, intake);
  intake.refuse('INPUT_UNKNOWN', 'it is a span of no shape that is known');
}

const isOfJaeger = (bag: Bag): boolean =>
  bag['traceID'] !== undefined || bag['operationName'] !== undefined || Array.isArray(bag['data']);
