import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MillraceError } from '../errors.ts';
import type { Job } from '../graph/job.ts';

/** The job that the file exports as default. Errors: JOB_UNREADABLE, and what building the job throws. */
export async function loadJob(path: string): Promise<Job> {
  const module = await importFile(path);
  const job = module['default'] as Partial<Job> | undefined;
  if (typeof job?.name !== 'string' || !Array.isArray(job.nodes)) {
    throw new MillraceError('JOB_UNREADABLE', { path, reason: 'its default export is not made by job(…)' });
  }
  return job as Job;
}

async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(path)) throw new MillraceError('JOB_UNREADABLE', { path, reason: 'there is no such file' });
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    const reason = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    throw new MillraceError('JOB_UNREADABLE', { path, reason }, { cause: error });
  }
}

/** The topics that a job reads from others. */
export const inputsOf = ({ nodes }: Job): readonly string[] => [
  ...new Set(nodes.flatMap(({ body }) => (body.kind === 'source' ? (body.source.topic ?? []) : []))),
];

/** Whether a job writes tables of its own. */
export const writesTables = ({ nodes }: Job): boolean =>
  nodes.some(({ body }) => body.kind === 'sink' && body.sink.kind === 'chunks' && body.sink.table !== undefined);
