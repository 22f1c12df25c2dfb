/**
 * What all of OpenTelemetry's signals share (opentelemetry-proto: common/v1, resource/v1): attributes, the resource
 * they are from, and a body as JSON or as Protocol Buffers. Both become the same objects, so one reader reads them.
 */
import { Broken, decodeProtobuf } from '../../codecs/protobuf.ts';
import { type Message, message } from '../../codecs/protobuf-message.ts';
import { cutText } from '../../codecs/utf8.ts';
import type { Intake } from './intake.ts';
import { type Labels, labelsFrom, subjectOf, whyNoLabels } from './labels.ts';
import { type Bag, forEachValue, isBag, mostBytes } from './values.ts';

/** An attribute's value of any type; it is read as what it holds. */
const anyValue: Message = message(
  {
    1: ['stringValue', 'text'],
    2: ['boolValue', 'bool'],
    3: ['intValue', 'int'],
    4: ['doubleValue', 'double'],
    5: ['arrayValue', () => arrayValue],
    6: ['kvlistValue', () => keyValueList],
    7: ['bytesValue', 'hex'],
  },
  true,
);
const arrayValue = message({ 1: ['values[]', () => anyValue] });
/** An attribute. */
export const keyValue: Message = message({ 1: ['key', 'text'], 2: ['value', () => anyValue] });
const keyValueList = message({ 1: ['values[]', () => keyValue] });
/** What the signals of a message are from. */
export const resource: Message = message({ 1: ['attributes[]!', () => keyValue] });

/**
 * Hands the requests of a body to `take`. Bytes are JSON if they begin as an object does, and else a message of
 * Protocol Buffers.
 */
export function forEachRequest(
  body: Uint8Array | string,
  { intake, described }: { readonly intake: Intake<unknown>; readonly described: Message },
  take: (request: unknown) => void,
): void {
  if (typeof body === 'string' || isJson(body)) return forEachValue(body, intake, take);
  if (body.length > mostBytes) {
    intake.refuse('INPUT_TOO_LARGE', 'the body', `the body has ${body.length} bytes, more than ${mostBytes}`);
    return;
  }
  const { value, wrong, tooMuch } = decodeProtobuf(body, described);
  const isEmpty = Object.keys(value as Bag).length === 0;
  // What stands before a fault is whole. No bytes are a request for nothing.
  if (!isEmpty) take(value);
  else if (wrong === null && body.length > 0) intake.refuse('INPUT_UNKNOWN', 'it has none of the fields of a request');
  if (wrong !== null) intake.refuse(tooMuch ? 'INPUT_TOO_LARGE' : 'INPUT_UNREADABLE', 'the message breaks off', wrong);
}

/** Whether the first byte that is no white space opens an object or a list. A message of 123 bytes begins so, too. */
export function isJson(body: Uint8Array): boolean {
  let at = body[0] === 0xef && body[1] === 0xbb ? 3 : 0;
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at++;
  if (body[at] === openBracket) return true;
  if (body[at] !== openBrace) return false;
  let end = body.length - 1;
  while (end > at && body[end]! <= 0x20) end--;
  return body[0] !== 0x0a || body[end] === closeBrace;
}
const [openBrace, closeBrace, openBracket] = [0x7b, 0x7d, 0x5b];

/** What a resource says of all that comes with it. */
export interface Origin {
  readonly service: string;
  readonly instance: string | null;
  /** What further tells apart what comes from one service and instance. */
  readonly labels: readonly string[];
  /** Labels of points by their lists of attributes. */
  readonly labelsOf: WeakMap<object, Labels>;
}

/** The origin of what comes with a resource, or null, refused, for what is no resource. An absent one is empty. */
export function originOf(value: unknown, intake: Intake<unknown>): Origin | null {
  const described = value ?? noResource;
  if (!isBag(described)) {
    intake.wrong('resource', described, 'an object');
    return null;
  }
  const known = origins.get(described['attributes'] as object);
  if (known !== undefined) return known;
  const pairs = attributePairs(described, intake);
  if (pairs === null) return null;
  const { service, instance } = subjectOf(labelsFrom(pairs));
  const labels: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (telling.has(pairs[i]!)) labels.push(pairs[i]!, pairs[i + 1]!);
  const origin: Origin = { service, instance, labels, labelsOf: new WeakMap() };
  if (typeof described['attributes'] === 'object') origins.set(described['attributes'] as object, origin);
  return origin;
}

