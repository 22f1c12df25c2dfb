/**
 * Finds a served request in a line of any order: a method with its target, quoted or bare, a status of three digits
 * where servers write one, and by their shape the caller's address, the size and the duration. No server is known by
 * name here. A status counts where it stands under a name, behind the version of HTTP, next to the request, or, for a
 * request that is unmistakable, as the first such number before it.
 */
import type { ParsedLog } from '../parsed-log.ts';
import {
  barCode,
  colonCode,
  digits,
  dotCode,
  isLetter,
  isLower,
  isWordCode,
  minusCode,
  openBracketCode,
  quoteCode,
  skipBlanks,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { type Token, tokensOf } from './request-tokens.ts';

/**
 * Notes the request that `text`, the message of a log or the line around it, tells of; whether there was one with a
 * status.
 */
export function noteServed(log: ParsedLog, text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return noteCompleted(log);
  const fields = log.parsed_fields;
  // Of a request whose status is known only its end is looked for, which costs less than looking for another.
  if (fields[statusField] !== undefined) return noteCompleted(log) && !mayHoldRequest(text, slash);
  if (!mayHoldRequest(text, slash)) return noteCompleted(log);
  if (fields[methodField] !== undefined) return false;
  const found = methodPattern.exec(text.length > maxLength ? text.slice(0, maxLength) : text);
  if (found === null || isInsideWord(text, found.index - 1)) return noteCompleted(log);
  const request = requestAt(text, found.index, found[0]);
  const [before, after] = [tokensOf(text, 0, request.start), tokensOf(text, request.end, text.length)];
  const status = namedStatus(text) ?? statusBehind(after, request.sure) ?? firstStatus(before, request.sure);
  if (status === null && !request.sure) return false;
  fields[methodField] = request.method;
  if (request.target !== '') fields['url.original'] ??= request.target;
  if (request.version !== '') fields['http.version'] ??= request.version;
  const address = addressIn(before) ?? addressIn(after);
  if (address !== null) fields['source.ip'] ??= address;
  if (status === null) return false;
  fields[statusField] = status;
  // What stands before the request looks like the header of any line.
  if (fields['process.pid'] === status) delete fields['process.pid'];
  noteSizes(log, after, status);
  return true;
}

/**
 * Whether a target may begin at the first slash, at `slash`, or a later one: a path behind a blank or a quote, or an
 * address with its scheme.
 */
function mayHoldRequest(text: string, slash: number): boolean {
  for (let at = slash; at >= 0; at = text.indexOf('/', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before <= spaceCode || before === quoteCode || before === colonCode) return true;
  }
  return false;
}

function isInsideWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isWordCode(code) || code === dotCode || code === minusCode || code === underscoreCode;
}

/** A method, its target, and where they stand. */
interface Request {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly start: number;
  readonly end: number;
  /** Whether it is quoted or names the version of HTTP, which no sentence does. */
  readonly sure: boolean;
}

function requestAt(text: string, start: number, method: string): Request {
  const quoted = text.charCodeAt(start - 1) === quoteCode;
  let at = start + method.length;
  while (text.charCodeAt(at) <= spaceCode) at++;
  const inColumns = text.charCodeAt(at) === barCode;
  if (inColumns) at = skipBlanks(text, at + 1);
  // A scheme and a host may stand apart from the quoted path.
  const apart = /^https? \S+ "/.exec(text.slice(at, at + maxHost));
  if (apart !== null) at += apart[0].length - 1;
  const inQuotes = text.charCodeAt(at) === quoteCode;
  if (inQuotes) at++;
  const from = at;
  while (text.charCodeAt(at) > spaceCode && text.charCodeAt(at) !== quoteCode) at++;
  const target = text.slice(from, at);
  const version = /^ HTTP\/([\d.]{1,4})/.exec(text.slice(at, at + 12))?.[1] ?? '';
  if (version !== '') at += 6 + version.length;
  if (text.charCodeAt(at) === quoteCode) at++;
  const sure = quoted || inQuotes || inColumns || version !== '' || text.startsWith('HTTP/', start - 9);
  return { method, target, version, start, end: at, sure };
}

/** The status under a name for one, or behind the version of HTTP where that stands apart from the request. */
function namedStatus(text: string): number | null {
  const found = namePattern.exec(text.length > maxLength ? text.slice(0, maxLength) : text);
  return found === null ? null : Number(found[1]);
}

/** The status that stands next behind the request: words, addresses and durations may stand between. */
function statusBehind(tokens: readonly Token[], sure: boolean): number | null {
  for (let i = 0; i < Math.min(tokens.length, maxBetween); i++) {
    const token = tokens[i]!;
    const status = statusOf(tokens, i);
    if (status !== null) return status;
    const isBetween = token.kind === 'sign' || token.kind === 'address' || token.kind === 'duration';
    if (!isBetween && !(token.kind === 'group' || (token.kind === 'word' && (sure || linking.has(token.text)))))
      return null;
  }
  return null;
}

/** The first status among what stands before the request; before a bare one, only what a cache writes. */
function firstStatus(tokens: readonly Token[], sure: boolean): number | null {
  for (let i = 0; i < tokens.length; i++) {
    const status = sure || tokens[i]!.kind === 'other' ? statusOf(tokens, i) : null;
    if (status !== null) return status;
  }
  return null;
}

