/**
 * The ways in which two templates can be one. Each pass looks for groups of forms that are equal but for some places
 * and asks of these whether they hold values.
 */
import { affixesOf } from './affixes.ts';
import { groups, isCurrent, isLeading, placeOf } from './columns.ts';
import { fields } from './fields.ts';
import { optionalParts } from './optional.ts';
import { refolded } from './refold.ts';
import { spans } from './spans.ts';
import type { Store } from './store.ts';
import type { TemplateForm } from './template.ts';
import { hole, kinds } from './tokens.ts';
import { isVariable } from './variable.ts';

const pairColumns = { least: 4, most: 24 } as const;
const changeable = kinds.word | kinds.value;

/** Does its work in steps; each yields how many forms it looked at. */
type Pass = () => Generator<number, void>;

/** The passes over the forms of a store; some look at forms of the given lengths only. */
export class Passes {
  readonly #store: Store;
  readonly #lengths: ReadonlySet<number>;
  readonly all: readonly Pass[] = [
    () => this.oneColumn(),
    () => this.twoColumns(),
    () => fields(this.#store),
    () => this.hosts(),
    () => spans(this.#store),
    () => optionalParts(this.#store),
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
        const forms = [...this.#store.shown(length)].filter((form) => this.#mayChange(form, column));
        for (const group of groups(forms, (form) => form.keyWithout(column))) {
          const place = { ...placeOf(group, () => column), isFirst: isLeading(group[0]!, column) };
          const affixes = affixesOf(place.words);
          if (affixes.size === 0 && (place.otherWords < 1 || !isVariable(place, this.#store.proven))) continue;
          for (const form of group) {
            const pattern = affixes.size === 0 ? hole : affixes.get(form.tokens[column]!);
            if (pattern !== undefined) this.#store.open(form, [column], () => pattern);
          }
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
        const some = [...this.#store.shown(length)].filter((form) => this.#mayChange(form, left) && hasPairs(form));
        yield some.length + 1;
        for (let right = left + 1; some.length > 1 && right < length; right++) {
          const forms = some.filter((form) => isCurrent(form) && this.#mayChange(form, right));
          for (const group of groups(forms, (form) => form.keyWithout(left, right))) {
            const places = [left, right].map((column) => ({ ...placeOf(group, () => column), isFirst: column === 0 }));
            if (places[0]!.otherWords < 3 || !places.every((place) => isVariable(place, this.#store.proven))) continue;
            for (const form of group) this.#store.open(form, [left, right]);
          }
          yield forms.length + 1;
        }
      }
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

  /** Objects that are values, and values that have come to stand side by side. */
  *shapes(): Generator<number, void> {
    for (const form of [...this.#store.allShown()]) {
      const folded = refolded(form);
      if (folded !== undefined && isCurrent(form)) this.#store.reshape(form.owner, folded);
      yield 1;
    }
  }

  /** Whether a form has a word that is not pinned, or a value, in a column. */
  #mayChange(form: TemplateForm, column: number): boolean {
    return (form.kinds[column]! & changeable) !== 0 && !this.#store.pinned.has(form.tokens[column]!);
  }
}

function hasPairs({ kinds: kind }: TemplateForm): boolean {
  let columns = 0;
  for (let i = 0; i < kind.length; i++) if (kind[i]! & changeable) columns++;
  return columns >= pairColumns.least && columns <= pairColumns.most;
}
