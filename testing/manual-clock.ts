/**
 * A clock that stands still until a test moves it. Unlike `VirtualClock`, which a sleeper moves itself, it lets several
 * sleepers wait side by side; they wake in order of their time.
 */

import type { Clock } from '../time/clock.ts';
import type { Duration, Time } from '../time/duration.ts';

/** A clock that a test moves by `advance` and `advanceTo`. */
export class ManualClock implements Clock {
  #now: Time;
  #sleepers: { readonly at: Time; readonly wake: () => void }[] = [];

  constructor(now: Time = 0) {
    this.#now = now;
  }

  now(): Time {
    return this.#now;
  }

  sleep(ms: Duration, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers = this.#sleepers.filter((s) => s !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** Moves forward by `ms` and wakes the sleepers that are due. */
  advance(ms: Duration): void {
    this.advanceTo(this.#now + ms);
  }

  /** Moves forward to `time`; a time in the past leaves the clock where it is. */
  advanceTo(time: Time): void {
    this.#now = Math.max(this.#now, time);
    const due = this.#sleepers.filter((s) => s.at <= this.#now).sort((a, b) => a.at - b.at);
    this.#sleepers = this.#sleepers.filter((s) => s.at > this.#now);
    for (const sleeper of due) sleeper.wake();
  }

  /** The earliest time that a sleeper waits for; undefined if none sleeps. */
  get nextWake(): Time | undefined {
    return this.#sleepers.length === 0 ? undefined : Math.min(...this.#sleepers.map((s) => s.at));
  }
}
