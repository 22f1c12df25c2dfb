/**
 * A span, whatever it was sent as: one piece of work of a service, in a trace. Ids are lower-case hexadecimal digits,
 * with the zeros in front that some senders leave out. Readers hand over a draft; here it is checked and completed, so
 * that spans of all senders name operation, peer and status alike.
 */
import { cutText } from '../../../codecs/utf8.ts';
import { boundedName } from '../../../logs/lines/source-name.ts';
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { unknownService } from '../labels.ts';
import { isBag } from '../values.ts';

const spanKinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];
export type SpanStatus = 'unset' | 'ok' | 'error';
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span. */
export interface Span {
  readonly trace_id: string;
  readonly span_id: string;
  /** Null for a root; the parent itself may never come. */
  readonly parent_span_id: string | null;
  readonly service: string;
  readonly instance: string | null;
  /** As it was sent. */
  readonly name: string;
  /** What is done, in few different texts: the route or the method where attributes name them, else the name. */
  readonly operation: string;
  readonly kind: SpanKind;
  /** When it ended, which is when it can be known. */
  readonly time: Time;
  /** Milliseconds since 1970, with microseconds behind the point. */
  readonly start: Time;
  readonly end: Time;
  readonly status: SpanStatus;
  /** Who is called, or who calls, as far as attributes name it; no address. */
  readonly peer: string | null;
  readonly attributes: Attributes;
}

/** A span as a reader found it: values of any type. */
export interface Draft {
  readonly traceId: unknown;
  readonly spanId: unknown;
  readonly parentId: unknown;
  readonly service: string | undefined;
  readonly instance: string | null;
  readonly name: unknown;
  readonly kind: SpanKind;
  readonly start: Time;
  readonly end: Time;
  readonly status: SpanStatus;
  readonly peer: string | undefined;
  readonly attributes: Attributes;
}

/** Takes in a draft, or refuses it for what it lacks. */
export function takeSpan(draft: Draft, intake: Intake<Span>): void {
  const { start, end, attributes, kind } = draft;
  const trace = idOf(draft.traceId, 32);
  if (trace === null) return intake.wrong('trace id', draft.traceId, 'up to 32 hexadecimal digits that are not all 0');
  const span = idOf(draft.spanId, 16);
  if (span === null) return intake.wrong('span id', draft.spanId, 'up to 16 hexadecimal digits that are not all 0');
  const isRoot = isNothing(draft.parentId);
  const parent = isRoot ? null : idOf(draft.parentId, 16);
  if (!isRoot && parent === null) return intake.wrong('parent id', draft.parentId, 'up to 16 hexadecimal digits');
  if (typeof draft.name !== 'string') return intake.wrong('name', draft.name, 'a text');
  if (!intake.timely(start, 'start', start) || !intake.timely(end, 'end', end)) return;
  if (end < start) return intake.wrong('end', end, `at or after the start, ${start}`);
  const name = cutText(draft.name, longestName);
  intake.records.push({
    trace_id: trace,
    span_id: span,
    parent_span_id: parent,
    service: boundedName(draft.service ?? unknownService),
    instance: draft.instance === null ? null : boundedName(draft.instance),
    name,
    operation: operationOf(name, attributes),
    kind,
    time: end,
    start,
    end,
    status: draft.status === 'unset' && isFailed(attributes) ? 'error' : draft.status,
    peer: peerOf(draft),
    attributes,
  });
}

const longestName = 400;
const noParents = new Set<unknown>([undefined, null, '', '0']);
const isNothing = (value: unknown): boolean =>
  noParents.has(value) || (typeof value === 'string' && value.length <= 32 && /^0+$/.test(value));

/**
 * An id in lower case, with zeros in front up to 16 digits, or 32 of a long one; null if it is none.
 *
 * @example
 * idOf('4BF92F3577B34DA', 32) // => '04bf92f3577b34da'
 * idOf('0000000000000000', 16) // => null
 */
