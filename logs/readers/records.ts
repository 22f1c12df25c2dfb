/**
 * Turns a structured record (a JSON object, the pairs of a logfmt line) into a log: flattens it to dotted keys, gives
 * each key the role or the ECS name its rules say, and keeps everything else under its own name.
 *
 * State: none between records; the fields are working space, reused to save allocations.
 */
import type { Dialect, Role } from '../formats/format.ts';
import { type Level, levelOf } from '../levels.ts';
import { newLog, type ParsedLog, type Value } from '../parsed-log.ts';
import { finite } from '../text.ts';
import { instantOfEpoch } from '../times/calendar.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import type { Rule, Rules } from './roles.ts';

/** Reads records; the time of the one read last is left in the scanner. */
export class RecordReader {
  /** Whether the last record had a time; if so, the scanner holds it. */
  timed = false;

  readonly #scanner: TimestampScanner;
  #rules: Rules = noRules;
  #fields: Record<string, Value> = {};
  readonly #values: (Value | undefined)[] = [];
  readonly #rulings: (Rule | undefined)[] = [];

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
  }

  /** Reads `record`; `whole` stands in for a message that it lacks. */
  read(record: object, kind: { readonly name: string; readonly rules: Rules }, whole: string): ParsedLog {
    this.#rules = kind.rules;
    this.#fields = {};
    for (let i = 0; i < roles.length; i++) this.#values[i] = this.#rulings[i] = undefined;
    this.#flatten(record, '', 0);
    this.timed = this.#readTime();
    const level = this.#readLevel();
    const message = this.#values[messageIndex];
    const service = this.#values[serviceIndex];
    const log = newLog(kind.name, message === undefined ? whole : String(message));
    log.level = level;
    if (service !== undefined) log.service = String(service);
    log.trace_id = textOf(this.#values[traceIndex]);
    log.span_id = textOf(this.#values[spanIndex]);
    log.parsed_fields = this.#fields;
    return log;
  }

  #flatten(record: object, prefix: string, depth: number): void {
    for (const key in record) {
      const value = (record as Record<string, unknown>)[key];
      if (value === null || value === undefined) continue;
      const name = prefix === '' ? key : `${prefix}.${key}`;
      if (typeof value === 'number') this.#take(name, finite(value, String(value)));
      else if (typeof value !== 'object') this.#take(name, value as Value);
      else if (Array.isArray(value) || depth >= maxDepth) this.#take(name, JSON.stringify(value));
      else this.#flatten(value, name, depth + 1);
    }
  }

  #take(key: string, value: Value): void {
    const rule = this.#rules(key);
    if (rule.role === null) {
      this.#fields[rule.name] = value;
      return;
    }
    const index = indexOf[rule.role];
    const rival = this.#rulings[index];
    if (rival !== undefined && rival.rank <= rule.rank) {
      this.#fields[rule.name] = value;
      return;
    }
    if (rival !== undefined) this.#fields[rival.name] = this.#values[index]!;
    this.#values[index] = value;
    this.#rulings[index] = rule;
  }

  /** Leaves the time in the scanner; a time that can't be read stays a field. */
  #readTime(): boolean {
    const value = this.#values[timeIndex];
    if (value === undefined) return false;
    const scanner = this.#scanner;
    if (typeof value === 'string') {
      if (scanner.scan(value, 0) && scanner.end === value.length) return true;
    } else {
      const instant = typeof value === 'number' ? instantOfEpoch(value) : null;
      if (instant !== null) {
        const nanos = this.#fields['instant.nanoOfSecond'];
        const fine = typeof nanos === 'number' && Number.isInteger(nanos) && nanos >= 0 && nanos < 1e9 ? nanos : 0;
        scanner.ms = instant.ms + Math.floor(fine / 1e6);
        scanner.nanos = fine > 0 ? fine % 1e6 : instant.nanos;
        scanner.zoned = scanner.dated = true;
        return true;
      }
    }
    this.#fields[this.#rulings[timeIndex]!.name] = value;
    return false;
  }

  #readLevel(): Level | null {
    const value = this.#values[levelIndex];
    if (value === undefined) return null;
    this.#fields['log.level'] = value;
    if (typeof value === 'number') return this.#rulings[levelIndex]!.levelOfNumber(value);
    return levelOf(String(value).trim());
  }
}

/** Tells whether a record has all keys by which a dialect is known, dotted in one or nested. */
export function dialectTest(dialect: Dialect): (record: object) => boolean {
  const keys = dialect.knownBy.map((key) => ({ key, path: key.split('.') }));
  return (record) => {
    for (let i = 0; i < keys.length; i++) {
      const { key, path } = keys[i]!;
      if (!(key in record) && (path.length === 1 || !hasPath(record, path))) return false;
    }
    return true;
  };
}

function hasPath(record: object, path: readonly string[]): boolean {
  let inner: unknown = record;
  for (let i = 0; i < path.length; i++) {
    if (typeof inner !== 'object' || inner === null || !(path[i]! in inner)) return false;
    inner = (inner as Record<string, unknown>)[path[i]!];
  }
  return true;
}

function textOf(value: Value | undefined): string | null {
  return value === undefined || value === '' ? null : String(value);
}

const noRules: Rules = (key) => ({ role: null, rank: 0, name: key, levelOfNumber: () => null });

const roles: readonly Role[] = ['time', 'level', 'message', 'service', 'trace', 'span'];
const [timeIndex, levelIndex, messageIndex, serviceIndex, traceIndex, spanIndex] = [0, 1, 2, 3, 4, 5] as const;
const indexOf: Readonly<Record<Role, number>> = {
  time: timeIndex,
  level: levelIndex,
  message: messageIndex,
  service: serviceIndex,
  trace: traceIndex,
  span: spanIndex,
};

/** Deeper objects are kept as JSON text, so that a hostile record cannot exhaust the stack. */
const maxDepth = 8;
