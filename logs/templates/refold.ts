/**
 * Folds a form again in which merging has made new holes. Objects that hold one value alone, `= Name { <*> }`, are
 * values themselves.
 */
import { fold } from './fold.ts';
import { Form } from './form.ts';
import type { TemplateForm } from './template.ts';
import { hole, kinds, Tokens } from './tokens.ts';

const tokens = new Tokens();

/** The form when folded, or undefined if it stays as it is. */
export function refolded(form: TemplateForm): TemplateForm | undefined {
  tokens.length = 0;
  for (let i = 0; i < form.length; i++) {
    if (isObject(form.tokens, i)) {
      tokens.value(form.kinds[i + 2]! & kinds.blank, i + 2, i + 2);
      i += 3;
    } else tokens.literal(form.kinds[i]!, i, i, form.a[i]!, form.b[i]!);
  }
  fold(tokens);
  if (tokens.length === form.length) return undefined;
  const kept = [...tokens.start.subarray(0, tokens.length)];
  const isSpaced = (i: number): boolean => (form.kinds[kept[i]!]! & kinds.blank) !== 0;
  const folded: TemplateForm = new Form(
    form.owner,
    kept.map((place) => form.tokens[place]!),
    isSpaced,
  );
  kept.forEach((place, i) => {
    if (form.opened.has(place)) folded.opened.add(i);
  });
  return folded;
}

/** Whether `Name { <*> }` or `Name [ <*> ]` stands at `at`, behind `=`. */
function isObject(tokens: readonly string[], at: number): boolean {
  if (tokens[at - 1] !== '=' || tokens[at + 2] !== hole || !/^[A-Z]\w*$/i.test(tokens[at]!)) return false;
  return (tokens[at + 1] === '{' && tokens[at + 3] === '}') || (tokens[at + 1] === '[' && tokens[at + 3] === ']');
}
