#!/usr/bin/env node
/**
 * The millrace command. In a clone it runs the sources, otherwise what was built. Help and wrong usage are answered
 * before either is loaded, because making TypeScript loadable takes longer than answering.
 */
import { existsSync } from 'node:fs';
import { program } from './program.mjs';

// The reader went away (`| head`), so there is nothing left to write for; anything else lost what was written. A long
// run hears of it and ends by itself (run/shutdown.ts): exiting amid its work could hang in a native part of it.
process.stdout.once('error', (error) => {
  process.stdout.on('error', () => {});
  const isGone = 'code' in error && error.code === 'EPIPE';
  if (!isGone) process.stderr.write(`millrace: stdout can't be written: ${error.message}\n`);
  process.exitCode = isGone ? 0 : 1;
  if (!process.emit('stdout is lost')) process.exit();
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
