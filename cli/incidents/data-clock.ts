/**
 * A clock that stands where the data are: recorded and simulated runs happen in event time, however fast they are read.
 * Waiting is real, because what one waits for (a slow disk, a sink) is.
 */
import { type Clock, systemClock } from '../../time/clock.ts';
import type { Duration, Time } from '../../time/duration.ts';

export class DataClock implements Clock {
  #now: Time;

  constructor(start: Time) {
    this.#now = start;
  }

  now(): Time {
    return this.#now;
  }

  /** Moves forward to `time`; a time in the past, or NaN, leaves the clock where it is. */
  advanceTo(time: Time): void {
    if (time > this.#now) this.#now = time;
  }

  sleep(ms: Duration, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}
