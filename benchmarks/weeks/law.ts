/**
 * The laws by which services write lines and errors in the simulation of weeks: rhythm of day and week, moods that
 * last, ordinary failures in bursts, batches at night. They are drawn per service from a seed and know nothing of how
 * anything is detected.
 */
import { Random } from '../../demo/random.ts';
import { days, minutes, type Time } from '../../time/duration.ts';

/** What happens to a service beside its law, in ten seconds. */
export interface Effect {
  /** It writes so many times its lines, and errors with them. */
  readonly traffic: number;
  /** So many times its lines without errors. */
  readonly chatter: number;
  /** This share of its lines fails. */
  readonly failing: number;
  /** Its ordinary errors are so many times as many. */
  readonly shifted: number;
  readonly silent: boolean;
}

/** Nothing happens. */
export const noEffect: Effect = { traffic: 1, chatter: 1, failing: 0, shifted: 1, silent: false };

/** Ten seconds of a service. */
export interface Drawn {
  readonly lines: number;
  readonly errors: number;
}

const paneMinutes = 1 / 6;

/** A service. State: its moods, which are drawn pane by pane. */
export class ServiceLaw {
  readonly name: string;
  /** Lines a minute on average, and errors a line. */
  readonly rate: number;
  readonly errorShare: number;
  readonly #random: Random;
  readonly #day: number;
  /** How much more often lines are errors at the peak than on average. */
  readonly #errorDay: number;
  readonly #peak: number;
  readonly #weekend: number;
  /** Start of the nightly batch within the day, or −1. */
  readonly #batch: number;
  #mood = 0;
  #errorMood = 0;

  constructor(seed: number, number: number) {
    const random = new Random(seed, `service ${number}`);
    this.#random = random;
    this.name = `s${String(number).padStart(3, '0')}`;
    this.rate = random.logBetween(6, 6_000);
    this.errorShare = random.logBetween(1e-5, 1e-2);
    this.#day = random.between(0.2, 0.9);
    this.#errorDay = random.between(0, 0.6);
    this.#peak = random.between(10, 22);
    this.#weekend = random.between(0.3, 1.1);
    this.#batch = random.float() < 0.1 ? Math.floor(random.between(0, 24 * 60)) * minutes(1) : -1;
  }

  /** Lines a minute that are usual at a time. */
  usual(time: Time): number {
    const rhythm = 1 + this.#day * this.#dayWave(time);
    const weekday = new Date(time).getUTCDay();
    return this.rate * rhythm * (weekday === 0 || weekday === 6 ? this.#weekend : 1);
  }

  /** The next ten seconds, from `time` on. */
  draw(time: Time, effect: Effect): Drawn {
    const random = this.#random;
    // Moods forget half of themselves in ten minutes and in half an hour.
    this.#mood = 0.989 * this.#mood + 0.15 * Math.sqrt(1 - 0.989 ** 2) * random.normal();
    this.#errorMood = 0.996 * this.#errorMood + 0.4 * Math.sqrt(1 - 0.996 ** 2) * random.normal();
    if (effect.silent) return { lines: 0, errors: 0 };
    const mean = this.usual(time) * paneMinutes * Math.exp(this.#mood) * effect.traffic;
    const rhythm = (1 + this.#errorDay * this.#dayWave(time)) * (this.#isBatch(time) ? 20 : 1);
    const share = this.errorShare * rhythm * Math.exp(this.#errorMood) * effect.shifted;
    // Once in two days something ordinary fails a few times at once.
    const burst = random.float() < 1 / (2 * 8_640) ? 2 + random.int(5) : 0;
    const ordinary = random.poisson(mean * Math.min(1, share)) + burst;
    const failed = effect.failing > 0 ? random.poisson(mean * effect.failing) : 0;
    const lines = Math.max(ordinary + failed, random.poisson(mean * effect.chatter));
    return { lines, errors: ordinary + failed };
  }

  /** From −1 at night to 1 at the peak. */
  #dayWave(time: Time): number {
    return Math.cos(2 * Math.PI * ((time % days(1)) / days(1) - this.#peak / 24));
  }

  #isBatch(time: Time): boolean {
    const since = (time % days(1)) - this.#batch;
    return this.#batch >= 0 && since >= 0 && since < minutes(5);
  }
}
