/**
 * What the web page shows: a snapshot, and numbered deltas that keep a page's snapshot up to date. The page and the
 * server apply deltas with the same function, so that both hold the same snapshot.
 */
import { applyDelta } from '../../console/apply.ts';
import type { Delta, Snapshot } from '../../console/snapshot.ts';

/** Called with every change. */
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
      reading: { at: 0, since: 0, lastLineAt: null, dead: 0, late: 0 },
      countedTo: 0,
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

  /** Makes a change and calls every listener. */
  change(delta: Omit<Delta, 'revision'>): void {
    const numbered = { ...delta, revision: this.#snapshot.revision + 1 };
    this.#snapshot = applyDelta(this.#snapshot, numbered);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** Calls `listener` with every change from now on, until the result is called. */
  subscribe(listener: DeltaListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
