/** What stands in a place of several forms. */
import type { TemplateForm } from './template.ts';
import { kinds } from './tokens.ts';
import type { Place } from './variable.ts';

/** Groups of two and more that share a key. */
export function groups<K>(forms: Iterable<TemplateForm>, key: (form: TemplateForm) => K): TemplateForm[][] {
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

/** What is seen in one place of each of several forms that are equal elsewhere. */
export function placeOf(
  group: readonly TemplateForm[],
  placeIn: (form: TemplateForm) => number,
): Omit<Place, 'isFirst'> {
  const words = new Set<string>();
  let hasValue = false;
  let wasOpened = false;
  for (const form of group) {
    const place = placeIn(form);
    wasOpened ||= form.isFree(place);
    if (form.kinds[place]! & kinds.value) hasValue = true;
    else words.add(form.tokens[place]!);
  }
  const { tokens, kinds: kind } = group[0]!;
  const at = placeIn(group[0]!);
  let otherWords = 0;
  for (let i = 0; i < tokens.length; i++) if (i !== at && kind[i]! & kinds.word) otherWords++;
  return {
    words: [...words],
    hasValue,
    wasOpened,
    before: [tokens[at - 1], tokens[at - 2]],
    after: [tokens[at + 1], tokens[at + 2]],
    key: keyBefore(tokens, at),
    otherWords,
  };
}

/** The key whose value stands at `at`, with or without quotes around either. */
function keyBefore(tokens: readonly string[], at: number): string | undefined {
  const sign = isIn('"\'', tokens[at - 1]) ? at - 2 : at - 1;
  if (!isIn('=:', tokens[sign])) return undefined;
  return tokens[isIn('"\'', tokens[sign - 1]) ? sign - 2 : sign - 1];
}

/** Whether no word stands before a column, and no sign that opens a value; a word between two signs is a field. */
export function isLeading({ tokens, kinds: kind }: TemplateForm, column: number): boolean {
  if (column === 0) return true;
  if (isIn('(["=:', tokens[column - 1])) return false;
  const after = kind[column + 1] ?? kinds.word;
  if (kind[column - 1]! & kinds.joint && (after & (kinds.word | kinds.value)) === 0) return false;
  for (let i = 0; i < column; i++) if (kind[i]! & kinds.word) return false;
  return true;
}

/** Whether a form is still the shown one of its template; it may have changed since it was listed. */
export function isCurrent(form: TemplateForm): boolean {
  return form.into === undefined && form.owner.forms[0] === form;
}

/** Whether a token is one of the signs. */
export function isIn(signs: string, token: string | undefined): boolean {
  return token?.length === 1 && signs.includes(token);
}
