/**
 * Which file holds the settings. A command decides it once; workers are told, so that all of them read the same one.
 */
import { existsSync } from 'node:fs';
import type { Retention } from '../../tables/retention.ts';

const usualFile = 'millrace.yaml';

/** What `--config FILE` and `--no-config` leave in the options. */
export type ConfigOption = string | false | undefined;

/** The file that was named, or millrace.yaml if there is one; undefined for none, and where none is wanted. */
export function configFile(named: ConfigOption): string | undefined {
  if (named === false) return undefined;
  return named ?? (existsSync(usualFile) ? usualFile : undefined);
}

/** The arguments with which another process reads the same file, or none either. */
export const configArguments = (file: string | undefined): readonly string[] =>
  file === undefined ? ['--no-config'] : ['--config', file];

/**
 * For how long that file has rows kept; a process without one does not load what reads it.
 * Errors: CONFIG_UNREADABLE, CONFIG_INVALID.
 */
export async function retentionOf(config: ConfigOption): Promise<Retention> {
  const file = configFile(config);
  return file === undefined ? {} : (await import('./config.ts')).readConfig(file).retention;
}
