/**
 * The one place that reads environment variables.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where embedded parts keep their files: the given directory, or `millrace` in the user's cache directory. */
export function dataDirectory(given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  const cache = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(process.env['XDG_CACHE_HOME'] || cache, 'millrace');
}

/** Names of variables that point at servers, which this version does not use yet. */
export function serversAskedFor(): readonly string[] {
  return ['KAFKA_URL', 'REDIS_URL', 'CLICKHOUSE_URL'].filter((name) => (process.env[name] ?? '') !== '');
}
