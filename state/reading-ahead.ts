/** How a key table reads the entries of its store ahead, in pages, while it is already in use. */
import type { Cell } from './entry.ts';
import type { Journal } from './journal.ts';

/** An entry as its store returns it. */
export type StoredEntry = readonly [key: string, sub: string, value: Uint8Array];

/** Entries of one state, as they are read ahead. */
export interface Page {
  readonly cell: Cell;
  readonly entries: readonly StoredEntry[];
}

/** How a table reads ahead. */
export interface Pace {
  /** Keys read before records flow: a small state is then complete, and a large one does not delay the start. */
  readonly first: number;
  /** Entries read ahead with each load; reading them takes about as long as the load itself. */
  readonly next: number;
}

/** The pace where none is given. */
export const defaultPace: Pace = { first: 10_000, next: 5_000 };

/** What a key table may be given. */
export interface TableOptions {
  readonly pace?: Pace;
  /** Shared by all tables of a circuit. */
  readonly journal?: Journal;
}
