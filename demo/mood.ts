/**
 * What moves the shop's traffic beside the time of day, by one law for lines and for panes of the past: how many
 * customers there are, and how often each service fails of itself.
 */
import { type Duration, hours, minutes, seconds } from '../time/duration.ts';
import { Drift, Pulses } from './noise.ts';
import type { Random } from './random.ts';
import { services } from './shop.ts';

/** The luck of the moment, as factors around 1. */
export class Mood {
  /** Ordinary failures of each service, in the order of `services`. */
  readonly failures = new Float64Array(services.length).fill(1);
  readonly #breath: Drift;
  readonly #day: Drift;
  readonly #pulses: Pulses;
  readonly #wobbles: readonly Drift[];

  constructor(random: Random) {
    this.#breath = new Drift(random, { sigma: 0.2, memory: minutes(1) });
    this.#day = new Drift(random, { sigma: 0.12, memory: hours(3) });
    this.#pulses = new Pulses(random, {
      every: minutes(45),
      height: [0.2, 2],
      decay: [seconds(10), minutes(1)],
    });
    this.#wobbles = services.map(() => new Drift(random, { sigma: 0.4, memory: minutes(3) }));
  }

  /** Moves on by `ms` and returns the factor on the number of customers meanwhile. */
  advance(ms: Duration): number {
    for (let i = 0; i < this.failures.length; i++) this.failures[i] = this.#wobbles[i]!.advance(ms);
    return this.#breath.advance(ms) * this.#day.advance(ms) * (1 + this.#pulses.advance(ms));
  }
}
