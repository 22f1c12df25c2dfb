/**
 * Spans of Jaeger in JSON, in its two shapes: what its query service and its page give out, `{"data": [{"traceID", …,
 * "spans", "processes"}]}` with times in microseconds; and a span of its model as OpenTelemetry's collector puts it into
 * a topic, with ids in base64, times as text and `process` within. Leading zeros of ids may be missing.
 */
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { subjectOf } from '../labels.ts';
import { type Bag, bagOf, forEachValue, isBag, listIn, numberOf, textOf, timeOfText } from '../values.ts';
import { AttributeSet, kindOf, type Span, type SpanStatus, takeSpan } from './span.ts';

/** Reads traces, or spans one a line. */
export function readJaeger(body: Uint8Array | string, intake: Intake<Span>): void {
  forEachValue(body, intake, (value) => readJaegerValue(value, intake));
}

/** Reads an answer of the query service, a trace, a span, or a list of these. */
export function readJaegerValue(value: unknown, intake: Intake<Span>): void {
  if (Array.isArray(value)) for (const each of value) readOne(each, intake);
  else if (isBag(value) && Array.isArray(value['data'])) for (const each of value['data']) readOne(each, intake);
  else readOne(value, intake);
}

function readOne(value: unknown, intake: Intake<Span>): void {
  if (!isBag(value)) return intake.wrong('trace', value, 'an object');
  if (value['spans'] === undefined) return readSpan(value, bagOf(value['process']), intake);
  const processes = bagOf(value['processes']);
  for (const each of listIn(value, 'spans', intake)) {
    if (!isBag(each)) intake.wrong('spans', each, 'an object');
    else {
      const id = each['processID'];
      const named = typeof id === 'string' && Object.hasOwn(processes, id) ? processes[id] : undefined;
      readSpan(each, bagOf(named ?? each['process']), intake);
    }
  }
}

function readSpan(value: Bag, process: Bag, intake: Intake<Span>): void {
  if (value['traceID'] === undefined && value['traceId'] === undefined) {
    return intake.wrong('trace id', undefined, 'up to 32 hexadecimal digits');
  }
  const isModel = value['traceID'] === undefined;
  const id = isModel ? hexOfBase64 : (given: unknown) => given;
  const tags = value['tags'] ?? [];
  if (!Array.isArray(tags)) return intake.wrong('tags', tags, 'a list');
  const attributes = new AttributeSet(intake);
  for (const tag of tags) if (isBag(tag)) attributes.add(tag['key'], tagValue(tag));
  const { found } = attributes;
  const start = isModel ? timeOfText(value['startTime']) : Math.round(numberOf(value['startTime'])) / 1e3;
  const length = isModel ? lengthOfText(value['duration']) : numberOf(value['duration']) / 1e3;
  if (!(length >= 0)) return intake.wrong('duration', value['duration'], 'a time, not below 0');
  takeSpan(
    {
      traceId: id(value['traceID'] ?? value['traceId']),
      spanId: id(value['spanID'] ?? value['spanId']),
      parentId: id(parentIn(value)),
      service: textOf(process['serviceName']),
      instance: instanceIn(process),
      name: value['operationName'] ?? '',
      kind: kindOf(found['span.kind']),
      start,
      end: start + Math.round(length * 1e3) / 1e3,
      status: statusIn(found),
      peer: undefined,
      attributes: found,
    },
    intake,
  );
}

/** The parent is the first reference of that type in the same trace. */
function parentIn(value: Bag): unknown {
  const references = value['references'];
  if (Array.isArray(references)) {
    for (const each of references) {
      const type = bagOf(each)['refType'];
      if (type === undefined || type === 'CHILD_OF') return bagOf(each)['spanID'] ?? bagOf(each)['spanId'];
    }
  }
  return value['parentSpanID'];
}

/** `value`, or in the model one of `vStr`, `vBool`, `vInt64`, `vFloat64`. */
function tagValue(tag: Bag): unknown {
  const number = tag['vInt64'] ?? tag['vFloat64'];
  return tag['value'] ?? tag['vStr'] ?? tag['vBool'] ?? (number === undefined ? undefined : numberOf(number));
}

function statusIn(tags: Readonly<Record<string, unknown>>): SpanStatus {
  const code = tags['otel.status_code'];
  if (code === 'ERROR' || tags['error'] === true || tags['error'] === 'true') return 'error';
  return code === 'OK' ? 'ok' : 'unset';
}

function instanceIn(process: Bag): string | null {
  const labels: Record<string, string> = {};
  const tags = process['tags'];
  if (!Array.isArray(tags)) return null;
  for (const tag of tags.slice(0, 64)) {
    const [key, value] = [textOf(bagOf(tag)['key']), textOf(tagValue(bagOf(tag)))];
    if (key !== undefined && value !== undefined && key !== '__proto__') labels[key] = value;
  }
  return subjectOf(labels).instance;
}

/** Ids of 8 or 16 bytes; anything else stays as it is. */
function hexOfBase64(value: unknown): unknown {
  if (typeof value !== 'string' || (value.length !== 12 && value.length !== 24)) return value;
  return Buffer.from(value, 'base64').toString('hex');
}

/** Seconds with an `s` behind them, in milliseconds. */
function lengthOfText(value: unknown): Time {
  if (typeof value === 'number') return value / 1e6;
  return typeof value === 'string' && value.endsWith('s') ? numberOf(value.slice(0, -1)) * 1e3 : Number.NaN;
}
