/** The values of a line and what they are. */
import type { TemplateForm } from './template.ts';
import { hole, kinds, type Tokens } from './tokens.ts';

export type ParameterType = 'ip' | 'uuid' | 'number' | 'duration' | 'path' | 'url' | 'text';

/** A value of a line. */
export interface Parameter {
  readonly type: ParameterType;
  readonly value: string;
}

const hex = (length: number): string => `[\\da-fA-F]{${length}}`;

/** What a type looks like; the first that fits counts. */
const shapes: readonly (readonly [ParameterType, RegExp])[] = [
  ['number', /^[-+]?(?:0x[\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\d{1,3}(?:,\d{3})+)%?$/],
  [
    'duration',
    /^\d+(?:\.\d+)?(?:ns|us|µs|ms|s|sec|secs|m|min|h|d)$|^(?:\d+[dhms]){2,4}$|^\d{1,3}:\d\d:\d\d(?:\.\d+)?$/,
  ],
  ['ip', /^\/?\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|\/\d{1,2})?$|^\[?(?:[\da-fA-F]{0,4}:){2,7}[\da-fA-F]{0,4}\]?$/],
  ['uuid', new RegExp(`^${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}$`)],
  ['url', /^[A-Za-z][A-Za-z\d+.-]*:\/\//],
  ['path', /^(?:~|\.{1,2})?\/|^[A-Za-z]:[\\/]|^\\/],
];

/**
 * What a value is by its look.
 *
 * @example
 * typeOf('10.0.0.7:5432') // => 'ip'
 * typeOf('350ms') // => 'duration'
 * typeOf('alice') // => 'text'
 */
export function typeOf(value: string): ParameterType {
  return shapes.find(([, shape]) => shape.test(value))?.[0] ?? 'text';
}

/**
 * The values of a line that was read into `tokens` and has the given form. A list is one value; of what repeats, the
 * first stands for all.
 */
export function parametersOf(form: TemplateForm, tokens: Tokens, line: string): Parameter[] {
  const found: Parameter[] = [];
  for (let i = 0; i < form.length; i++) {
    if ((form.kinds[i]! & kinds.hole) === 0 || form.written.has(i)) continue;
    const token = form.tokens[i]!;
    const at = token.indexOf(hole);
    const value = line.slice(tokens.start[i]! + at, tokens.end[i]! - (token.length - at - hole.length));
    found.push({ type: typeOf(value), value });
  }
  return found;
}
