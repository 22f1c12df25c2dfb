/**
 * What readers of inputs give: records, and for everything that is none a refusal with a code, a reason and a count.
 * One bad element costs itself alone. A reader never throws; what it is handed is hostile.
 *
 * Every element of a body is counted once: as a record, as refused, or as passed over because it is sound and tells
 * nothing here, as the deployment that has only begun.
 */
import { Broken } from '../../codecs/protobuf.ts';
import { cutText } from '../../codecs/utf8.ts';
import { MillraceError } from '../../errors.ts';
import { type Duration, days, type Time } from '../../time/duration.ts';

/** Codes of what is refused; docs/errors.md has a chapter for each. */
export type RefusalCode =
  | 'INPUT_UNREADABLE'
  | 'INPUT_UNKNOWN'
  | 'INPUT_TOO_LARGE'
  | 'INPUT_FIELD_WRONG'
  | 'INPUT_TIME_WRONG';

/** Elements refused for one reason; a dead letter. */
export interface Refusal {
  readonly code: RefusalCode;
  /** In words, of the first of them. */
  readonly reason: string;
  count: number;
}

/** Before it no element can have happened; in milliseconds. */
export const firstTime: Time = Date.UTC(2000, 0, 1);
/** How far a clock may be ahead of ours. */
const mostAhead = days(1);
/** How far ahead what is planned may lie. */
export const plannedAhead = days(366);

/** Gathers what a batch of one input holds. */
export class Intake<T> {
  readonly records: T[] = [];
  /** Elements that are sound and tell nothing here. */
  passed = 0;
  /** Elements of which attributes were left out or cut, because there was too much of them. */
  cut = 0;
  /** When the batch arrived: the time of what has none. */
  readonly now: Time;
  readonly #input: string;
  readonly #latest: Time;
  readonly #refusals = new Map<string, Refusal>();

  /** `input` names what is read, as `OTLP metrics`; its elements are at most `ahead` later than `now`. */
  constructor(input: string, now: Time, ahead: Duration = mostAhead) {
    this.#input = input;
    this.#latest = now + ahead;
    this.now = now;
  }

  /** What was refused, one entry a reason. */
  get refused(): readonly Refusal[] {
    return [...this.#refusals.values()];
  }

  /** How many elements came so far: records, passed and refused. */
  get elements(): number {
    let refused = 0;
    for (const { count } of this.#refusals.values()) refused += count;
    return this.records.length + this.passed + refused;
  }

  /** Refuses an element for what one of its fields holds. Of elements with the same fault only the first is shown. */
  wrong(field: string, got: unknown, expected: string): void {
    if (got instanceof Broken) this.#refuse('INPUT_UNREADABLE', field, () => `${field}: ${got.reason}`);
    else this.#refuse('INPUT_FIELD_WRONG', field, () => `${field} is ${shown(got)}, not ${expected}`);
  }

  /** Refuses an element, or a body of which elements can't be told. `what` is of few texts, none of them sent. */
  refuse(code: RefusalCode, what: string, reason = what): void {
    this.#refuse(code, what, () => reason);
  }

  /** Whether a time can be that of an element; if not, the element is refused. */
  timely(time: Time, field: string, got: unknown): boolean {
    if (time >= firstTime && time <= this.#latest && time < Number.POSITIVE_INFINITY) return true;
    this.#refuse('INPUT_TIME_WRONG', field, () =>
      !Number.isFinite(time) || time === 0
        ? `${field} is ${shown(got)}, not a time`
        : `${field} is ${shown(got)}, ${time < firstTime ? 'before 2000' : 'too far ahead'}`,
    );
    return false;
  }

  #refuse(code: RefusalCode, what: string, reason: () => string): void {
    const key = `${code} ${what}`;
    const known = this.#refusals.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const { message } = new MillraceError(code, { input: this.#input, reason: reason() });
    this.#refusals.set(key, { code, reason: message, count: 1 });
  }
}

/**
 * A value of a body in few words.
 *
 * @example
 * shown('x') // => '"x"'
 * shown([1]) // => 'a list'
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(cutText(value, 80));
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
