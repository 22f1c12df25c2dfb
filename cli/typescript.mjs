/**
 * Makes TypeScript files importable in this process, and 'millrace' mean the very engine that runs: a job may lie
 * anywhere, with or without a node_modules folder near it.
 */
import { register } from 'node:module';
import { register as registerTsx } from 'tsx/esm/api';

export function loadTypeScript() {
  registerTsx({ tsconfig: false });
  register('./resolve.mjs', import.meta.url);
}
