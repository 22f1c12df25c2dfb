/**
 * The ways in which two templates can be one. Each pass looks for groups of forms that are equal but for some places
 * and asks of these whether they hold values.
 */
import { refolded } from './refold.ts';
import type { Store } from './store.ts';
import type { TemplateForm } from './template.ts';
import { hole, kinds } from './tokens.ts';
import { isIdentifier, isVariable, type Place } from './variable.ts';
import { units } from './words.ts';

const pairColumns = { least: 4, most: 24 } as const;
const recordValues = 3;
const longestSpan = 6;

type Pass = () => Generator<number, void>;

/** The passes over the forms of a store; the first four look at forms of the given lengths only. */
export class Passes {
  readonly #store: Store;
  readonly #lengths: ReadonlySet<number>;
  readonly all: readonly Pass[] = [
    () => this.oneColumn(),
    () => this.twoColumns(),
    () => this.records(),
    () => this.hosts(),
    () => this.spans(),
    () => this.optionalParts(),
    () => this.shapes(),
  ];

  constructor(store: Store, lengths: ReadonlySet<number>) {
    this.#store = store;
    this.#lengths = lengths;
  }

  /** Forms that differ in one place. */
  *oneColumn(): Generator<number, void> {
    for (const length of this.#lengths) {
      for (let column = 0; column < length; column++) {
        const forms = this.#having(length, [column]);
        for (const group of groups(forms, (form) => form.keyWithout(column))) {
          const place = placeOf(group, column, isLeading(group[0]!, column));
          if (place.otherWords >= 1 && isVariable(place)) for (const form of group) this.#store.open(form, [column]);
        }
        yield forms.length + 1;
      }
    }
  }

  /** Forms that differ in two places at once: a user and a host. */
  *twoColumns(): Generator<number, void> {
    for (const length of this.#lengths) {
      for (let left = 0; left < length; left++) {
        // Most lengths have no form with few enough words; a long line has thousands of pairs of places.
        const some = this.#having(length, [left]).filter(hasPairs);
        yield some.length + 1;
        if (some.length < 2) continue;
        for (let right = left + 1; right < length; right++) {
          const forms = this.#having(length, [left, right]).filter(hasPairs);
          for (const group of groups(forms, (form) => form.keyWithout(left, right))) {
            const places = [left, right].map((column) => placeOf(group, column, column === 0));
            if (places[0]!.otherWords < 3) continue;
            if (places.every(isVariable)) for (const form of group) this.#store.open(form, [left, right]);
          }
          yield forms.length + 1;
        }
      }
    }
  }

