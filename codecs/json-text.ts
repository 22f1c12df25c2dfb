/** JSON that loses nothing without a word: what JSON would write as an empty object is refused, where it is none. */
import { MillraceError } from '../errors.ts';
import { isPromise } from './promise.ts';

/**
 * `value` as JSON, undefined where JSON has nothing for it. Promises, maps, sets and the like are looked for only where
 * the text holds an empty object, as which JSON would write them. Errors: PROMISE_REFUSED, OPTION_INVALID.
 *
 * @example
 * jsonText({ n: 1 }, 'codec json') // => '{"n":1}'
 */
export function jsonText(value: unknown, owner: string): string | undefined {
  const text: string | undefined = JSON.stringify(value);
  if (text?.includes('{}') === true) refuseEmptied(value, owner);
  return text;
}

/** JSON.stringify has been through the value before, so it has no cycle. */
function refuseEmptied(value: unknown, owner: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (isPromise(value)) throw new MillraceError('PROMISE_REFUSED', { owner });
  const held = Object.values(value);
  if (held.length === 0 && isEmptied(value)) {
    const got = `a ${value.constructor?.name ?? 'value of a class'}`;
    const detail = { option: 'the value', owner, got, expected: 'made of what JSON can express' };
    throw new MillraceError('OPTION_INVALID', detail);
  }
  for (const each of held) refuseEmptied(each, owner);
}

/** Whether JSON writes `{}` for what is no object without fields, but has what it holds elsewhere. */
function isEmptied(value: object): boolean {
  return Object.prototype.toString.call(value) !== '[object Object]' && JSON.stringify(value) === '{}';
}
