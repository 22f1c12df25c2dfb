#!/usr/bin/env node
/**
 * The millrace command. From a clone it runs the sources as they are, otherwise what was built. Help and wrong usage
 * are answered before either is loaded, because making TypeScript loadable takes longer than answering.
 */
import { existsSync } from 'node:fs';
import { program } from './program.mjs';

const isClone = existsSync(new URL('../index.ts', import.meta.url));
/** They load jobs, which may be TypeScript wherever millrace itself is from. */
const loadingJobs = new Set(['run', 'plan', 'lag', 'reset']);

await program(async (command, args, options) => {
  if (isClone || loadingJobs.has(command)) (await import('./typescript.mjs')).loadTypeScript();
  const { main } = await import(isClone ? './main.ts' : '../dist/cli/main.js');
  await main(command, args, options);
});
