/**
 * Tail probabilities of the negative binomial distribution, the one of counts whose rate is itself uncertain: a gamma
 * rate observed through Poisson counts. `size` is the gamma's shape; large sizes approach the Poisson distribution.
 *
 * P(X ≥ k) is the regularized incomplete beta function I_p(k, size) with p = mean / (mean + size), computed by its
 * continued fraction with the modified Lentz method (DLMF 8.17.22), in logarithms, because the tails that matter here
 * lie far below the smallest double. mathjs' `lgamma` is exact to 2e-10, and so are the results.
 */
import { lgamma } from 'mathjs/number';

/** Mean and shape of a negative binomial; the variance is mean + mean² / size. */
export interface NegativeBinomial {
  readonly mean: number;
  readonly size: number;
}

/**
 * log10 of the probability of `k` or more; 0 for k ≤ 0.
 *
 * @example
 * log10UpperTail(1, { mean: 1, size: 1 }).toFixed(6) // => "-0.301030"
 * log10UpperTail(0, { mean: 3, size: 2 }) // => 0
 */
export function log10UpperTail(k: number, { mean, size }: NegativeBinomial): number {
  if (k <= 0) return 0;
  if (mean <= 0) return Number.NEGATIVE_INFINITY;
  return Math.min(0, logIncompleteBeta(mean / (mean + size), k, size) / Math.LN10);
}

/** ln I_x(a, b). The fraction converges fast only below the mean; above it the complement is computed. */
function logIncompleteBeta(x: number, a: number, b: number): number {
  const front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  if (x < (a + 1) / (a + b + 2)) return front + Math.log(fraction(x, a, b) / a);
  const rest = Math.exp(front + Math.log(fraction(1 - x, b, a) / b));
  return rest >= 1 ? Number.NEGATIVE_INFINITY : Math.log1p(-rest);
}

/** The continued fraction of the incomplete beta function. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= mostTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-12) break;
  }
  return h;
}

/** Keeps a denominator off zero. */
const away = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

const mostTerms = 2_000;
