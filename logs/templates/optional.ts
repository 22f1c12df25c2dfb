/**
 * Parts that some lines of a kind have and others lack: a remark `(<*> KB)` behind a value, a unit, a second value, a
 * value before a bracket, the quotes around a value, one more of what is in brackets.
 */
import { groups, isCurrent, isIn } from './columns.ts';
import type { Store } from './store.ts';
import type { TemplateForm } from './template.ts';
import { hole, kinds } from './tokens.ts';
import { units } from './words.ts';

/** Words of a form in which a value before a bracket may be missing. */
const leastWords = 3;

/** Makes forms one that differ in optional parts. The shorter is shown. */
export function* optionalParts(store: Store): Generator<number, void> {
  const forms = [...store.allShown()];
  for (const group of groups(forms, textWithout)) {
    const shortest = group.reduce((best, form) => (form.length < best.length ? form : best));
    for (const form of group) if (isCurrent(form) && isCurrent(shortest)) store.unite(shortest.owner, form.owner);
  }
  yield forms.length;
}

/** The tokens without optional parts, as one text. */
function textWithout(form: TemplateForm): string {
  const { tokens, kinds: kind } = form;
  const kept: string[] = [];
  let words = 0;
  for (let i = 0; i < tokens.length; i++) if (kind[i]! & kinds.word) words++;
  for (let i = 0; i < tokens.length; i++) {
    const end = optionalEnd(form, i, words);
    if (end > i) i = end - 1;
    else if (isQuotedValue(tokens, i)) {
      kept.push(hole);
      i += 2;
    } else kept.push(tokens[i]!);
  }
  // Tokens hold blanks only inside of quotes, and no line feeds.
  return kept.join('\n');
}

/** Where the optional part that begins at `i` ends; `i` if none does. */
function optionalEnd(form: TemplateForm, i: number, words: number): number {
  const { tokens, kinds: kind } = form;
  const afterValue = tokens[i - 1] === hole;
  const isSpaced = (kind[i]! & kinds.blank) !== 0;
  if (afterValue && isUnit(tokens[i])) return i + 1;
  if (tokens[i] === ',') return afterValue && tokens[i + 1] === hole ? i + 2 : repetitionEnd(tokens, i);
  if (
    tokens[i] === hole &&
    isSpaced &&
    words >= leastWords &&
    isIn('([{', tokens[i + 1]) &&
    (kind[i + 1]! & kinds.blank) === 0
  )
    return i + 1;
  const afterUnit = isUnit(tokens[i - 1]) && tokens[i - 2] === hole;
  if (tokens[i] === '(' && isSpaced && (afterValue || afterUnit) && tokens[i + 1] === hole) {
    const close = isUnit(tokens[i + 2]) ? i + 3 : i + 2;
    if (tokens[close] === ')') return close + 1;
  }
  return i;
}

function isQuotedValue(tokens: readonly string[], i: number): boolean {
  return tokens[i + 1] === hole && isIn('"\'`', tokens[i]) && tokens[i + 2] === tokens[i];
}

/** Where the brackets behind the comma at `i` end, if the same stand before it: `{"n":<*>}, {"n":<*>}`; else `i`. */
function repetitionEnd(tokens: readonly string[], i: number): number {
  if (!isIn(')]}', tokens[i - 1])) return i;
  let open = i - 1;
  for (let depth = 0; open >= 0; open--) {
    if (isIn(')]}', tokens[open])) depth++;
    else if (isIn('([{', tokens[open]) && --depth === 0) break;
  }
  if (open < 0) return i;
  const size = i - open;
  for (let k = open; k < i; k++) if (tokens[k] !== tokens[k + size + 1]) return i;
  return i + 1 + size;
}

function isUnit(token: string | undefined): boolean {
  return token !== undefined && units.has(token.toLowerCase());
}
