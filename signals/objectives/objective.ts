/**
 * An objective that a user declares of a service or an operation, and the requests that it is about: server and root
 * spans, and events of logs that carry an HTTP status.
 */
import type { ParsedLog } from '../../logs/parsed-log.ts';
import type { Duration } from '../../time/duration.ts';
import type { Span } from '../inputs/spans/span.ts';

/** What share of requests is to be good, over how long. */
export interface Objective {
  readonly service: string;
  /** One operation, as its spans name it, or method and path of a line; all of the service without. */
  readonly operation?: string;
  /** Percent of requests that are to be good: from 50 on, and below 100. */
  readonly percent: number;
  /** A good request takes no longer. Without it, it is one that does not fail. */
  readonly within?: Duration;
  /** Whole days over which the bad ones that are allowed, the error budget, are counted. */
  readonly days: number;
}

/** One request. */
export interface ServedRequest {
  readonly service: string;
  readonly operation: string;
  readonly failed: boolean;
  /** How long it took; null where that is not told. */
  readonly took: Duration | null;
  readonly isSpan: boolean;
}

/**
 * The name under which an objective's counts are kept: another one begins with nothing.
 *
 * @example
 * objectiveId({ service: 'shop', operation: 'POST /pay', percent: 99, within: 300, days: 28 })
 * // => '["shop","POST /pay",99,300]'
 */
export const objectiveId = ({ service, operation = '', percent, within = 0 }: Objective): string =>
  JSON.stringify([service, operation, percent, within]);

/** Objectives by their service. */
export function byService(objectives: readonly Objective[]): ReadonlyMap<string, readonly Objective[]> {
  const groups = new Map<string, Objective[]>();
  for (const objective of objectives) {
    const known = groups.get(objective.service);
    if (known === undefined) groups.set(objective.service, [objective]);
    else known.push(objective);
  }
  return groups;
}

/** The span as a request that its service served; undefined of a span that is only a part of one. */
export function requestOfSpan(span: Span): ServedRequest | undefined {
  const { kind, parent_span_id: parent, service, operation, status, start, end } = span;
  if (kind !== 'server' && parent !== null) return undefined;
  return { service, operation, failed: status === 'error', took: end - start, isSpan: true };
}

/** The event as a request; undefined where it carries no HTTP status. */
export function requestOfLine({ service, parsed_fields: fields }: ParsedLog): ServedRequest | undefined {
  const status = Number(fields['http.response.status_code'] ?? Number.NaN);
  if (!(status >= 100 && status < 600)) return undefined;
  const method = fields['http.request.method'];
  const path = pathOf(fields['url.path'] ?? fields['url.original']);
  const operation = typeof method === 'string' ? `${method} ${path}` : path;
  return { service, operation, failed: status >= 500, took: tookOf(fields), isSpan: false };
}

function pathOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  const end = value.indexOf('?');
  return end < 0 ? value : value.slice(0, end);
}

function tookOf(fields: ParsedLog['parsed_fields']): Duration | null {
  const nanoseconds = fields['event.duration'];
  if (typeof nanoseconds === 'number') return nanoseconds / 1e6;
  for (const name of inMilliseconds) {
    const value = fields[name];
    if (typeof value === 'number') return value;
  }
  return null;
}

const inMilliseconds = ['http.response.time_ms', 'duration_ms', 'latency_ms', 'elapsed_ms', 'response_time_ms'];

/** Whether a request is bad by an objective; undefined where the objective is not about it, or that is not told. */
export function isBad({ operation, within }: Objective, request: ServedRequest): boolean | undefined {
  if (operation !== undefined && operation !== request.operation) return undefined;
  if (within === undefined) return request.failed;
  return request.took === null ? undefined : request.took > within;
}
