/**
 * Builds what is published: JavaScript and types in dist/, with the web page beside them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });
run('tsc', '-p', 'tsconfig.build.json');
// Redis scripts are loaded from the folder of the code that runs them.
for (const name of readdirSync('state/redis')) {
  if (name.endsWith('.lua')) cpSync(`state/redis/${name}`, `dist/state/redis/${name}`);
}
if (existsSync('console/vite.config.ts')) {
  run('vite', 'build', 'console', '--config', 'console/vite.config.ts', '--logLevel', 'warn');
  cpSync('console/dist', 'dist/console/dist', { recursive: true });
}

/** @param {string[]} command */
function run(...command) {
  const { status } = spawnSync('npx', ['--no-install', ...command], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
