/**
 * Which of two numbers is the day, by source and sign: once its dates could be read in one way only, all are read so,
 * until as many could be read only in the other.
 * Until then slashes are American, unless that would be in the future, and all else is European, which is told as a
 * guess.
 *
 * State: what the sources have shown.
 */
import { SourceMemory } from '../source-memory.ts';

/**
 * Remembers for sources whether the day comes first.
 *
 * @example
 * const order = new DateOrder();
 * order.remember('web', true);
 * order.of('web') // => true
 * order.of('db') // => undefined
 */
export class DateOrder {
  /** Dates that had the day first, less those that had the month first. */
  readonly memory = new SourceMemory<number>();

  /** Whether the day comes first in a source; undefined when it has not shown that. */
  of(source: string): boolean | undefined {
    const votes = this.memory.get(source) ?? 0;
    return votes === 0 ? undefined : votes > 0;
  }

  remember(source: string, dayFirst: boolean): void {
    const votes = (this.memory.get(source) ?? 0) + (dayFirst ? 1 : -1);
    if (Math.abs(votes) > mostVotes) return;
    this.memory.set(source, votes);
    this.memory.hasLearnt = true;
  }
}

const mostVotes = 100;

/** Under what the order of dates with slashes is known of a source: it may be another than that of its other dates. */
export const slashedDates = (source: string): string => `${source}/`;
