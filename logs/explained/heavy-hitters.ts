/**
 * The most frequent of many texts in bounded memory, by space-saving (Metwally, Agrawal and El Abbadi, "Efficient
 * Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005): where there is no room, a new text takes the
 * place of the rarest and goes on from its count. What is more frequent than one in `most` is surely among them, and no
 * count is too small, nor too large by more than its `error`.
 */

/** A text, how often it came at most, and by how much that may be too much. */
export interface Hitter {
  readonly text: string;
  readonly count: number;
  readonly error: number;
}

/** Counts texts. State: at most `most` of them. */
export class HeavyHitters {
  readonly #most: number;
  readonly #counters = new Map<string, { count: number; error: number }>();

  constructor(most: number) {
    this.#most = most;
  }

  add(text: string): void {
    const known = this.#counters.get(text);
    if (known !== undefined) known.count++;
    else {
      const error = this.#counters.size < this.#most ? 0 : this.#replaceRarest();
      this.#counters.set(text, { count: error + 1, error });
    }
  }

  /** Up to `many`, the most frequent first. */
  top(many: number): readonly Hitter[] {
    const all = [...this.#counters].map(([text, counter]) => ({ text, ...counter }));
    return all.sort((a, b) => b.count - a.count).slice(0, many);
  }

  /** Makes room; how often the text came at most that made it. */
  #replaceRarest(): number {
    let [rarest, least] = ['', Number.POSITIVE_INFINITY];
    for (const [text, { count }] of this.#counters) if (count < least) [rarest, least] = [text, count];
    this.#counters.delete(rarest);
    return least;
  }
}
