/**
 * The clock of tests that run to their end by themselves: it stands still until it is moved, and a call of `sleep`
 * moves it, so that no test waits.
 */

import type { Clock } from '../time/clock.ts';
import type { Duration, Time } from '../time/duration.ts';

/** A clock that sleepers move. */
export class VirtualClock implements Clock {
  #now: Time;

  /** Starts by default in 2100: after every record, so that none is ahead of the clock. */
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
