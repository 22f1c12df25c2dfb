import type { Duration, Time } from './duration.ts';

/**
 * The only door to wall-clock time. Everything that waits or asks for the time is handed a clock, so that
 * tests and simulated runs decide when time passes.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): Time;
  /** Resolves when `ms` have passed, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: Duration, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};

/**
 * Lets sockets, signals and timers have their turn. A loop whose awaits are all answered at once would keep the event
 * loop to itself.
 */
export const takeTurns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until it is told to move; sleepers wake in order of their time. */
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

  /** Moves to `now + ms` and wakes everybody who slept until then. */
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

  /** The earliest time anybody sleeps until, or undefined. */
  get nextWake(): Time | undefined {
    return this.#sleepers.length === 0 ? undefined : Math.min(...this.#sleepers.map((s) => s.at));
  }
}
