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

/** Which worker of a supervisor this process is; undefined where there is none. */
export function workerNumber(): number | undefined {
  const { MILLRACE_WORKER } = process.env;
  return MILLRACE_WORKER === undefined || process.send === undefined ? undefined : Number(MILLRACE_WORKER);
}

/** The environment of a supervisor's worker. */
export const workerEnvironment = (number: number): NodeJS.ProcessEnv => ({
  ...process.env,
  MILLRACE_WORKER: String(number),
});