  /** Forms that are `key=value` all over and differ in any of the values: few lines show all of their combinations. */
  *records(): Generator<number, void> {
    for (const length of this.#lengths) {
      const forms = [...this.#store.shown(length)].filter((form) => valuePlaces(form).length >= recordValues);
      for (const group of groups(forms, shapeOf)) {
        const open = valuePlaces(group[0]!).filter((i) => isVariable(placeOf(group, i, i === 0)));
        const places = (form: TemplateForm): number[] => open.filter((i) => !this.#isPinned(form, i));
        if (open.length > 0) for (const form of group) this.#store.open(form, places(form));
      }
      yield forms.length + 1;
    }
  }

  /** Forms that another one would take in if their lines came now; so it does not matter when they came. */
  *hosts(): Generator<number, void> {
    for (const length of this.#lengths) {
      for (const form of [...this.#store.shown(length)]) {
        if (isCurrent(form)) this.#store.settle(form);
        yield 1;
      }
    }
  }

  /** A form with a value where another has several words: `(<*>)` and `(idle <*>)`. */
  *spans(): Generator<number, void> {
    const forms = this.#all();
    const byTokens = new Map(forms.map((form) => [textOf(form.tokens), form]));
    yield forms.length;
    for (const form of forms) {
      for (const { start, end } of spansOf(form)) {
        const other = byTokens.get(textOf([...form.tokens.slice(0, start), hole, ...form.tokens.slice(end)]));
        if (other === undefined || !isCurrent(other) || !isCurrent(form)) continue;
        this.#store.unite(other.owner, form.owner);
        break;
      }
      yield 1;
    }
  }

  /** Forms that differ in a remark `(<*> KB)` behind a value, or in a unit. The shorter is shown. */
  *optionalParts(): Generator<number, void> {
    const forms = this.#all();
    for (const group of groups(forms, (form) => textOf(withoutRemarks(form)))) {
      const shortest = group.reduce((best, form) => (form.length < best.length ? form : best));
      for (const form of group)
        if (isCurrent(form) && isCurrent(shortest)) this.#store.unite(shortest.owner, form.owner);
    }
    yield forms.length;
  }

  /** Objects that are values, and values that have come to stand side by side. */
  *shapes(): Generator<number, void> {
    for (const form of this.#all()) {
      const folded = refolded(form);
      if (folded !== undefined && isCurrent(form)) this.#store.reshape(form.owner, folded);
      yield 1;
    }
  }

  #all(): TemplateForm[] {
    return Array.from(this.#store.templates(), ({ forms }) => forms[0]!);
  }

  /** Shown forms with a word that is not pinned, or a value, in each of the columns. */
  #having(length: number, columns: readonly number[]): TemplateForm[] {
    const changeable = kinds.word | kinds.value;
    const forms = [...this.#store.shown(length)];
    return forms.filter((form) => columns.every((i) => form.kinds[i]! & changeable && !this.#isPinned(form, i)));
  }

  #isPinned(form: TemplateForm, i: number): boolean {
    return this.#store.pinned.size > 0 && this.#store.pinned.has(form.tokens[i]!);
  }
}

/** Groups of two and more that share a key. */
function groups<K>(forms: readonly TemplateForm[], key: (form: TemplateForm) => K): TemplateForm[][] {
  const alone = new Map<K, TemplateForm>();
  const found = new Map<K, TemplateForm[]>();
  for (const form of forms) {
    const k = key(form);
    const first = alone.get(k);
    if (first === undefined) alone.set(k, form);
    else {
      const group = found.get(k);
      if (group === undefined) found.set(k, [first, form]);
      else group.push(form);
    }
  }
  return [...found.values()];
}

function placeOf(group: readonly TemplateForm[], column: number, isFirst: boolean): Place {
  const { tokens, kinds: kind } = group[0]!;
  const words = new Set<string>();
  let hasValue = false;
  let wasOpened = false;
  for (const form of group) {
    wasOpened ||= form.opened.has(column);
    if (form.kinds[column]! & kinds.value) hasValue = true;
    else words.add(form.tokens[column]!);
  }
  let otherWords = 0;
  for (let i = 0; i < tokens.length; i++) if (i !== column && kind[i]! & kinds.word) otherWords++;
  return {
    words: [...words],
    hasValue,
    wasOpened,
    before: [tokens[column - 1], tokens[column - 2]],
    after: [tokens[column + 1], tokens[column + 2]],
    otherWords,
    isFirst,
  };
}

/** Whether no word stands before a column, and no sign that opens a value; a word between two signs is a field. */
function isLeading({ tokens, kinds: kind }: TemplateForm, column: number): boolean {
  if (column === 0) return true;
  if (isIn('(["=:', tokens[column - 1])) return false;
  const after = kind[column + 1] ?? kinds.word;
  if (kind[column - 1]! & kinds.joint && (after & (kinds.word | kinds.value)) === 0) return false;
  for (let i = 0; i < column; i++) if (kind[i]! & kinds.word) return false;
  return true;
}

function hasPairs({ kinds: kind }: TemplateForm): boolean {
  let columns = 0;
  for (let i = 0; i < kind.length; i++) if (kind[i]! & (kinds.word | kinds.value)) columns++;
  return columns >= pairColumns.least && columns <= pairColumns.most;
}

/** Places of words and values behind `=` or `:`. */
function valuePlaces({ tokens, kinds: kind }: TemplateForm): number[] {
  const places: number[] = [];
  for (let i = 1; i < tokens.length; i++) {
    if (kind[i]! & (kinds.word | kinds.value) && isIn('=:', tokens[i - 1])) places.push(i);
  }
  return places;
}

/** The tokens with holes in the places of values. */
function shapeOf(form: TemplateForm): string {
  const values = new Set(valuePlaces(form));
  return textOf(form.tokens.map((token, i) => (values.has(i) ? hole : token)));
}

/** Stretches of words and values that could be one value: between signs, with a value or a name in code among them. */
function* spansOf({ tokens, kinds: kind }: TemplateForm): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = 1; start < tokens.length; start++) {
    if (!isIn('([{"\'=:', tokens[start - 1])) continue;
    let telling = false;
    for (let end = start; end < tokens.length && end - start < longestSpan; ) {
      const token = tokens[end]!;
      if ((kind[end]! & (kinds.word | kinds.value)) === 0 && !isIn(':-/@', token)) break;
      telling ||= (kind[end]! & kinds.value) !== 0 || isIdentifier(token);
      end++;
      if (end - start >= 2 && telling && isIn(')]}"\',;', tokens[end])) yield { start, end };
    }
  }
}

/** The tokens without remarks in brackets behind values, and without units. */
function withoutRemarks({ tokens, kinds: kind }: TemplateForm): string[] {
  const kept: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const afterValue = tokens[i - 1] === hole;
    const afterUnit = isUnit(tokens[i - 1]) && tokens[i - 2] === hole;
    if (afterValue && isUnit(tokens[i])) continue;
    if (tokens[i] === '(' && kind[i]! & kinds.blank && (afterValue || afterUnit) && tokens[i + 1] === hole) {
      const close = isUnit(tokens[i + 2]) ? i + 3 : i + 2;
      if (tokens[close] === ')') {
        i = close;
        continue;
      }
    }
    kept.push(tokens[i]!);
  }
  return kept;
}

function isUnit(token: string | undefined): boolean {
  return token !== undefined && units.has(token.toLowerCase());
}

/** Whether a form is still the shown one of its template; it may have changed since it was listed. */
function isCurrent(form: TemplateForm): boolean {
  return form.into === undefined && form.owner.forms[0] === form;
}

function isIn(signs: string, token: string | undefined): boolean {
  return token?.length === 1 && signs.includes(token);
}

/** Tokens hold blanks only inside of quotes, and no line feeds. */
function textOf(tokens: readonly string[]): string {
  return tokens.join('\n');
}
