/**
 * Turns a structured record (a JSON object, the pairs of a logfmt line) into a log: flattens it to dotted keys, gives
 * each key the role or the ECS name its rules say, and keeps everything else under its own name. A value that can't
 * play its key's role (a level that is no level, a service that is a duration) leaves it to the next key.
 *
 * State: none between records; the fields are working space, reused to save allocations.
 */
import type { Dialect, Role } from '../formats/format.ts';
import { type Level, levelOfField, plainLevelOf } from '../levels.ts';
import { newLog, type ParsedLog, type Value } from '../parsed-log.ts';
import { isDigit, openBraceCode } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { Candidates } from './candidates.ts';
import { hints, holders } from './keys.ts';
import { isMethod, noteRequest, statusOf } from './record-requests.ts';
import { RecordTimes } from './record-times.ts';
import type { Rule, Rules } from './roles.ts';
import { levelOfNumber } from './scales.ts';
import { noteTrace } from './stack-trace.ts';

/** The name of a kind of records, what its keys mean, and bits of `hints` that all of it has. */
interface Reading {
  readonly name: string;
  readonly rules: Rules;
  readonly hints?: number;
}

/** Reads records; the time of the one read last is left in the scanner. */
export class RecordReader {
  /** Whether the last record had a time; if so, the scanner holds it. */
  timed = false;

  readonly #times: RecordTimes;
  #rules: Rules = noRules;
  #fields: Record<string, Value> = {};
  #hints = 0;
  #name: Value | undefined;
  readonly #candidates = new Candidates();
  #level: Level | null = null;

  constructor(scanner: TimestampScanner) {
    this.#times = new RecordTimes(scanner);
  }

