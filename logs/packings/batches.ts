/**
 * Batches that are one JSON object: lists of records, with what the records have in common around them. A batch is
 * known by the keys on the way to its records. Where its envelope reads what is around a record, the record stays in
 * a batch of one; the others are lists and nothing more.
 */

import { withoutHull } from '../envelopes/hull.ts';
import { rulesOf } from '../readers/roles.ts';

/** How a shipper batches records. */
export interface Batch {
  /** The keys of the lists, from the outermost inwards; of several names for a list the first that is there. */
  readonly path: readonly (readonly string[])[];
  /** A key that stands beside the outermost list. */
  readonly beside?: string;
  /** Whether a record needs what is around it. */
  readonly hulled: boolean;
  /** Whether the records must show a time, because the key alone could be anything's. */
  readonly timed?: boolean;
  /** Which stream the records below an object on the way come from, as far as the object says. */
  readonly origin?: (object: Json) => Origin | null;
  /** Where a record has a line, which may be packed again. */
  readonly line?: LineOf;
  /** What is around the records cut down to what `origin` needs, and a note of that. */
  readonly brief?: (object: Json) => Json;
}

/** Reads the line of a record, and puts another in its place. */
export interface LineOf {
  readonly of: (record: unknown) => unknown;
  readonly with: (record: unknown, line: string) => unknown;
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Whose records they are, and which stream of that service. */
export interface Origin {
  readonly service: string | undefined;
  readonly stream: string | undefined;
}

/** OpenTelemetry's export request (opentelemetry-proto, collector/logs/v1) in JSON. */
const otlp: Batch = {
  path: [['resourceLogs'], ['scopeLogs', 'instrumentationLibraryLogs'], ['logRecords']],
  hulled: true,
  origin: ({ resource }) => {
    const attributes = isObject(resource) ? resource['attributes'] : undefined;
    if (!Array.isArray(attributes)) return null;
    const named = new Map(
      attributes
        .filter(isObject)
        .map(({ key, value }) => [key, isObject(value) ? textOf(value['stringValue']) : undefined]),
    );
    return { service: named.get('service.name'), stream: firstOf(named, otlpStreams) };
  },
  brief: ({ resource }) => {
    const attributes = isObject(resource) ? resource['attributes'] : undefined;
    if (!Array.isArray(attributes)) return {};
    const needed = attributes.filter(
      (attribute) => isObject(attribute) && otlpNames.has(attribute['key']) && isShort(attribute),
    );
    return { resource: { attributes: [...needed, { key: 'event.reason', value: { stringValue: cutDown } }] } };
  },
};

/** The body of Loki's push API, as Promtail, Alloy, Vector and Fluent Bit send it. */
const loki: Batch = {
  path: [['streams'], ['values']],
  hulled: true,
  origin: ({ stream }) => {
    if (!isObject(stream)) return null;
    const labels = new Map(Object.entries(stream).map(([name, value]) => [name, textOf(value)]));
    return { service: firstOf(labels, lokiServices), stream: firstOf(labels, lokiStreams) };
  },
  line: {
    of: (value) => (Array.isArray(value) ? value[1] : undefined),
    with: (value, line) => (value as unknown[]).with(1, line),
  },
  brief: ({ stream }) => {
    if (!isObject(stream)) return {};
    const needed = Object.entries(stream).filter(([name, value]) => lokiNames.has(name) && isShort(value));
    return { stream: { ...Object.fromEntries(needed), 'event.reason': cutDown } };
  },
};

/** What a subscription of CloudWatch Logs delivers, unzipped. */
const cloudWatch: Batch = {
  path: [['logEvents']],
  beside: 'logGroup',
  hulled: true,
  origin: ({ logGroup, logStream }) => ({ service: serviceOfGroup(logGroup), stream: textOf(logStream) }),
  line: {
    of: (event) => (isObject(event) ? event['message'] : undefined),
    with: (event, message) => ({ ...(event as Json), message }),
  },
};

/** Files of CloudTrail and of other AWS services. */
const aws: Batch = { path: [['Records']], hulled: false };
/** Azure Monitor's logs in Event Hubs and storage accounts. */
const azure: Batch = { path: [['records']], hulled: false };

/** New Relic's API: what is common to the logs stands beside them. */
const newRelic: Batch = {
  path: [['logs']],
  beside: 'common',
  hulled: true,
  origin: ({ common }) => {
    const attributes = isObject(common) ? common['attributes'] : undefined;
    if (!isObject(attributes)) return null;
    return {
      service: textOf(attributes['service'] ?? attributes['service.name']),
      stream: textOf(attributes['hostname']),
    };
  },
};
/** What answers and deliveries of other services are called; also where a token for the next ones stands beside. */
const listed: Batch = { path: [['logs', 'lines', 'events', 'entries', 'data']], hulled: false, timed: true };

/** The answer of Elasticsearch and OpenSearch to a search. */
const hits: Batch = { path: [['hits']], hulled: false };

const batches: readonly Batch[] = [hits, otlp, loki, cloudWatch, aws, azure, newRelic, listed];

/** The keys by which a batch is known. */
export const batchKeys: readonly string[] = batches.flatMap(({ path }) => path[0]!);

/** How the records of an object are batched, or null for an object that is no batch. */
export function batchOf(object: Json): Batch | null {
  for (const batch of batches) {
    const key = listIn(object, batch.path[0]!);
    if (key === undefined) continue;
    // A list of objects may be anything's unless it is all there is, or is known by the lists within.
    const isAll = Object.keys(object).every((name) => name === key || tokens.has(name));
    const isKnown = batch.path.length > 1 || (isAll && (batch.timed !== true || areTimed(object[key])));
    if (batch.beside === undefined ? isKnown : batch.beside in object) return batch;
  }
  return null;
}

/** Whether every element is an object with a key for a time. */
const areTimed = (list: unknown): boolean =>
  Array.isArray(list) &&
  list.every((item) => isObject(item) && Object.keys(withoutHull(item)).some((name) => usual(name).role === 'time'));

/** What an answer says of the list in it. */
const tokens = new Set([
  'nextToken',
  'nextForwardToken',
  'nextBackwardToken',
  'nextPageToken',
  'searchedLogStreams',
  'total',
  'max_score',
]);
const usual = rulesOf(null);

/** The name under which a list of objects on the way to the records stands. */
export function listIn(object: Json, names: readonly string[]): string | undefined {
  return names.find((name) => Array.isArray(object[name]));
}

/** Loki's labels as its shippers and its own discovery name a service. */
export const lokiServices = ['service_name', 'service', 'app', 'app_kubernetes_io_name', 'container', 'job'];
const lokiStreams = ['pod', 'instance', 'filename', 'host', 'hostname', 'nodename'];
const otlpStreams = ['k8s.pod.name', 'service.instance.id', 'container.id', 'host.name'];

const lokiNames = new Set([...lokiServices, ...lokiStreams, 'level', 'severity', 'severity_text', 'detected_level']);
const otlpNames = new Set<unknown>(['service.name', ...otlpStreams]);
/** Why most of what a batch says is not with its records. */
const cutDown = 'the batch says too much to be kept with each of its records';
const isShort = (value: unknown): boolean => JSON.stringify(value).length <= 400;

/**
 * The service of a log group: its last name.
 *
 * @example
 * serviceOfGroup('/aws/lambda/cart') // => 'cart'
 */
export function serviceOfGroup(group: unknown): string | undefined {
  return typeof group === 'string' ? textOf(group.slice(group.lastIndexOf('/') + 1)) : undefined;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function firstOf(texts: ReadonlyMap<unknown, string | undefined>, names: readonly string[]): string | undefined {
  for (const name of names) if (texts.get(name) !== undefined) return texts.get(name);
  return undefined;
}
