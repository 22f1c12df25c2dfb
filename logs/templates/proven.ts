/**
 * Words that once stood where a place was found to be variable: elsewhere they are values, too. They are learnt, so
 * they are part of what is stored. When there are too many all are forgotten.
 */

/** Longer words are not kept. */
const longestWord = 64;

/** The proven words of one service. */
export class ProvenWords {
  readonly #limit: number;
  readonly #words = new Set<string>();
  /** Those that were not known when forms were last compared. */
  #fresh = new Set<string>();
  /** Told of a word that was added or forgotten. */
  readonly #changed: (word: string) => void;

  constructor(limit: number, changed: (word: string) => void) {
    this.#limit = limit;
    this.#changed = changed;
  }

  has(word: string): boolean {
    return this.#words.has(word);
  }

  /** Takes a stored word over. */
  load(word: string): void {
    this.#words.add(word);
  }

  add(word: string): void {
    if (word.length > longestWord || this.#words.has(word)) return;
    if (this.#words.size >= this.#limit) {
      for (const former of this.#words) this.#changed(former);
      this.#words.clear();
    }
    this.#words.add(word);
    this.#fresh.add(word);
    this.#changed(word);
  }

  /** The words that were added since this was last asked. */
  takeFresh(): ReadonlySet<string> {
    const fresh = this.#fresh;
    this.#fresh = new Set();
    return fresh;
  }
}
