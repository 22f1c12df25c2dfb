/**
 * What the handling of one record or timer has changed so far, so that it can be taken back if its handler throws: a
 * record's effects are all there or none is. A change costs three array writes and no allocation.
 *
 * A value that a handler changes in place leaves no trace here. Only where the operator is run carefully is a value
 * written down before it is handed to a handler, and every value that was set is checked behind it.
 */

/** What can take a change back. */
export interface Revertible {
  /** Restores what was noted with the change. */
  revert(before: unknown, detail: unknown): void;
  /** Throws if what was changed could not be stored. */
  check?(): void;
}

/** The changes of one handler call, in their order. */
export class Journal {
  #count = 0;
  readonly #changed: Revertible[] = [];
  readonly #before: unknown[] = [];
  readonly #details: unknown[] = [];
  /** Whose values were written down in this call. */
  readonly #saved = new Set<Revertible>();
  #hasSaved = false;

  /** Begins the next handler call: what was changed so far stays. */
  // hot: once per record.
  begin(): void {
    this.#count = 0;
    if (this.#hasSaved) this.#forget();
  }

  /** Notes what something was before it is changed. */
  // hot: once per write.
  note(changed: Revertible, before: unknown, detail: unknown): void {
    const n = this.#count++;
    this.#changed[n] = changed;
    this.#before[n] = before;
    this.#details[n] = detail;
  }

  /** Whether this is the first time in this call that the value is to be written down. */
  isFirst(owner: Revertible): boolean {
    if (this.#saved.has(owner)) return false;
    this.#saved.add(owner);
    this.#hasSaved = true;
    return true;
  }

  #forget(): void {
    this.#saved.clear();
    this.#hasSaved = false;
  }

  /** Takes all changes of the present call back, the last one first. */
  undo(): void {
    while (this.#count > 0) {
      const n = --this.#count;
      this.#changed[n]!.revert(this.#before[n], this.#details[n]);
    }
  }

  /** Throws if a value that was set can't be stored. */
  check(): void {
    for (let n = 0; n < this.#count; n++) this.#changed[n]!.check?.();
  }
}
