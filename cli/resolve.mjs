/**
 * A resolve hook of Node's module loader (https://nodejs.org/api/module.html#hooks): 'millrace' and what lies below it
 * are looked up from this package, by the condition that names its sources. It runs on the loader's thread.
 */
import { existsSync } from 'node:fs';

const home = new URL('../package.json', import.meta.url).href;
const isClone = existsSync(new URL('../index.ts', import.meta.url));

/** @type {import('node:module').ResolveHook} */
export function resolve(specifier, context, next) {
  if (specifier !== 'millrace' && !specifier.startsWith('millrace/')) return next(specifier, context);
  const conditions = isClone ? ['millrace-source', ...context.conditions] : context.conditions;
  return next(specifier, { ...context, conditions, parentURL: home });
}
