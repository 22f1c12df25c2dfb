/**
 * The one place that reads environment variables.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the command keeps files between runs: `millrace` in the user's cache directory. */
export function cacheDirectory(): string {
  const cache = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(process.env['XDG_CACHE_HOME'] || cache, 'millrace');
}

/** Servers to be used in place of embedded parts; undefined where the variable is not set. */
export function serverUrls(): { readonly [server in 'kafka' | 'redis' | 'clickhouse']: string | undefined } {
  const { KAFKA_URL, REDIS_URL, CLICKHOUSE_URL } = process.env;
  return { kafka: KAFKA_URL || undefined, redis: REDIS_URL || undefined, clickhouse: CLICKHOUSE_URL || undefined };
}

/** What a search index knows us by; undefined where the variable is not set. */
export function searchCredentials(): { readonly [part in 'apiKey' | 'username' | 'password']: string | undefined } {
  const { ELASTICSEARCH_API_KEY, ELASTICSEARCH_USERNAME, ELASTICSEARCH_PASSWORD } = process.env;
  return {
    apiKey: ELASTICSEARCH_API_KEY || undefined,
    username: ELASTICSEARCH_USERNAME || undefined,
    password: ELASTICSEARCH_PASSWORD || undefined,
  };
}

/** Files in PEM for TLS to Kafka, by the variable that names each; undefined where it is not set. */
export function kafkaFiles(): { readonly [variable in 'KAFKA_CA' | 'KAFKA_CERT' | 'KAFKA_KEY']: string | undefined } {
  const { KAFKA_CA, KAFKA_CERT, KAFKA_KEY } = process.env;
  return { KAFKA_CA: KAFKA_CA || undefined, KAFKA_CERT: KAFKA_CERT || undefined, KAFKA_KEY: KAFKA_KEY || undefined };
}

/** Which worker of a supervisor this process is; undefined where there is none. */
export function workerNumber(): number | undefined {
  const { MILLRACE_WORKER } = process.env;
  return MILLRACE_WORKER === undefined || process.send === undefined ? undefined : Number(MILLRACE_WORKER);
}

/**
 * The environment of a supervisor's worker. Every step of a Kafka transaction holds a thread of Node's pool while it
 * waits for the broker; with Node's four, a few tasks whose broker is slow would hold up everybody's.
 */
export const workerEnvironment = (number: number): NodeJS.ProcessEnv => ({
  UV_THREADPOOL_SIZE: '32',
  ...process.env,
  MILLRACE_WORKER: String(number),
});

/** Whether `npx` or `npm exec` started this process, in a shell that is its parent. */
export const isRunByNpx = (): boolean => process.env['npm_command'] === 'exec';