  /** Reads `record`; `whole` stands in for a message that it lacks. */
  read(record: object, kind: Reading, whole: string): ParsedLog {
    this.#rules = kind.rules;
    this.#fields = {};
    this.#hints = kind.hints ?? 0;
    this.#name = undefined;
    this.#level = null;
    this.#candidates.clear();
    this.#flatten(record, '', 0);
    this.timed = this.#cast('time') !== undefined || this.#times.readPair(this.#candidates);
    if (this.timed && this.#says(hints.nanos))
      this.#times.addNanos(this.#fields['instant.nanoOfSecond'] ?? this.#fields['timestamp.nanos']);
    if (this.timed && this.#says(hints.zone)) this.#times.addZone(this.#fields['event.timezone']);
    const level = this.#cast('level') ?? this.#refusedLevel();
    const message = this.#cast('message');
    const service = this.#cast('service');
    const log = newLog(kind.name, '');
    log.level = this.#level;
    log.trace_id = idOf(this.#cast('trace'));
    log.span_id = idOf(this.#cast('span'));
    if (service !== undefined) log.service = String(service);
    log.parsed_fields = this.#fields;
    if (level !== undefined) this.#fields['log.level'] = level;
    if (this.#name !== undefined) this.#noteName(log, this.#name);
    const request = this.#noteRest();
    log.message = String(
      message ?? (this.#says(hints.error) ? this.#fields['error.message'] : undefined) ?? (request || whole),
    );
    if (this.#says(hints.stack)) {
      const trace = this.#fields['error.stack_trace'];
      if (typeof trace === 'string' && this.#fields['error.type'] === undefined) noteTrace(log, trace);
    }
    return log;
  }

  #says(hint: number): boolean {
    return (this.#hints & hint) !== 0;
  }

  /** Names what plays no role after all; the request that the record is about, or ''. */
  #noteRest(): string {
    if (this.#says(hints.request)) return noteRequest(this.#fields, this.#candidates);
    const { count, rules, values } = this.#candidates;
    for (let i = 0; i < count; i++) {
      const rule = rules[i];
      if (rule !== undefined) this.#fields[rule.name] = values[i]!;
    }
    return '';
  }

  #flatten(record: object, prefix: string, depth: number): void {
    for (const key in record) {
      const value = (record as Record<string, unknown>)[key];
      if (value === null || value === undefined) continue;
      const name = prefix === '' ? key : `${prefix}.${key}`;
      if (typeof value === 'number') this.#take(name, Number.isFinite(value) ? value : String(value));
      else if (typeof value !== 'object') this.#take(name, value as Value);
      else if (Array.isArray(value)) this.#flattenList(value, name, depth);
      else if (depth >= maxDepth) this.#take(name, JSON.stringify(value));
      else this.#flatten(value, name, depth + 1);
    }
  }

  /** The frames of a trace become its lines, the first of several errors the error, all else JSON text. */
  #flattenList(list: readonly unknown[], name: string, depth: number): void {
    const rule = this.#rules(name);
    const [first] = list;
    if (rule.name === stackField && typeof first === 'object' && first !== null && depth < maxDepth)
      this.#flatten(first, name, depth + 1);
    else if (rule.name === stackField && list.every(isText)) this.#take(name, list.join('\n'));
    else if (rule.role === 'time' && isDateList(list)) this.#take(name, textOfList(list));
    else if (rule.role === 'message' && isText(first))
      this.#take(name, list.map((part) => (isText(part) ? part : JSON.stringify(part))).join(' '));
    else this.#take(name, JSON.stringify(list));
  }

  #take(key: string, value: Value): void {
    const rule = this.#rules(key);
    this.#hints |= rule.hint;
    if ((rule.role !== null || rule.requestName !== '') && this.#candidates.hasRoom) this.#candidates.add(rule, value);
    else if (rule.name !== key) note(this.#fields, rule.name, key, value);
    else if (key === 'name') this.#name = value;
    else if (holders.has(rule.plain)) this.#takeHeld(key, value);
    else this.#fields[key] = value;
  }

  /** Takes what an object holds that was written as a text. */
  #takeHeld(key: string, value: Value): void {
    const held = typeof value === 'string' && value.charCodeAt(0) === openBraceCode ? objectOf(value) : null;
    if (held === null) this.#fields[key] = value;
    else this.#flatten(held, key, 1);
  }

  /** The value of the best key that can play a role; it is taken off the list unless it is a field as well. */
  #cast(role: Role): Value | undefined {
    const { rules, values } = this.#candidates;
    let floor = Number.NEGATIVE_INFINITY;
    for (;;) {
      const best = this.#candidates.best(role, floor);
      if (best < 0) return undefined;
      const rule = rules[best]!;
      const value = values[best]!;
      if (this.#canPlay(role, rule, value)) {
        if (!rule.kept) rules[best] = undefined;
        return value;
      }
      floor = rule.rank;
    }
  }

  #canPlay(role: Role, rule: Rule, value: Value): boolean {
    switch (role) {
      case 'time':
        return this.#times.read(value);
      case 'level':
        this.#level = this.#levelOf(rule, value);
        return this.#level !== null;
      case 'message':
        return typeof value === 'string' || rule.rank < 2;
      case 'service':
        return typeof value === 'string' && isName(value);
      case 'trace':
        return idOf(value) !== '' && (!rule.plain.endsWith('trace') || isTraceId(value));
      case 'span':
        return idOf(value) !== '';
    }
  }

  #levelOf(rule: Rule, value: Value): Level | null {
    if (typeof value === 'boolean') return null;
    if (rule.loose) return typeof value === 'string' ? plainLevelOf(value) : null;
    if (typeof value === 'number') return levelOfNumber(value, rule.plain, this.#hints);
    const text = value.trim();
    return isDigit(text.charCodeAt(0)) ? levelOfNumber(Number(text), rule.plain, this.#hints) : levelOfField(text);
  }

  /** What stands under the best key for levels, though it is none. */
  #refusedLevel(): Value | undefined {
    const candidates = this.#candidates;
    const best = candidates.best('level', Number.NEGATIVE_INFINITY, false);
    if (best < 0) return undefined;
    candidates.rules[best] = undefined;
    return candidates.values[best]!;
  }

  /** `name` is the logger to Python, the service to Bunyan and Pino. */
  #noteName(log: ParsedLog, name: Value): void {
    const running = hints.hostname | hints.pid;
    if ((this.#hints & hints.python) !== 0) note(this.#fields, 'log.logger', 'name', name);
    else if ((this.#hints & running) === running && log.service === '') log.service = String(name);
    else this.#fields['name'] = name;
  }
}

/** Keeps a value under the name of its key if it is such a thing and the name is free, else under the key. */
// hot: called for every key that goes by another name.
function note(fields: Record<string, Value>, name: string, key: string, value: Value): void {
  if (fields[name] !== undefined || !isSuch(name, value)) fields[key] = value;
  else fields[name] = name === statusField ? statusOf(value)! : value;
}

function isSuch(name: string, value: Value): boolean {
  if (name === statusField) return statusOf(value) !== null;
  if (name === 'http.request.method') return isMethod(value);
  return typeof value === 'string' || !name.startsWith('error.');
}

/** Tells whether a record has all keys by which a dialect is known, dotted in one or nested. */
export function dialectTest(dialect: Dialect): (record: object) => boolean {
  const paths = dialect.knownBy.map((key) => [key, key.split('.')] as const);
  // hot: called for every record; reading a key that is not there costs less than asking whether it is.
  return (record) => {
    for (let i = 0; i < paths.length; i++) {
      const [key, path] = paths[i]!;
      if ((record as Tree)[key] === undefined && (path.length === 1 || !hasPath(record, path))) return false;
    }
    return true;
  };
}

function hasPath(record: object, path: readonly string[]): boolean {
  let inner: unknown = record;
  for (let i = 0; i < path.length; i++) {
    if (typeof inner !== 'object' || inner === null) return false;
    inner = (inner as Tree)[path[i]!];
  }
  return inner !== undefined;
}

type Tree = Readonly<Record<string, unknown>>;

/** An id; of a path such as `projects/shop/traces/4bf9…` its end, of a `traceparent` its second part. */
function idOf(value: Value | undefined): string | null {
  if (value === undefined) return null;
  const text = String(value);
  const [, id] = text.length === 55 ? text.split('-') : [];
  return id?.length === 32 ? id : text.slice(text.lastIndexOf('/') + 1);
}

const isTraceId = (value: Value): boolean =>
  typeof value === 'string' && (value.includes('/traces/') || /^[\da-f-]{16,64}$/i.test(value));

/** Whether a value can name a service: no number, no duration, no list. */
function isName(text: string): boolean {
  const first = text.charCodeAt(0);
  if (text.length === 0 || text.length > maxName || text[0] === '[' || text[0] === '{') return false;
  return !isDigit(first) || !/^[\d.,:+-]+(?:[a-zµ%]{1,2}|min)?$/.test(text);
}

/** The object that a text spells, or null. */
function objectOf(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}

/** `[2026, 1, 29, 8, 51, 24, 967000000]`: from the year to the second and perhaps nanoseconds, as Java writes it. */
const isDateList = (list: readonly unknown[]): list is readonly number[] =>
  list.length >= 5 && list.length <= 7 && list.every((part) => Number.isInteger(part));

function textOfList([year, month, day, hour, minute, second = 0, nanos = 0]: readonly number[]): string {
  const two = (part: number | undefined) => String(part).padStart(2, '0');
  const fraction = String(nanos).padStart(9, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction}`;
}

const isText = (value: unknown): value is string => typeof value === 'string';

const noRules: Rules = (key) => ({
  ...{ role: null, rank: 0, name: key, requestName: '', kept: false, loose: false, plain: '', hint: 0 },
});

const statusField = 'http.response.status_code';
const stackField = 'error.stack_trace';
/** Deeper objects are kept as JSON text, so that a hostile record cannot exhaust the stack. */
const maxDepth = 8;
const maxName = 256;
