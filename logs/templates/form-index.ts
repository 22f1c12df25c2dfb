/**
 * An index of forms. It finds a form by exactly the tokens that a line has, by the tokens that a line may have in open
 * places, and by length, for merging.
 */
import { admitsWord } from './affixes.ts';
import type { TemplateForm } from './template.ts';
import { hole, kinds, type Tokens } from './tokens.ts';

/** The forms of one service. */
export class FormIndex {
  readonly #pinned: ReadonlySet<string>;
  readonly #exact = new Map<number, TemplateForm>();
  /** Forms with opened places, by length and first token. */
  readonly #open = new Map<string, Set<TemplateForm>>();
  /** Shown forms by length. */
  readonly #shown = new Map<number, Set<TemplateForm>>();
  #touched = new Set<number>();

  constructor(pinned: ReadonlySet<string>) {
    this.#pinned = pinned;
  }

  /** The form of a line, if there is one. */
  find(key: number, tokens: Tokens, line: string): TemplateForm | undefined {
    return this.#exact.get(key) ?? this.#match(tokens, line);
  }

  /** Another open form that has, at each place, what `form` has or a hole for its word. */
  hostOf(form: TemplateForm): TemplateForm | undefined {
    const admits = (host: TemplateForm): boolean => host !== form && this.#hosts(host, form);
    const key = openKey(form);
    const anyFirst = `${form.length} ${hole}`;
    return (
      oldest(this.#open.get(key), admits) ?? (key === anyFirst ? undefined : oldest(this.#open.get(anyFirst), admits))
    );
  }

  /** Enters a form, or returns the equal one that is there already. */
  add(form: TemplateForm): TemplateForm | undefined {
    const twin = this.#exact.get(form.key);
    if (twin !== undefined && twin !== form) return twin;
    this.#exact.set(form.key, form);
    if (form.opened.size > 0) setIn(this.#open, openKey(form)).add(form);
    return undefined;
  }

  /** Takes a form out that is given up or will change. */
  remove(form: TemplateForm): void {
    if (this.#exact.get(form.key) === form) this.#exact.delete(form.key);
    this.#open.get(openKey(form))?.delete(form);
    this.hide(form);
  }

  /** The form is the shown one of its template, so that others may be merged with it. */
  show(form: TemplateForm): void {
    setIn(this.#shown, form.length).add(form);
    this.#touched.add(form.length);
  }

  /** The form is not shown any more; it is still found. */
  hide(form: TemplateForm): void {
    this.#shown.get(form.length)?.delete(form);
  }

  /** Shown forms with `length` tokens. */
  shown(length: number): Iterable<TemplateForm> {
    return this.#shown.get(length) ?? [];
  }

  /** The lengths of shown forms that were added or changed since this was last asked, or have one of the words. */
  takeTouched(words: ReadonlySet<string>): Set<number> {
    const touched = this.#touched;
    this.#touched = new Set();
    if (words.size === 0) return touched;
    const holdsOne = (form: TemplateForm): boolean => form.tokens.some((token) => words.has(token));
    for (const [length, forms] of this.#shown) {
      if (!touched.has(length) && [...forms].some(holdsOne)) touched.add(length);
    }
    return touched;
  }

  /** An open form that has the line's tokens, with holes where it has words. */
  #match(tokens: Tokens, line: string): TemplateForm | undefined {
    const first = tokens.length === 0 ? '' : tokens.text(line, 0);
    const matches = (form: TemplateForm): boolean => this.#admits(form, tokens, line);
    const found = oldest(this.#open.get(`${tokens.length} ${first}`), matches);
    return found ?? (first === hole ? undefined : oldest(this.#open.get(`${tokens.length} ${hole}`), matches));
  }

  #hosts(host: TemplateForm, { a, b, kinds: kind, tokens }: TemplateForm): boolean {
    for (let i = 0; i < tokens.length; i++) {
      if (host.a[i] === a[i] && host.b[i] === b[i]) continue;
      if (!host.opened.has(i) || (kind[i]! & kinds.word) === 0) return false;
      if (!admitsWord(host.tokens[i]!, tokens[i]!) || this.#pinned.has(tokens[i]!)) return false;
    }
    return true;
  }

  #admits(form: TemplateForm, tokens: Tokens, line: string): boolean {
    for (let i = 0; i < tokens.length; i++) {
      if (form.a[i] === tokens.a[i] && form.b[i] === tokens.b[i]) continue;
      if (!form.opened.has(i) || (tokens.kind[i]! & kinds.word) === 0) return false;
      if (this.#pinned.size === 0 && form.isFree(i)) continue;
      const word = tokens.text(line, i);
      if (!admitsWord(form.tokens[i]!, word) || this.#pinned.has(word)) return false;
    }
    return true;
  }
}

function openKey({ length, tokens, opened }: TemplateForm): string {
  return `${length} ${opened.has(0) ? hole : (tokens[0] ?? '')}`;
}

function setIn<K, V>(sets: Map<K, Set<V>>, key: K): Set<V> {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, (set = new Set()));
  return set;
}

/** Of several forms that will do, the one whose template came first: whatever the order in which they were entered. */
function oldest(
  among: Iterable<TemplateForm> | undefined,
  matches: (form: TemplateForm) => boolean,
): TemplateForm | undefined {
  let found: TemplateForm | undefined;
  if (among === undefined) return found;
  for (const form of among) {
    if ((found === undefined || form.owner.born < found.owner.born) && matches(form)) found = form;
  }
  return found;
}
