#!/usr/bin/env node
/**
 * The millrace command. In a clone it runs the sources, otherwise what was built. Help and wrong usage are answered
 * before either is loaded, because making TypeScript loadable takes longer than answering.
 */
import { existsSync } from 'node:fs';
import { program } from './program.mjs';

// The reader went away (`| head`), so there is nothing left to write for; anything else lost what was written.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`millrace: stdout can't be written: ${error.message}\n`);
  process.exit(1);
});
// Words that no reader gets end nothing: data still goes where it goes.
process.stderr.on('error', () => {});

const isClone = existsSync(new URL('../index.ts', import.meta.url));

await program(async ({ name, loadsJob }, args, options) => {
  // A job may be TypeScript even where millrace itself is built.
  if (isClone || loadsJob) (await import('./typescript.mjs')).loadTypeScript();
  const { main } = await import(isClone ? './main.ts' : '../dist/cli/main.js');
  await main(name, args, options);
});
