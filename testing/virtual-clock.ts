import type { Clock } from '../time/clock.ts';
import type { Duration, Time } from '../time/duration.ts';

/**
 * The clock of tests that run to their end by themselves: it stands still until it is moved, and whoever sleeps moves
 * it, so that nobody ever waits.
 */
export class VirtualClock implements Clock {
  #now: Time;

  /** Starts in 2100 unless told: after every record, so that none is ahead of the clock. */
  constructor(now: Time = Date.UTC(2100, 0, 1)) {
    this.#now = now;
  }

  now(): Time {
    return this.#now;
  }

  async sleep(ms: Duration, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted !== true) this.advance(ms);
  }

  advance(ms: Duration): void {
    this.#now += Math.max(0, ms);
  }

  /** Moves forward to `time`; a time in the past leaves the clock where it is. */
  advanceTo(time: Time): void {
    this.#now = Math.max(this.#now, time);
  }
}
