import { fold } from './fold.ts';
import type { TemplateForm } from './store.ts';
import { HOLE, kinds, Tokens } from './tokens.ts';

/**
 * Folds a form again in which merging has made new holes. Objects that hold one value alone, `= Name { <*> }`, are
 * values themselves.
 */

const tokens = new Tokens();

/** The places of the tokens that stay, or undefined if all do. */
export function refolded(form: TemplateForm): readonly number[] | undefined {
  tokens.length = 0;
  for (let i = 0; i < form.length; i++) {
    if (isObject(form.tokens, i)) {
      tokens.value(form.kinds[i + 2]! & kinds.blank, i + 2, i + 2);
      i += 3;
    } else tokens.literal(form.kinds[i]!, i, i, form.a[i]!, form.b[i]!);
  }
  fold(tokens);
  return tokens.length === form.length ? undefined : [...tokens.start.subarray(0, tokens.length)];
}

/** Whether `Name { <*> }` or `Name [ <*> ]` stands at `at`, behind `=`. */
function isObject(tokens: readonly string[], at: number): boolean {
  if (tokens[at - 1] !== '=' || tokens[at + 2] !== HOLE || !/^[A-Z]\w*$/i.test(tokens[at]!)) return false;
  return (tokens[at + 1] === '{' && tokens[at + 3] === '}') || (tokens[at + 1] === '[' && tokens[at + 3] === ']');
}
