/**
 * Promises where a job's functions must answer at once. A job is synchronous between two batches: what a function
 * would do later, it would do under another record's key and time, or after the epoch. An `async` function is refused
 * when the job is built, as far as its kind shows; a promise that is returned, emitted or stored stops the task.
 */
import { isPromise } from '../codecs/promise.ts';
import { MillraceError } from '../errors.ts';

/** `R`, but nothing that is a promise: the type of what a function of a job returns. */
export type Sync<R> = R extends PromiseLike<unknown> | AsyncIterable<unknown> ? never : R;

/** What a handler returns: nothing, and no promise either, which `void` alone would allow. */
export type Nothing = void | undefined;

/** Throws if `value` is a promise; `uid` names the operator that got it. Errors: PROMISE_REFUSED. */
export function refusePromise(value: unknown, uid: string): void {
  if (!isPromise(value)) return;
  // That it fails later must not end the process before this error is told.
  if (value instanceof Promise) value.catch(() => undefined);
  throw new MillraceError('PROMISE_REFUSED', { owner: `'${uid}'` });
}

/** Throws if the first of the values, which stands for all, is a promise. Errors: PROMISE_REFUSED. */
export function refusePromises(values: readonly unknown[], uid: string): void {
  if (!isPromise(values[0])) return;
  // That others fail later must not end the process either.
  for (const value of values) if (value instanceof Promise) value.catch(() => undefined);
  refusePromise(values[0], uid);
}

/** Throws if one of the functions is `async`. Errors: PROMISE_REFUSED. */
export function refuseAsync(owner: string, ...functions: readonly unknown[]): void {
  for (const f of functions) {
    if (typeof f === 'function' && asyncKinds.has(Object.prototype.toString.call(f)))
      throw new MillraceError('PROMISE_REFUSED', { owner: `'${owner}'` });
  }
}

const asyncKinds = new Set(['[object AsyncFunction]', '[object AsyncGeneratorFunction]']);
