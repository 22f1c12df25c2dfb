/**
 * A detector as monitoring products have it: errors and lines of a minute against their mean and deviation, which are
 * forgotten by half in a day; more errors, or fewer lines, than so many deviations tell, twice in three tests.
 */
import { minutes, type Time } from '../../time/duration.ts';
import type { Told } from './judge.ts';
import type { Drawn } from './law.ts';

const panes = 6;
const keep = 0.5 ** (1 / 8_640);
/** A probability of 10^-4.6, as ours has by its budget. */
const deviations = 4.1;
const known = 360;
const quiet = minutes(10);

interface Moments {
  weight: number;
  mean: number;
  variance: number;
}

const newMoments = (): Moments => ({ weight: 0, mean: 0, variance: 0 });

/** One service. */
export class GaussianDetector {
  readonly #errors = newMoments();
  readonly #lines = newMoments();
  readonly #recent: Drawn[] = [];
  #hot = 0;
  #tests = 0;
  #lastHigh = Number.NEGATIVE_INFINITY;

  /** Takes in ten seconds that end at `end`; what it tells, if anything. */
  add(service: string, drawn: Drawn, end: Time): Told | undefined {
    this.#recent.push(drawn);
    if (this.#recent.length > panes) this.#recent.shift();
    const errors = this.#recent.reduce((sum, pane) => sum + pane.errors, 0);
    const lines = this.#recent.reduce((sum, pane) => sum + pane.lines, 0);
    const isHigh =
      this.#tests++ > known &&
      (above(errors, this.#errors) > deviations || above(-lines, negated(this.#lines)) > deviations);
    this.#hot = ((this.#hot << 1) | (isHigh ? 1 : 0)) & 0b111;
    learn(this.#errors, errors);
    learn(this.#lines, lines);
    const counts = this.#hot === 0b011 || this.#hot === 0b101 || this.#hot >= 0b110;
    if (!counts) return undefined;
    const opens = end - this.#lastHigh > quiet;
    this.#lastHigh = end;
    return opens ? { at: end, service, onset: end, opens, isPage: true } : undefined;
  }
}

const negated = ({ weight, mean, variance }: Moments): Moments => ({ weight, mean: -mean, variance });

/** How many deviations a value is above the mean; counts deviate by their root at least. */
const above = (value: number, { mean, variance }: Moments): number =>
  (value - mean) / Math.sqrt(Math.max(variance, Math.abs(mean), 1));

function learn(moments: Moments, value: number): void {
  moments.weight = keep * moments.weight + 1;
  const step = 1 / moments.weight;
  const apart = value - moments.mean;
  moments.mean += step * apart;
  moments.variance = (1 - step) * (moments.variance + step * apart ** 2);
}