/** What was made of lists of attributes, which are the same for the same bytes. */
const origins = new WeakMap<object, Origin>();

const noResource: Bag = {};
const noList: readonly unknown[] = [];
/** Attributes of a resource by which two of one service and instance can differ. */
const telling = new Set([
  ...['service.namespace', 'deployment.environment', 'deployment.environment.name', 'k8s.cluster.name'],
  ...['k8s.namespace.name', 'k8s.container.name', 'k8s.volume.name', 'cloud.region'],
]);

/** Names and values in turn of an element's attributes, as text; null, and refused, if they can't be labels. */
function attributePairs(bag: Bag, intake: Intake<unknown>): string[] | null {
  const pairs: string[] = [];
  const attributes = bag['attributes'] ?? noList;
  if (!Array.isArray(attributes)) {
    intake.wrong('attributes', attributes, 'a list');
    return null;
  }
  for (const attribute of attributes) {
    if (!isBag(attribute) || typeof attribute['key'] !== 'string') {
      intake.wrong('attributes', attribute, 'a list of keys and values');
      return null;
    }
    const value = plainValue(attribute['value']);
    pairs.push(attribute['key'], typeof value === 'string' ? value : String(value));
  }
  const why = whyNoLabels(pairs);
  if (why === null) return pairs;
  intake.wrong('attributes', why, 'labels of a series');
  return null;
}

/** The labels of a point: its attributes, and what tells its origin apart. */
export function pointLabels(point: Bag, { labels, labelsOf }: Origin, intake: Intake<unknown>): Labels | null {
  const attributes = (point['attributes'] ?? noList) as object;
  const known = labelsOf.get(attributes);
  if (known !== undefined) return known;
  const pairs = attributePairs(point, intake);
  if (pairs === null) return null;
  const own = pairs.length;
  for (let i = 0; i < labels.length; i += 2) {
    if (!isNamed(pairs, own, labels[i]!)) pairs.push(labels[i]!, labels[i + 1]!);
  }
  const made = labelsFrom(pairs);
  if (typeof attributes === 'object') labelsOf.set(attributes, made);
  return made;
}

/** Whether one of the first names is that. */
function isNamed(pairs: readonly string[], end: number, name: string): boolean {
  for (let i = 0; i < end; i += 2) if (pairs[i] === name) return true;
  return false;
}

/**
 * The value in `{ "stringValue": … }` and its like; what is composed becomes short text.
 *
 * @example
 * plainValue({ intValue: '42' }) // => 42
 * plainValue({ arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } }) // => 'a,b'
 */
export function plainValue(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return composed(value, 0);
}

function composed(value: unknown, depth: number): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!isBag(value) || depth > deepest) return value instanceof Broken ? '?' : '';
  const { stringValue, intValue, doubleValue, boolValue, bytesValue, arrayValue: list, kvlistValue } = value;
  if (intValue !== undefined) return safeNumber(intValue);
  const plain = stringValue ?? doubleValue ?? boolValue ?? bytesValue;
  if (plain !== undefined) return composed(plain, depth + 1);
  const values = (isBag(list) ? list : isBag(kvlistValue) ? kvlistValue : value)['values'];
  if (!Array.isArray(values)) return '';
  const parts = values.slice(0, mostShown).map((item) => {
    const inner = isBag(item) && typeof item['key'] === 'string' ? `${item['key']}=` : '';
    return inner + composed(inner === '' ? item : (item as Bag)['value'], depth + 1);
  });
  return cutText(parts.join(','), longestShown);
}

const deepest = 4;
const mostShown = 20;
const longestShown = 1_024;

function safeNumber(value: unknown): string | number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : typeof value === 'string' ? value : '';
}
