/**
 * A form with a value where another has several words, or nothing: `(<*>)` and `(idle <*>)`, `f(<*>)` and `f()`. The
 * first is shown for both.
 */
import { isCurrent, isIn } from './columns.ts';
import { isRegionStart, type Region, Surroundings, spansOf } from './regions.ts';
import type { Store } from './store.ts';
import type { TemplateForm } from './template.ts';
import { kinds } from './tokens.ts';
import { isIdentifier, isTelling } from './variable.ts';

/** More tokens than this are a value only if none of them tells what happened. */
const mostWords = 3;

/** A form with a value in a place. */
interface Holder {
  readonly form: TemplateForm;
  readonly place: number;
}

/** Makes forms one that differ in a span. */
export function* spans(store: Store): Generator<number, void> {
  const forms = Array.from(store.allShown(), (form) => ({ form, around: new Surroundings(form) }));
  const holders = new Map<number, Holder>();
  for (const { form, around } of forms) {
    for (let place = 1; place < form.length; place++) {
      if ((form.kinds[place]! & kinds.value) === 0 || !isRegionStart(form, place)) continue;
      const key = around.key({ start: place, end: place + 1 });
      const known = holders.get(key);
      if (known === undefined || form.owner.born < known.form.owner.born) holders.set(key, { form, place });
    }
  }
  yield forms.length;
  for (const { form, around } of forms) {
    for (const span of spansOf(form)) {
      const holder = holders.get(around.key(span));
      if (holder === undefined || !isCurrent(holder.form) || !isCurrent(form)) continue;
      if (!fits(holder, form, span) || !isOneValue(form, span, holder)) continue;
      if (form.tokens.slice(span.start, span.end).some((word) => store.pinned.has(word))) continue;
      store.unite(holder.form.owner, form.owner);
      break;
    }
    yield 1;
  }
}

/** Whether the forms are equal but for the span. */
function fits({ form: holder, place }: Holder, form: TemplateForm, { start, end }: Region): boolean {
  if (place !== start || holder.length - place - 1 !== form.length - end) return false;
  for (let i = 0; i < start; i++) if (holder.tokens[i] !== form.tokens[i]) return false;
  for (let i = end; i < form.length; i++) if (holder.tokens[i - end + place + 1] !== form.tokens[i]) return false;
  return true;
}

/**
 * Whether a span is one value: mere signs; a value or a name in code and what may belong to it; or a few words where
 * others were found to be values.
 */
function isOneValue({ tokens, kinds: kind }: TemplateForm, { start, end }: Region, holder: Holder): boolean {
  let isEmpty = true;
  let isNamed = false;
  let isPlain = true;
  let isTold = false;
  for (let i = start; i < end; i++) {
    const isElement = (kind[i]! & (kinds.word | kinds.value)) !== 0;
    isEmpty &&= !isElement;
    isNamed ||= (kind[i]! & kinds.value) !== 0 || isIdentifier(tokens[i]!);
    isTold ||= isTelling(tokens[i]!);
    isPlain &&= isElement || isIn(',:-/@', tokens[i]);
  }
  if (isEmpty || (isNamed && isPlain)) return true;
  return holder.form.opened.has(holder.place) && (end - start <= mostWords || (isPlain && !isTold));
}
