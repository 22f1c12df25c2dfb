/** Waiting with a bound: nothing that talks to a broker may hang for ever. */
import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';

/** The promise's result, or the error when it takes longer than `ms`. */
export async function within<T>(
  { clock, ms, late }: { readonly clock: Clock; readonly ms: Duration; readonly late: () => Error },
  work: Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const alarm = clock.sleep(ms, over.signal).then(() => {
    if (!over.signal.aborted) throw late();
    return undefined as T;
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    over.abort();
  }
}

/** Pauses that double, until the time is up. */
export class Patience {
  readonly #clock: Clock;
  readonly #until: number;
  #pause: Duration = 2;

  constructor(clock: Clock, ms: Duration) {
    this.#clock = clock;
    this.#until = clock.now() + ms;
  }

  /** Waits before the next try; false when there is no time for one. */
  async again(): Promise<boolean> {
    if (this.#clock.now() >= this.#until) return false;
    await this.#clock.sleep(this.#pause);
    this.#pause = Math.min(this.#pause * 2, 1_000);
    return true;
  }
}
