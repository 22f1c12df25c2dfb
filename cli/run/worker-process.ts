/**
 * This process as a worker: a member of the job's group that runs the tasks of the partitions it is assigned. Started
 * by hand it serves its own metrics; started by a supervisor it reports its status to it.
 */
import { randomUUID } from 'node:crypto';
import type { Job } from '../../graph/job.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { ServerWatch } from '../../runtime/server-watch.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { work } from '../../runtime/task/worker.ts';
import { systemClock } from '../../time/clock.ts';
import { serverParts } from '../parts/servers.ts';
import { openWorld } from '../parts/world.ts';
import { retentionOf } from '../settings/config-file.ts';
import { dataDirectory } from '../settings/data-directory.ts';
import { say } from '../terminal.ts';
import { inputsOf, writesTables } from './load-job.ts';
import { stderrLogger } from './logger.ts';
import { serveMetrics } from './metrics-server.ts';
import type { RunOptions } from './options.ts';
import { onShutdown, onSupervisor } from './shutdown.ts';
import { linkToSupervisor, obstacleOf, type Standing } from './worker-link.ts';

/** `number`: which worker of a supervisor it is, if there is one. */
export async function runWorker(job: Job, options: RunOptions, number: number | undefined): Promise<void> {
  const { metrics: address, data, parallelism, config } = options;
  const alone = new AbortController();
  const words = (name: string) => say(`millrace: ${name}, committing and delivering; once more to stop at once`);
  const asked = number === undefined ? onShutdown(words) : onSupervisor();
  const signal = AbortSignal.any([asked, alone.signal]);
  const log = await stderrLogger(job.name, number);
  const { ports: servers, watched } = await serverParts({ clock: systemClock, log, inputs: inputsOf(job) });
  // Rows of several workers in a file of each would be no table; what only tells of the run is then not kept.
  const tables = number === undefined && writesTables(job) ? 'served' : 'none';
  if (number === undefined && tables === 'none' && servers.tables === undefined) {
    say('millrace: no CLICKHOUSE_URL, so rows of the ledger and of dead letters are not kept');
  }
  const retention = await retentionOf(config);
  const world = await openWorld({ dir: dataDirectory(data), clock: systemClock, tables, servers, retention });
  const metrics = new Metrics(systemClock);
  if (number !== undefined) metrics.registry.setDefaultLabels({ worker: String(number) });
  const link = number === undefined ? undefined : linkToSupervisor(metrics, () => alone.abort());
  let standing: Standing = { assigned: false, tasks: 0, reading: 0, away: [] };
  const stands = (change: Partial<Standing>) => {
    standing = { ...standing, ...change };
    link?.stands(standing);
  };
  const onChange = () => stands({ away: watch.away });
  const told = link?.servers ?? log;
  const watch = new ServerWatch({
    servers: watched,
    clock: systemClock,
    log: told,
    metrics,
    onChange,
    onFirstAnswer: (server) => link?.reaches(server),
  });
  const measured = {
    text: () => metrics.registry.metrics(),
    isHealthy: () => true,
    obstacle: () => obstacleOf(standing),
  };
  const server = address === undefined ? undefined : await serveMetrics(measured, address);
  try {
    if (number === undefined)
      say(`millrace: running ${job.name} as a worker${server ? `, metrics on ${server.url}/metrics` : ''}`);
    await work(job, world.ports, {
      options: { ...taskDefaults, nonce: randomUUID },
      metrics,
      log,
      signal,
      ...(parallelism === undefined ? {} : { parallelism }),
      servers: watch,
      onChange: stands,
    });
  } finally {
    await server?.close();
    await watch.close();
    await world.close();
  }
}
