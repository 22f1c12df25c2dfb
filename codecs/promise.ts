/** Promises where a value belongs: JSON would write `{}` for one, and what it stands for would be lost. */
import { MillraceError } from '../errors.ts';

/**
 * Whether `value` comes later: a promise, anything with a `then`, or an asynchronous iterator.
 *
 * @example
 * isPromise(Promise.resolve(1)) // => true
 */
export function isPromise(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function' || Symbol.asyncIterator in value;
}

/**
 * `value` as JSON, undefined where JSON has nothing for it. A promise in it is looked for only where the text holds an
 * empty object, as which JSON would write it. Errors: PROMISE_REFUSED.
 *
 * @example
 * jsonText({ n: 1 }, 'codec json') // => '{"n":1}'
 */
export function jsonText(value: unknown, owner: string): string | undefined {
  const text: string | undefined = JSON.stringify(value);
  if (text?.includes('{}') === true && holdsPromise(value)) throw new MillraceError('PROMISE_REFUSED', { owner });
  return text;
}

/** JSON.stringify has been through the value before, so it has no cycle. */
function holdsPromise(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isPromise(value) || Object.values(value).some(holdsPromise);
}
