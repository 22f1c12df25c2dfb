/**
 * Makes one template of those that differ in values only. Done off the hot path: a merge is cut into small steps, and
 * lines may be added between any two of them. Passes are repeated until nothing changes; only lengths with new or
 * changed forms are looked at.
 */
import { Passes } from './passes.ts';
import type { Store } from './store.ts';

const maxRounds = 8;

/** A merge under way. */
export class Merge {
  readonly #store: Store;
  #work: Iterator<number> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  get isRunning(): boolean {
    return this.#work !== undefined;
  }

  /**
   * Goes on, or begins, until about `budget` forms were looked at. Returns whether the merge is complete.
   */
  step(budget: number): boolean {
    this.#work ??= rounds(this.#store);
    for (let done = 0; done < budget; ) {
      const { value, done: isDone } = this.#work.next();
      if (isDone) {
        this.#work = undefined;
        return true;
      }
      done += value;
    }
    return false;
  }
}

/** All rounds; yields how many forms each step looked at. */
function* rounds(store: Store): Generator<number, void> {
  store.fresh = 0;
  for (let round = 0; round < maxRounds; round++) {
    const touched = store.takeTouched();
    if (touched.size === 0) return;
    const passes = new Passes(store, touched);
    for (const pass of passes.all) yield* pass();
  }
}
