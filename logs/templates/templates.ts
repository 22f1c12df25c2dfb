/**
 * Finds out what kinds of lines a service writes: `user <*> logged in from <*>`. A lexer makes holes of all that is
 * surely a value, so that a line costs one look-up; now and then, off the hot path, templates that differ only where
 * the words look like values are made one. No settings, whatever the log.
 *
 * Ids are hashes of the first line's form: the same line first seen has the same id everywhere. When two templates
 * become one, the older id stays and the other leads to it.
 */
import { Lexer } from './lexer.ts';
import { Merge } from './merge.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import { Store, type TemplateRecord } from './store.ts';

/** Options of `Templates`. */
export interface TemplatesOptions {
  /** Templates that are kept; those used longest ago are forgotten. 2,000 by default. */
  readonly limit?: number;
  /** Words that are always constant. */
  readonly pinned?: Iterable<string>;
}

/** New forms after which a merge is worth it: so many, and so large a part of all. */
const due = { forms: 64, part: 8 } as const;

/**
 * The templates of one service.
 *
 * @example
 * const templates = new Templates();
 * const id = templates.add('job 17 done in 31 ms');
 * templates.add('job 18 done in 5 ms') === id // => true
 * templates.text(id) // => 'job <*> done in <*> ms'
 */
export class Templates {
  readonly #store: Store;
  readonly #lexer: Lexer;
  readonly #merge: Merge;

  constructor({ limit = 2000, pinned = [] }: TemplatesOptions = {}) {
    this.#store = new Store(limit);
    this.#lexer = new Lexer(this.#store.pinned);
    this.#merge = new Merge(this.#store);
    for (const word of pinned) this.#store.pin(word);
  }

  /** The number of templates. */
  get size(): number {
    return this.#store.size;
  }

  /** Takes a line in and returns the id of its template, as of now. */
  add(line: string): string {
    const key = this.#lexer.read(line);
    return this.#store.add(key, this.#lexer.tokens, this.#lexer.line).owner.id;
  }

  /** Whether a merge is under way or worth beginning; then call `step` when there is time. */
  get isDue(): boolean {
    const { fresh, size } = this.#store;
    return this.#merge.isRunning || fresh >= Math.max(due.forms, size / due.part);
  }

  /** Merges for a while: `budget` is about how many forms are looked at. Returns whether the merge is complete. */
  step(budget: number): boolean {
    return this.#merge.step(budget);
  }

  /** Merges until nothing is left to do. */
  flush(): void {
    // A merge that is under way may have passed what has been added since.
    if (this.#merge.isRunning) while (!this.#merge.step(Number.POSITIVE_INFINITY));
    this.#merge.step(Number.POSITIVE_INFINITY);
  }

  /** The id that a template has now; an id that is not known stays as it is. */
  resolve(id: string): string {
    return this.#store.resolve(id);
  }

  /** What a template looks like, `<*>` for each value; undefined for one that is not known or forgotten. */
  text(id: string): string | undefined {
    return this.#store.get(id)?.forms[0]?.text();
  }

  /** The values of a line by the template it belongs to, in their order; none if no template fits. Learns nothing. */
  parameters(line: string): readonly Parameter[] {
    const key = this.#lexer.read(line);
    const { tokens, line: read } = this.#lexer;
    const form = this.#store.find(key, tokens, read);
    return form === undefined ? [] : parametersOf(form, tokens, read);
  }

  /**
   * Keeps a word constant from now on, wherever it stands: lines with it get templates of their own. Pins are settings;
   * they are not among the stored entries.
   */
  pin(word: string): void {
    this.#store.pin(word);
  }

  /** Takes over the entries that `changed` once gave; only as long as no line was added. */
  load(entries: Iterable<readonly [string, TemplateRecord]>): void {
    this.#store.load(entries);
  }

  /** Whether `changed` has something to say. */
  get isChanged(): boolean {
    return this.#store.isChanged;
  }

  /** What was added, changed or removed (undefined) since the last call, entry by entry. */
  changed(): Iterable<readonly [string, TemplateRecord | undefined]> {
    return this.#store.takeChanged();
  }
}
