/**
 * Chance that remembers. How many customers come and how often something ordinary fails drifts around its mean: the
 * logarithm is an Ornstein-Uhlenbeck process, which is exact in steps of any length (its neighbour after `ms` is normal
 * with correlation e^(−ms/memory)). On top of that come pulses of customers, as of a newsletter: they begin at any
 * moment and die away (shot noise). Nothing here stands on a grid, and no step must have a certain length.
 */
import type { Duration } from '../time/duration.ts';
import type { Random } from './random.ts';

/** A factor of mean 1 that drifts. */
export class Drift {
  readonly #random: Random;
  readonly #sigma: number;
  readonly #memory: Duration;
  #log: number;

  /** `sigma` is the standard deviation of the logarithm; after `memory` its correlation has fallen to 37 %. */
  constructor(random: Random, { sigma, memory }: { readonly sigma: number; readonly memory: Duration }) {
    this.#random = random;
    this.#sigma = sigma;
    this.#memory = memory;
    this.#log = sigma * random.normal();
  }

  /** The factor `ms` later. */
  advance(ms: Duration): number {
    const keep = Math.exp(-ms / this.#memory);
    this.#log = this.#log * keep + this.#sigma * Math.sqrt(1 - keep ** 2) * this.#random.normal();
    return Math.exp(this.#log - this.#sigma ** 2 / 2);
  }
}

interface Pulse {
  /** From now; negative for one that has begun. */
  begins: Duration;
  readonly height: number;
  readonly decay: Duration;
}

/** How often pulses come on average, how high they are relative to the usual and how fast they die away. */
export interface PulseLaw {
  readonly every: Duration;
  readonly height: readonly [least: number, most: number];
  readonly decay: readonly [least: Duration, most: Duration];
}

/** Pulses that begin at random moments. */
export class Pulses {
  readonly #random: Random;
  readonly #law: PulseLaw;
  readonly #live: Pulse[] = [];
  #next: Duration;

  constructor(random: Random, law: PulseLaw) {
    this.#random = random;
    this.#law = law;
    this.#next = this.#wait();
  }

  /** The mean of what they add, relative to the usual, over the coming `ms`. */
  advance(ms: Duration): number {
    for (; this.#next < ms; this.#next += this.#wait()) {
      const { height, decay } = this.#law;
      this.#live.push({
        begins: this.#next,
        height: this.#random.logBetween(...height),
        decay: this.#random.between(...decay),
      });
    }
    this.#next -= ms;
    let added = 0;
    for (const pulse of this.#live) {
      const [from, to] = [Math.max(0, -pulse.begins), ms - pulse.begins];
      added += pulse.height * pulse.decay * (Math.exp(-from / pulse.decay) - Math.exp(-to / pulse.decay));
      pulse.begins -= ms;
    }
    while (this.#live.length > 0 && -this.#live[0]!.begins > 20 * this.#live[0]!.decay) this.#live.shift();
    return added / ms;
  }

  #wait(): Duration {
    return -this.#law.every * Math.log(1 - this.#random.float());
  }
}
