/**
 * The day of the last date: the next lines mostly have the same, written in the same way, and comparing costs less than
 * reading.
 *
 * State: that day, and the date that was noted last.
 */
import { dayStart } from '../../time/civil.ts';

/** Remembers a day. */
export class LastDay {
  #key = -1;
  #ms = 0;
  #written = '';
  #writtenMs = Number.NaN;

  /** When a day begins, in milliseconds; NaN for a day that does not exist. */
  start(year: number, month: number, day: number): number {
    const key = (year << 9) | (month << 5) | day;
    if (key === this.#key) return this.#ms;
    const ms = dayStart(year, month, day);
    if (Number.isNaN(ms)) return ms;
    this.#key = key;
    return (this.#ms = ms);
  }

  /** Notes how the date of the day was written that was asked for last. */
  note(written: string): void {
    this.#written = written;
    this.#writtenMs = this.#ms;
  }

  /** When the day begins whose date stands at `at`, if it is written as the one that was noted last; else NaN. */
  writtenAt(text: string, at: number): number {
    return text.startsWith(this.#written, at) ? this.#writtenMs : Number.NaN;
  }
}
