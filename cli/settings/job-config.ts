/**
 * What the function of a job file is given: what millrace.yaml says, and for the project's own jobs what the
 * environment adds to it. Secrets come from the environment only.
 */
import { dirname, resolve } from 'node:path';
import { MillraceError } from '../../errors.ts';
import type { JobConfig } from '../../graph/job.ts';
import type { ArchiveConfig, SearchIndex } from '../../jobs/archive.ts';
import type { IncidentConfig } from '../../jobs/incidents.ts';
import { readConfig, textOf } from './config.ts';
import { searchCredentials } from './environment.ts';

/** Authors are promised the first; the others are what our own job files take. */
export type GivenConfig = JobConfig & IncidentConfig & ArchiveConfig;

/**
 * What `file` says, or the defaults without one.
 * Errors: CONFIG_UNREADABLE, CONFIG_INVALID, USAGE for credentials that are no pair.
 */
export function jobConfig(file: string | undefined): GivenConfig {
  const { settings, jobs, search } = readConfig(file);
  if (search === undefined) return { settings, jobs };
  const { ca, ...index } = search;
  const tls = ca === undefined ? {} : { tls: { ca: textOf(resolve(dirname(file!), ca)) } };
  return { settings, jobs, search: { ...index, ...tls, ...credentials() } };
}

function credentials(): Pick<SearchIndex, 'auth'> {
  const { apiKey, username, password } = searchCredentials();
  if ((username === undefined) !== (password === undefined)) {
    const reason = 'ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD go together: set both or neither';
    throw new MillraceError('USAGE', { reason });
  }
  if (username === undefined || password === undefined) return apiKey === undefined ? {} : { auth: { apiKey } };
  if (apiKey === undefined) return { auth: { username, password } };
  const reason = 'set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD, but not all three';
  throw new MillraceError('USAGE', { reason });
}
