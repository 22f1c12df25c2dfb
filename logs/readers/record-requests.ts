/**
 * What a structured record says of a served request. `status`, `path`, `size` and their like mean something else in
 * most records: they get the names of a request's fields where a method, a request line or an unmistakable status
 * stands beside them.
 */
import type { Value } from '../parsed-log.ts';
import { isUpper, spaceCode } from '../text.ts';
import type { Candidates } from './candidates.ts';

/**
 * Names the undecided keys; what the request was in one line, such as `GET /cart 502`, or '' for a record about
 * something else.
 */
export function noteRequest(fields: Record<string, Value>, { count, rules, values }: Candidates): string {
  readLine(fields);
  const method = fields[methodField];
  const known = method !== undefined && isMethod(method);
  const isRequest = fields[statusField] !== undefined || known || holdsRequest(values, rules, count);
  for (let i = 0; i < count; i++) {
    const rule = rules[i];
    if (rule === undefined) continue;
    const { requestName } = rule;
    const value = values[i]!;
    const status = requestName === statusField && isRequest ? statusOf(value) : null;
    if (status !== null && fields[statusField] === undefined) fields[statusField] = status;
    else if (isRequest && requestName !== '' && requestName !== statusField && fields[requestName] === undefined)
      fields[requestName] = value;
    else fields[rule.name] = value;
  }
  const target = fields[targetField];
  const status = fields[statusField];
  if (!known || (target === undefined && status === undefined)) return '';
  return `${method}${target === undefined ? '' : ` ${target}`}${status === undefined ? '' : ` ${status}`}`;
}

/** Whether the path of an address and a status of HTTP are among the keys; what is called a path may be a file's. */
function holdsRequest(values: readonly Value[], rules: Candidates['rules'], count: number): boolean {
  let [hasPath, hasStatus] = [false, false];
  for (let i = 0; i < count; i++) {
    const rule = rules[i];
    const name = rule?.requestName;
    const value = values[i]!;
    hasPath ||= name === targetField && rule?.plain !== 'path' && typeof value === 'string' && value.startsWith('/');
    hasStatus ||= name === statusField && statusOf(value) !== null;
  }
  return hasPath && hasStatus;
}

/** A status of HTTP that a number is or a text spells, or null. */
export function statusOf(value: Value): number | null {
  const number = typeof value === 'string' && value.length === 3 ? Number(value) : value;
  return typeof number === 'number' && number >= 100 && number < 600 && Number.isInteger(number) ? number : null;
}

/** Whether a word is a method of HTTP. */
export const isMethod = (word: Value): boolean => typeof word === 'string' && methods.has(word.toUpperCase());

/** Takes a request line, `POST /pay HTTP/2.0`, apart. */
function readLine(fields: Record<string, Value>): void {
  const line = fields[lineField];
  if (typeof line !== 'string') return;
  let gap = 0;
  while (isUpper(line.charCodeAt(gap))) gap++;
  if (line.charCodeAt(gap) !== spaceCode || !methods.has(line.slice(0, gap))) return;
  const last = line.lastIndexOf(' ');
  const versioned = last > gap && line.startsWith('HTTP/', last + 1);
  fields[methodField] ??= line.slice(0, gap);
  fields[targetField] ??= line.slice(gap + 1, versioned ? last : line.length);
  if (versioned) fields['http.version'] ??= line.slice(last + 6);
}

const lineField = 'http.request.line';
const methodField = 'http.request.method';
const targetField = 'url.original';
const statusField = 'http.response.status_code';
/** RFC 9110 §9, RFC 5789, and those of WebDAV (RFC 4918) and caches. */
const methods = new Set(
  'GET POST PUT DELETE HEAD OPTIONS PATCH TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT PURGE'.split(
    ' ',
  ),
);
