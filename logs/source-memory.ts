/**
 * What readers remember of each source, in bounded memory: a source that is heard of goes to the young generation; when
 * that is full it becomes the old one, and the old one, sources not heard of since, is forgotten. Looking up thus
 * writes nothing but once a generation.
 */

/**
 * Values by source.
 *
 * State: two generations of at most `most` sources each.
 *
 * @example
 * const memory = new SourceMemory<number>();
 * memory.set('cart', 7);
 * memory.get('cart') // => 7
 * memory.get('shop') // => undefined
 */
export class SourceMemory<V> {
  /** Set by who learns something that changes how further lines are read; cleared by who stores it. */
  hasLearnt = false;
  readonly #most: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  /** The source that was asked for last, and its value: readers ask for one more than once. */
  #last: string | undefined;
  #lastValue: V | undefined;

  constructor(most = 10_000) {
    this.#most = most;
  }

  /** Whether no source is known. */
  get isEmpty(): boolean {
    return this.#young.size === 0 && this.#old.size === 0;
  }

  // hot: called for every line.
  get(source: string): V | undefined {
    if (source === this.#last) return this.#lastValue;
    let value = this.#young.get(source);
    if (value === undefined && this.#old.size > 0) {
      value = this.#old.get(source);
      if (value !== undefined) this.set(source, value);
    }
    this.#last = source;
    this.#lastValue = value;
    return value;
  }

  /** Sets a value, or forgets it. */
  put(source: string, value: V | undefined): void {
    if (value !== undefined) return this.set(source, value);
    this.#young.delete(source);
    this.#old.delete(source);
    this.#last = undefined;
  }

  set(source: string, value: V): void {
    if (this.#young.size >= this.#most && !this.#young.has(source)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(source, value);
    this.#last = source;
    this.#lastValue = value;
  }
}
