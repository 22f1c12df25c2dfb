/**
 * Imports a job's file, and answers what the command must know of the job before it runs.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { Job } from '../../graph/job.ts';

/**
 * The job that the file at `path` exports as default. If the export is a function, it is called with the settings in
 * `file`, or with the defaults without one, and returns the job. A mistake in the settings is an error in both cases.
 * Errors: JOB_UNREADABLE, CONFIG_UNREADABLE, CONFIG_INVALID, USAGE, and what building the job throws.
 */
export async function loadJob(path: string, file: string | undefined): Promise<Job> {
  const { default: exported } = await importFile(path);
  const isFunction = typeof exported === 'function';
  // Reading settings compiles formulas, which takes time; a job without settings does without.
  const config =
    isFunction || file !== undefined ? (await import('../settings/job-config.ts')).jobConfig(file) : undefined;
  const job = (isFunction ? call(path, () => exported(config)) : exported) as Partial<Job> | null | undefined;
  if (typeof job?.name === 'string' && Array.isArray(job.nodes)) return job as Job;
  const what = isFunction ? 'what its default export returns' : 'its default export';
  throw new MillraceError('JOB_UNREADABLE', { path, reason: `${what} is not made by job(…)` });
}

async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(path)) throw new MillraceError('JOB_UNREADABLE', { path, reason: 'there is no such file' });
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function call(path: string, make: () => unknown): unknown {
  let made: unknown;
  try {
    made = make();
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!(made instanceof Promise)) return made;
  // The promise is not waited for; a rejection must not end the process.
  made.catch(() => undefined);
  throw new MillraceError('JOB_UNREADABLE', { path, reason: 'its default export is async; it must return the job' });
}

/** A coded error stays as it is; any other becomes the reason of JOB_UNREADABLE. */
function unreadable(path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const reason = `${reasonOf(error).replaceAll('\n', ' ')}${placeIn(error)}`;
  return new MillraceError('JOB_UNREADABLE', { path, reason }, { cause: error });
}

/** Where in a job's own files an error was thrown, as ` at job.ts:2:5`; empty where its stack does not say. */
function placeIn(error: unknown): string {
  const frames = error instanceof Error ? String(error.stack).split('\n    at ').slice(1) : [];
  const own = frames.find((frame) => !frame.includes('node_modules') && !frame.includes('node:'));
  const place = own === undefined ? null : /([^/\\(]+:\d+:\d+)\)?$/.exec(own);
  return place === null ? '' : ` at ${place[1]}`;
}

/** The topics that a job reads from others. */
export const inputsOf = ({ nodes }: Job): readonly string[] => [
  ...new Set(nodes.flatMap(({ body }) => (body.kind === 'source' ? (body.source.topic ?? []) : []))),
];

/** Whether a job writes tables of its own. */
export const writesTables = ({ nodes }: Job): boolean =>
  nodes.some(({ body }) => body.kind === 'sink' && body.sink.kind === 'chunks' && body.sink.table !== undefined);