export function idOf(value: unknown, most: 16 | 32): string | null {
  if (typeof value !== 'string' || value.length === 0 || value.length > most) return null;
  let isZero = true;
  let isLower = true;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const isDigit = code >= 48 && code <= 57;
    if (!isDigit) {
      if (code >= 65 && code <= 70) isLower = false;
      else if (code < 97 || code > 102) return null;
    }
    if (code !== 48) isZero = false;
  }
  if (isZero) return null;
  const id = isLower ? value : value.toLowerCase();
  return id.length === 16 || id.length === 32 ? id : id.padStart(id.length < 16 ? 16 : 32, '0');
}

/** A method and the route that it is for; a route is the same for all requests of a kind. */
function operationOf(name: string, attributes: Attributes): string {
  const route = attributes['http.route'] ?? attributes['url.template'];
  if (typeof route === 'string' && route !== '' && !name.includes(route)) {
    const method = attributes['http.request.method'] ?? attributes['http.method'];
    return typeof method === 'string' ? `${method} ${route}` : route;
  }
  return name;
}

/** A server's answer of 500 and more is an error also where its status was left open. */
const isFailed = (attributes: Attributes): boolean =>
  Number(attributes['http.response.status_code'] ?? attributes['http.status_code'] ?? 0) >= 500;

const peerKeys = [
  'peer.service',
  'service.peer.name',
  'messaging.destination.name',
  'messaging.destination',
  'rpc.service',
];
const databaseKeys = ['db.namespace', 'db.name'];
const addressKeys = ['server.address', 'net.peer.name', 'peer.hostname', 'http.host', 'net.sock.peer.name'];

function peerOf({ kind, peer, attributes }: Draft): string | null {
  if (peer !== undefined) return boundedName(peer);
  if (kind === 'internal' || kind === 'server') return textAt(attributes, ['peer.service']) ?? null;
  const named = textAt(attributes, peerKeys);
  if (named !== undefined) return named;
  const system = textAt(attributes, ['db.system.name', 'db.system']);
  if (system !== undefined) {
    const name = textAt(attributes, databaseKeys);
    return name === undefined ? system : `${system}/${name}`;
  }
  const address = textAt(attributes, addressKeys);
  return address === undefined || isAddress.test(address) ? null : address.replace(/:\d{1,5}$/, '');
}

/** Numbers of one machine are no name: callers that nothing names would all be one. */
const isAddress = /^\[?[\da-fA-F.:]*\]?(?::\d+)?$/;

function textAt(attributes: Attributes, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return boundedName(value);
  }
  return undefined;
}

const mostAttributes = 128;
const longestValue = 1_024;
const longestKey = 200;

/** Gathers attributes up to a bound; what is beyond is counted. Of a name that comes twice the first counts. */
export class AttributeSet {
  readonly found: Record<string, string | number | boolean> = {};
  readonly #intake: Intake<unknown>;
  #count = 0;
  #isCut = false;

  constructor(intake: Intake<unknown>) {
    this.#intake = intake;
  }

  add(key: unknown, value: unknown): void {
    const { found } = this;
    if (typeof key !== 'string' || key === '' || value === null || value === undefined) return;
    if (key === '__proto__' || key.length > longestKey || this.#count === mostAttributes || Object.hasOwn(found, key)) {
      this.#note();
      return;
    }
    this.#count++;
    if (typeof value === 'number' || typeof value === 'boolean') found[key] = value;
    else if (typeof value === 'string') {
      found[key] = value.length <= longestValue ? value : cutText(value, longestValue);
      if (value.length > longestValue) this.#note();
    } else found[key] = isBag(value) ? 'an object' : 'a list';
  }

  #note(): void {
    if (!this.#isCut) this.#intake.cut++;
    this.#isCut = true;
  }
}

/** The kind that a word or a number means; internal for none. */
export function kindOf(value: unknown): SpanKind {
  if (typeof value === 'number') return numbered[value] ?? 'internal';
  const word = typeof value === 'string' ? value.replace(/^SPAN_KIND_/i, '').toLowerCase() : '';
  return spanKinds.find((kind) => kind === word) ?? 'internal';
}

/** OpenTelemetry's numbers begin with one that says nothing. */
const numbered: readonly SpanKind[] = ['internal', ...spanKinds];
