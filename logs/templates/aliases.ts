/** The ids that templates had before they were found to be one with others, and which they have now. */

/** A former id's entry. */
export interface Alias {
  readonly of: string;
  /** Place of its template in the order of appearance. */
  readonly born: number;
}

/** Former ids of one service; there are at most `limit`, the oldest are given up first. */
export class Aliases {
  readonly #limit: number;
  readonly #aliases = new Map<string, Alias>();
  /** Told of an id that was added or removed. */
  readonly #changed: (id: string) => void;

  constructor(limit: number, changed: (id: string) => void) {
    this.#limit = limit;
    this.#changed = changed;
  }

  get(id: string): Alias | undefined {
    return this.#aliases.get(id);
  }

  /** The id that a template has now. */
  resolve(id: string): string {
    for (let alias = this.#aliases.get(id); alias !== undefined; alias = this.#aliases.get(id)) id = alias.of;
    return id;
  }

  /** Takes a stored one over. */
  load(id: string, alias: Alias): void {
    this.#aliases.set(id, alias);
  }

  add(id: string, alias: Alias): void {
    this.#aliases.set(id, alias);
    this.#changed(id);
    for (const oldest of this.#aliases.keys()) {
      if (this.#aliases.size <= this.#limit) return;
      this.#remove(oldest);
    }
  }

  /** Forgets those that lead to none of the templates. */
  keep(templates: { has(id: string): boolean }): void {
    for (const id of this.#aliases.keys()) if (!templates.has(this.resolve(id))) this.#remove(id);
  }

  #remove(id: string): void {
    this.#aliases.delete(id);
    this.#changed(id);
  }
}
