/**
 * `millrace reset`: makes a job begin again from the oldest records. Needs --yes.
 */
import { MillraceError } from '../../errors.ts';
import { reset } from '../../runtime/task/reset.ts';
import { systemClock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import { serverParts } from '../parts/servers.ts';
import { openWorld } from '../parts/world.ts';
import { loadJob } from '../run/load-job.ts';
import { stderrLogger } from '../run/logger.ts';
import { type ConfigOption, configFile } from '../settings/config-file.ts';
import { dataDirectory } from '../settings/data-directory.ts';
import { say } from '../terminal.ts';

/** Options of `millrace reset`. */
export interface ResetOptions {
  readonly yes?: boolean;
  readonly data?: string;
  readonly config?: ConfigOption;
}

/** Forgets the job's state and positions. Errors: USAGE without --yes. */
export async function execute([path]: readonly string[], { yes = false, data, config }: ResetOptions): Promise<void> {
  const job = await loadJob(path!, configFile(config));
  if (!yes) {
    const reason = `all state and positions of ${job.name} would be forgotten, and its inputs read from their oldest records; stop every worker, then give --yes`;
    throw new MillraceError('USAGE', { reason });
  }
  const log = await stderrLogger(job.name);
  const { ports: servers, watched } = await serverParts({ clock: systemClock, log, patience: seconds(8) });
  for (const { close } of watched) await close();
  const world = await openWorld({ dir: dataDirectory(data), clock: systemClock, tables: 'none', servers });
  try {
    await reset(job, world.ports);
    say(`millrace: ${job.name} was reset; it begins with the oldest records when it is run again`);
  } finally {
    await world.close();
  }
}
