/** Promises where a value belongs: JSON would write `{}` for one, and what it stands for would be lost. */
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
