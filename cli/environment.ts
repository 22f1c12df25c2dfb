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

/** Servers to be used in place of embedded parts; undefined where the variable is not set. */
export function serverUrls(): { readonly [server in 'kafka' | 'redis' | 'clickhouse']: string | undefined } {
  const { KAFKA_URL, REDIS_URL, CLICKHOUSE_URL } = process.env;
  return { kafka: KAFKA_URL || undefined, redis: REDIS_URL || undefined, clickhouse: CLICKHOUSE_URL || undefined };
}
