/**
 * The view in which a series is judged: the square root, with its sign. Rates and counts scatter about as much as the
 * root of their level, which becomes the same everywhere, and a surge of thirty times no longer dwarfs all others.
 * Level, spread and distance are of this view. A series in another unit is the same series times a constant, also here.
 */

/**
 * A value as it is judged.
 *
 * @example
 * toView(9) // => 3
 * toView(-4) // => -2
 */
export const toView = (value: number): number => (value < 0 ? -Math.sqrt(-value) : Math.sqrt(value));

/**
 * The value that is judged as `view`.
 *
 * @example
 * fromView(3) // => 9
 * fromView(-2) // => -4
 */
export const fromView = (view: number): number => (view < 0 ? -view * view : view * view);

/** The number, not below `-bound` and not above `bound`. */
export const within = (number: number, bound: number): number => Math.max(-bound, Math.min(bound, number));

/** The middle of a few numbers; NaN of none. Orders them in place. */
export function medianOf(numbers: number[]): number {
  numbers.sort((a, b) => a - b);
  const half = numbers.length >> 1;
  return numbers.length % 2 === 1 ? numbers[half]! : (numbers[half - 1]! + numbers[half]!) / 2;
}
