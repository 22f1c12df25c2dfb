/** Pauses between attempts at a broker, for a bounded time. */

import type { Clock } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';

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
