/**
 * A resolve hook of Node's module loader (https://nodejs.org/api/module.html#hooks), run on the loader's thread.
 * 'millrace' and what lies below it are looked up from this package, by the condition that names its sources. And a
 * job in TypeScript is an ES module even where no package.json says so.
 */
import { existsSync } from 'node:fs';

const home = new URL('../package.json', import.meta.url).href;
const isClone = existsSync(new URL('../index.ts', import.meta.url));

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const own = specifier === 'millrace' || specifier.startsWith('millrace/');
  if (own) {
    const conditions = isClone ? ['millrace-source', ...context.conditions] : context.conditions;
    return next(specifier, { ...context, conditions, parentURL: home });
  }
  const resolved = await next(specifier, context);
  const isTypeScript = /\.m?ts(\?|$)/.test(resolved.url);
  return isTypeScript && resolved.format !== 'module' ? { ...resolved, format: 'module' } : resolved;
}
