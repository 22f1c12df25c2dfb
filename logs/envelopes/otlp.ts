/**
 * OpenTelemetry's logs in OTLP's JSON encoding (opentelemetry-proto, logs/v1): `resourceLogs` → `scopeLogs` →
 * `logRecords`, attributes being lists of keys and typed values. Batches are taken apart before (packings/), so that
 * there is one record in it.
 */
import { noteTogether, numberOf, type ObjectEnvelope } from './envelope.ts';

export const otlp: ObjectEnvelope = {
  name: 'otlp',
  keys: ['resourceLogs'],
  open: (record, wrapping) => {
    let flat: Record<string, unknown> | null = null;
    for (const resource of list(record['resourceLogs'])) {
      for (const scope of list(resource['scopeLogs'] ?? resource['instrumentationLibraryLogs'])) {
        for (const log of list(scope['logRecords'])) {
          if (flat !== null) return noteTogether(wrapping);
          flat = flatten(log, resource);
          flat['body'] = bodyOf(log['body']);
        }
      }
    }
    return flat;
  },
};

type Bag = Readonly<Record<string, unknown>>;

function flatten(log: Bag, resource: Bag): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  const described = resource['resource'];
  if (typeof described === 'object' && described !== null) noteAttributes(flat, (described as Bag)['attributes']);
  noteAttributes(flat, log['attributes']);
  for (const key of ['timeUnixNano', 'severityText', 'severityNumber', 'traceId', 'spanId']) {
    const value = log[key];
    if (value !== undefined && value !== '' && value !== 0 && value !== '0') flat[key] = value;
  }
  flat['timeUnixNano'] ??= log['observedTimeUnixNano'];
  return flat;
}

function noteAttributes(flat: Record<string, unknown>, attributes: unknown): void {
  for (const { key, value } of list(attributes)) if (typeof key === 'string') flat[key] = plain(value);
}

/** The value in `{ "stringValue": … }` and its like; what is composed stays as it is. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { stringValue, intValue, doubleValue, boolValue } = value as Bag;
  if (intValue !== undefined) {
    const number = numberOf(intValue);
    return Number.isSafeInteger(number) ? number : intValue;
  }
  return stringValue ?? doubleValue ?? boolValue ?? value;
}

/** A body: a text, or a record with keys of its own. */
function bodyOf(body: unknown): unknown {
  const value = composed(body, 0);
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === 'string' || isRecord ? value : value === undefined ? '' : JSON.stringify(value);
}

/** A value with what it is composed of: `kvlistValue` is an object, `arrayValue` a list. */
function composed(value: unknown, depth: number): unknown {
  const simple = plain(value);
  if (typeof simple !== 'object' || simple === null || depth >= maxDepth) return simple;
  const { kvlistValue: pairs, arrayValue: items } = simple as Readonly<Record<string, Bag | undefined>>;
  if (Array.isArray(items?.['values'])) return list(items['values']).map((item) => composed(item, depth + 1));
  if (!Array.isArray(pairs?.['values'])) return simple;
  const object = Object.create(null) as Record<string, unknown>;
  for (const { key, value: inner } of list(pairs['values']))
    if (typeof key === 'string') object[key] = composed(inner, depth + 1);
  return object;
}

function list(value: unknown): readonly Bag[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

const maxDepth = 8;
