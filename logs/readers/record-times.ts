/**
 * The time of a structured record: text of any shape, a number of any unit, a date and a clock under two keys, seconds
 * and nanoseconds under two keys, a zone under a key of its own.
 */
import type { Value } from '../parsed-log.ts';
import { instantOfEpoch } from '../times/calendar.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import type { Candidates } from './candidates.ts';

/** Reads times of records into the scanner. State: the text of the last one, for a zone that stands elsewhere. */
export class RecordTimes {
  readonly #scanner: TimestampScanner;
  #text = '';

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
  }

  /** Whether a value is a time with a date; if so, the scanner holds it. */
  read(value: Value): boolean {
    const scanner = this.#scanner;
    if (typeof value === 'string') {
      if (scanner.scan(value, 0) && scanner.dated && isAtEnd(value, scanner.end)) {
        this.#text = value;
        return true;
      }
      // .NET writes `/Date(1769676684967)/`, others a number in a notation of its own: `1.7696e+09`.
      const number = value.startsWith('/Date(') ? value.slice(6, 19) : value;
      return value.length < 32 && this.#readNumber(Number(number));
    }
    return typeof value === 'number' && this.#readNumber(value);
  }

  #readNumber(value: number): boolean {
    const instant = instantOfEpoch(value);
    if (instant === null) return false;
    const scanner = this.#scanner;
    scanner.ms = instant.ms;
    scanner.nanos = instant.nanos;
    scanner.zoned = scanner.dated = true;
    scanner.guessed = false;
    return true;
  }

  /** Reads a date and a clock that two keys for times hold, or a clock alone. */
  readPair({ count, rules, values }: Candidates): boolean {
    let [date, clock] = ['', ''];
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (rules[i]?.role !== 'time' || typeof value !== 'string' || value.length > maxClock) continue;
      if (this.#scanner.scan(value, 0)) clock ||= value;
      else date ||= value;
    }
    if (clock === '') return false;
    this.#text = `${date} ${clock}`;
    if (date !== '' && this.#scanner.scan(this.#text, 0)) return true;
    this.#text = clock;
    return this.#scanner.scan(clock, 0);
  }

  /** Reads the last time again in the zone that stands under a key of its own, unless it has one: `+0100`, `CET`. */
  addZone(zone: Value | undefined): void {
    const scanner = this.#scanner;
    if (scanner.zoned || typeof zone !== 'string' || zone.length > maxZone) return;
    if (!scanner.scan(`${this.#text.trimEnd()} ${zone}`, 0) || !scanner.zoned) scanner.scan(this.#text, 0);
  }

  /** Adds the nanoseconds that stand under a key of their own. */
  addNanos(nanos: Value | undefined): void {
    if (typeof nanos !== 'number' || !Number.isInteger(nanos) || nanos < 0 || nanos >= 1e9) return;
    const scanner = this.#scanner;
    scanner.ms = Math.floor(scanner.ms / 1000) * 1000 + Math.floor(nanos / 1e6);
    scanner.nanos = nanos % 1e6;
  }
}

/** JavaScript names the zone once more, in parentheses. */
function isAtEnd(text: string, end: number): boolean {
  return end === text.length || text.startsWith(' (', end) || text.slice(end).trim() === '';
}

const maxClock = 32;
const maxZone = 40;
