/**
 * Spans of OpenTelemetry (opentelemetry-proto: trace/v1, collector/trace/v1) in JSON and Protocol Buffers. An element is
 * a span. Ids in base64, as a lenient JSON writer makes them, are refused: read as hexadecimal they would be others.
 */
import { type Message, message } from '../../../codecs/protobuf-message.ts';
import type { Intake } from '../intake.ts';
import { unknownService } from '../labels.ts';
import { forEachRequest, keyValue, type Origin, originOf, plainValue, resource } from '../otlp.ts';
import { type Bag, bagOf, isBag, listIn, timeOfNanos } from '../values.ts';
import { AttributeSet, kindOf, type Span, type SpanStatus, takeSpan } from './span.ts';

const status = message({ 3: ['code', 'int'] });
const span = message({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'int'],
  7: ['startTimeUnixNano', 'nanos'],
  8: ['endTimeUnixNano', 'nanos'],
  9: ['attributes[]', () => keyValue],
  15: ['status', () => status],
});
const scopeSpans = message({ 2: ['spans[]', () => span] });
const resourceSpans = message({ 1: ['resource', () => resource], 2: ['scopeSpans[]', () => scopeSpans] });
/** What is sent to `/v1/traces`. */
export const tracesRequest: Message = message({ 1: ['resourceSpans[]', () => resourceSpans] });

/** Reads a request of `/v1/traces`, or a batch of the same shape in a file or a topic. */
export function readOtlpSpans(body: Uint8Array | string, intake: Intake<Span>): void {
  forEachRequest(body, { intake, described: tracesRequest }, (request) => readOtlpSpansRequest(request, intake));
}

/** Reads a request that is decoded. */
export function readOtlpSpansRequest(request: unknown, intake: Intake<Span>): void {
  if (!isBag(request) || (request['resourceSpans'] === undefined && Object.keys(request).length > 0)) {
    intake.refuse('INPUT_UNKNOWN', 'it has no resourceSpans');
    return;
  }
  const before = intake.elements;
  const list = listIn(request, 'resourceSpans', intake);
  for (const each of list) {
    if (!isBag(each)) intake.wrong('resourceSpans', each, 'an object');
    else {
      const origin = originOf(each['resource'], intake);
      if (origin !== null) readScopes(each, origin, intake);
    }
  }
  if (list.length > 0 && intake.elements === before) intake.refuse('INPUT_UNKNOWN', 'it holds no spans');
}

function readScopes(from: Bag, origin: Origin, intake: Intake<Span>): void {
  const scopes = from['scopeSpans'] === undefined ? 'instrumentationLibrarySpans' : 'scopeSpans';
  for (const scope of listIn(from, scopes, intake)) {
    if (!isBag(scope)) intake.wrong(scopes, scope, 'an object');
    else for (const each of listIn(scope, 'spans', intake)) readSpan(each, origin, intake);
  }
}

function readSpan(value: unknown, { service, instance }: Origin, intake: Intake<Span>): void {
  if (!isBag(value)) return intake.wrong('spans', value, 'an object');
  const list = value['attributes'] ?? [];
  if (!Array.isArray(list)) return intake.wrong('attributes', list, 'a list');
  const attributes = new AttributeSet(intake);
  for (const each of list) if (isBag(each)) attributes.add(each['key'], plainValue(each['value']));
  takeSpan(
    {
      traceId: value['traceId'],
      spanId: value['spanId'],
      parentId: value['parentSpanId'],
      service: service === unknownService ? undefined : service,
      instance,
      name: value['name'] ?? '',
      kind: kindOf(value['kind']),
      start: timeOfNanos(value['startTimeUnixNano']),
      end: timeOfNanos(value['endTimeUnixNano']),
      status: statusOf(bagOf(value['status'])['code']),
      peer: undefined,
      attributes: attributes.found,
    },
    intake,
  );
}

function statusOf(code: unknown): SpanStatus {
  if (code === 2 || code === 'STATUS_CODE_ERROR') return 'error';
  return code === 1 || code === 'STATUS_CODE_OK' ? 'ok' : 'unset';
}
