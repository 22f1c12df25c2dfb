/**
 * Tail probabilities of the beta-binomial distribution: how often something happens in `n` tries whose probability is
 * itself known only from a past of `a` hits and `b` misses, halves added for ignorance.
 */
import { lgamma } from 'mathjs/number';

/** The evidence that a probability rests on. */
export interface BetaBinomial {
  readonly n: number;
  readonly a: number;
  readonly b: number;
}

/**
 * log10 of the probability of `x` hits or more.
 *
 * @example
 * log10AtLeast(1, { n: 1, a: 1, b: 1 }).toFixed(6) // => "-0.301030"
 * log10AtLeast(0, { n: 9, a: 1, b: 1 }) // => 0
 */
export function log10AtLeast(x: number, { n, a, b }: BetaBinomial): number {
  if (x <= 0) return 0;
  // From x upwards each term follows from the one before; the sum is at most n terms.
  let ratio = 1;
  let sum = 1;
  for (let k = x; k < n; k++) {
    ratio *= ((n - k) * (k + a)) / ((k + 1) * (n - k - 1 + b));
    sum += ratio;
    if (ratio < sum * negligible && k > (n * a) / (a + b)) break;
  }
  return Math.min(0, (logTerm(x, { n, a, b }) + Math.log(sum)) / Math.LN10);
}

/**
 * log10 of the probability of `x` hits or fewer.
 *
 * @example
 * log10AtMost(0, { n: 1, a: 1, b: 1 }).toFixed(6) // => "-0.301030"
 */
export const log10AtMost = (x: number, { n, a, b }: BetaBinomial): number => log10AtLeast(n - x, { n, a: b, b: a });

function logTerm(x: number, { n, a, b }: BetaBinomial): number {
  const choose = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1);
  const hits = lgamma(x + a) + lgamma(n - x + b) - lgamma(n + a + b);
  return choose + hits - lgamma(a) - lgamma(b) + lgamma(a + b);
}

const negligible = 1e-9;
