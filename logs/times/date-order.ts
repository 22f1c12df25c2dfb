/**
 * Which of two numbers is the day, by source: once one of its dates could be read in one way only, all are read so.
 * Until then slashes are American, unless that would be in the future, and all else is European, which is told as a
 * guess.
 *
 * State: what the sources have shown, in two generations: when the young one is full it becomes the old one, and the
 * old one, sources not heard of since, is forgotten.
 */

/**
 * Remembers for sources whether the day comes first.
 *
 * @example
 * const order = new DateOrder();
 * order.remember('web', true);
 * order.of('web') // => true
 * order.of('db') // => undefined
 */
export class DateOrder {
  #young = new Map<string, boolean>();
  #old = new Map<string, boolean>();

  /** Whether the day comes first in a source; undefined when it has not shown that. */
  of(source: string): boolean | undefined {
    return this.#young.get(source) ?? this.#old.get(source);
  }

  remember(source: string, dayFirst: boolean): void {
    if (this.#young.get(source) === dayFirst) return;
    if (this.#young.size >= maxSources) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(source, dayFirst);
  }
}

const maxSources = 10_000;
