/**
 * What was made of texts that come again and again, so that it is made once. It is bounded by the length of the texts:
 * when half of that is full, what was not asked for since the half before is forgotten.
 */
export class Kept<V> {
  readonly #mostCharacters: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #characters = 0;

  /** Keeps texts of at most so many characters in sum. */
  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  /** What is kept of a text, or undefined. */
  get(text: string): V | undefined {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const old = this.#old.get(text);
    if (old !== undefined) this.set(text, old);
    return old;
  }

  /** Keeps what was made of a text, and gives it back. */
  set(text: string, made: V): V {
    this.#characters += text.length + overhead;
    if (this.#characters > this.#mostCharacters / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = text.length + overhead;
    }
    this.#young.set(text, made);
    return made;
  }
}

/** What an entry takes besides its text. */
const overhead = 50;
