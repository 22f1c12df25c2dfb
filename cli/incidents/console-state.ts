/**
 * What the web page shows, kept up to date: a snapshot, and numbered deltas for whoever has one. The page and the
 * server fold deltas with the same function, so that both mean the same by them.
 */
import { applyDelta } from '../../console/apply.ts';
import type { Delta, Snapshot } from '../../console/snapshot.ts';

/** Is told of every change. */
export type DeltaListener = (delta: Delta) => void;

/** A snapshot that changes. */
export class ConsoleState {
  #snapshot: Snapshot;
  readonly #listeners = new Set<DeltaListener>();

  constructor(first: Partial<Snapshot> = {}) {
    this.#snapshot = {
      revision: 0,
      now: 0,
      phase: { kind: 'live' },
      linesTotal: 0,
      throughput: { t: [], perSecond: [] },
      graph: [],
      services: [],
      incidents: [],
      ...first,
    };
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Makes a change and tells everybody. */
  change(delta: Omit<Delta, 'revision'>): void {
    const numbered = { ...delta, revision: this.#snapshot.revision + 1 };
    this.#snapshot = applyDelta(this.#snapshot, numbered);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** Tells `listener` of every change from now on, until the result is called. */
  subscribe(listener: DeltaListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
