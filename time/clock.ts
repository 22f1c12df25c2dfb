/**
 * The only access to the machine's time. Everything that waits or asks for the time receives a `Clock`, so that tests
 * and simulated runs decide when time passes.
 */

import type { Duration, Time } from './duration.ts';

/** Tells the time and waits. */
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
 * Lets sockets, signals and timers run. A loop whose awaits all resolve at once would otherwise never return to the
 * event loop.
 */
export const takeTurns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How long to wait for some work, and what to do when it takes longer. */
export interface Bound<T> {
  readonly clock: Clock;
  readonly ms: Duration;
  /** Gives the result instead, or throws. */
  readonly late: () => T;
}

/** The result of `work`, or that of `late` when `work` takes longer than `ms`. Late work is not stopped. */
export async function within<T>(work: Promise<T>, { clock, ms, late }: Bound<T>): Promise<T> {
  const done = new AbortController();
  const alarm = clock.sleep(ms, done.signal).then(() => (done.signal.aborted ? work : late()));
  try {
    return await Promise.race([work, alarm]);
  } finally {
    done.abort();
  }
}

/** Waits for `work` until `signal` is aborted; false where that was first. What becomes of the work is its own matter. */
export async function unlessAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<boolean> {
  const done = new AbortController();
  const stopped = new Promise<boolean>((resolve) => {
    const stop = () => resolve(false);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { signal: done.signal });
  });
  const worked = work.then(() => true);
  worked.catch(() => undefined);
  try {
    return await Promise.race([stopped, worked]);
  } finally {
    done.abort();
  }
}
