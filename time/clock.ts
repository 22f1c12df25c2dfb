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

/** Whether the work succeeds within `patience`. Work that takes longer is not stopped. */
export async function within(work: Promise<void>, patience: Duration, clock: Clock): Promise<boolean> {
  const done = new AbortController();
  const outcome = work.then(
    () => true,
    () => false,
  );
  const late = clock.sleep(patience, done.signal).then(() => false);
  const isDone = await Promise.race([outcome, late]);
  done.abort();
  return isDone;
}