/** A token as a status: three digits alone, or behind a slash, that are no size, duration or count of something. */
function statusOf(tokens: readonly Token[], index: number): number | null {
  const { text, kind } = tokens[index]!;
  if (kind !== 'number' && !(kind === 'other' && outcomePattern.test(text))) return null;
  const at = kind === 'number' ? 0 : text.length - 3;
  if (text.length - at !== 3) return null;
  const value = digits(text, at, 3);
  if (value < 100 || value > 599) return null;
  const next = tokens[index + 1];
  return next !== undefined && units.has(next.text) ? null : value;
}

function addressIn(tokens: readonly Token[]): string | null {
  for (const { kind, text, address } of tokens) if (kind === 'address' || address !== '') return address || text;
  return null;
}

/** The number behind the status is the size of the answer; a number with a unit of time the duration. */
function noteSizes(log: ParsedLog, tokens: readonly Token[], status: number): void {
  const fields = log.parsed_fields;
  const at = tokens.findIndex(({ text }) => text === String(status));
  const size = at < 0 ? undefined : tokens[at + 1];
  const unit = tokens[at + 2]?.text ?? '';
  if (size?.kind === 'number' && Number.isSafeInteger(Number(size.text)) && (!units.has(unit) || unit === 'bytes'))
    fields['http.response.body.bytes'] ??= Number(size.text);
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text } = tokens[i]!;
    const unitOf =
      kind === 'duration' ? /[a-zµ]+$/.exec(text)?.[0] : kind === 'number' ? tokens[i + 1]?.text : undefined;
    const nanos = unitOf === undefined ? undefined : nanosOf.get(unitOf);
    if (nanos === undefined) continue;
    fields['event.duration'] ??= Math.round(Number.parseFloat(text) * nanos);
    return;
  }
}

/**
 * `Completed 500 Internal Server Error in 180ms`, `Sent 500 in 12ms`, `500 Internal Server Error: GET - /cart in 1ms`:
 * the end of a request whose beginning is another line. Behind the status stands its reason or how long it took.
 */
function noteCompleted(log: ParsedLog): boolean {
  const { message } = log;
  const start = behindTags(message);
  // Most messages begin with a small letter.
  if (isLower(message.charCodeAt(start))) return false;
  let at = start;
  while (at < start + longestVerb && isLetter(message.charCodeAt(at))) at++;
  if (at > start && message.charCodeAt(at++) !== spaceCode) return false;
  const status = digits(message, at, 3);
  if (status < 100 || status > 599 || message.charCodeAt(at + 3) !== spaceCode) return false;
  const isReasoned = reasonPattern.test(message.slice(at + 4, at + longestReason));
  if (!isReasoned) return false;
  log.parsed_fields[statusField] ??= status;
  return true;
}

/** Where a message begins behind tags in brackets, `[4eebb5e2] [10.0.0.7] `. */
function behindTags(message: string): number {
  let at = 0;
  for (let tags = 0; tags < mostTags && message.charCodeAt(at) === openBracketCode; tags++) {
    const close = message.slice(at, at + longestTag).indexOf('] ');
    if (close < 0) break;
    at += close + 2;
  }
  return at;
}

const methodField = 'http.request.method';
const statusField = 'http.response.status_code';
/** A method before a target: a path, an address with its scheme, or `*`. */
const methodPattern =
  /(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS|CONNECT|TRACE|PROPFIND|PURGE)(?=[ \t]+\|? *"?(?:\/|https?[: ]|\* HTTP))/;
const namePattern =
  /(?:\b(?:(?:http_?)?(?:status|code)|status_?code|responseCode)["']?[=:] ?"?|HTTP\/[\d.]{1,4} )([1-5]\d\d)(?!\w)/i;
/** Up to five words in capitals, and what the request took or was. */
const reasonPattern = /^(?:[A-Z][A-Za-z-]{1,20} ){0,5}(?:in \d|[A-Z][A-Za-z-]{1,20}: [A-Z]{3,8} )/;
const [longestVerb, longestReason, longestTag, mostTags] = [16, 96, 64, 4] as const;
/** What a cache made of the request, and the status: `TCP_MISS/502`. */
const outcomePattern = /^[A-Z_]+\/\d{3}$/;
/** Requests stand at the beginning; a longer text is looked at so far. */
const maxLength = 4096;
const maxHost = 256;
const maxBetween = 6;
/** Words between a bare request and its status. */
const linking = new Set([
  'for',
  'returned',
  'responded',
  'status',
  'code',
  'to',
  'from',
  'with',
  'completed',
  'in',
  'got',
]);
const nanosOf: ReadonlyMap<string, number> = new Map([
  ...['ns', 'nanos'].map((unit) => [unit, 1] as const),
  ...['us', 'µs', 'usec'].map((unit) => [unit, 1e3] as const),
  ...['ms', 'msec', 'msecs', 'millis'].map((unit) => [unit, 1e6] as const),
  ...['s', 'sec', 'secs', 'seconds'].map((unit) => [unit, 1e9] as const),
]);
/** What a number before it is not a status of. */
const units: ReadonlySet<string> = new Set([
  ...nanosOf.keys(),
  ...['bytes', 'b', 'B', 'kB', 'KB', 'KiB', 'MB', 'times', 'items', 'rows', 'requests', 'retries', 'minutes', '%'],
]);
