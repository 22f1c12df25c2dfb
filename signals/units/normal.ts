/**
 * The upper tail of the normal distribution, far out where its probability is smaller than a double's precision.
 */

/**
 * log10 of the probability of `z` or more, by the continued fraction of Mills' ratio (Abramowitz and Stegun 26.2.14);
 * for z below 1 it is taken at 1.
 *
 * @example
 * log10NormalTail(3).toFixed(4) // => "-2.8697"
 */
export function log10NormalTail(z: number): number {
  const at = Math.max(1, z);
  let fraction = at;
  for (let k = terms; k >= 1; k--) fraction = at + k / fraction;
  return (-(at * at) / 2 - Math.log(fraction * Math.sqrt(2 * Math.PI))) / Math.LN10;
}

const terms = 60;
