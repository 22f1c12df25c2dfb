/**
 * A job in this process alone: one task owns every partition. A second process for the same job takes it over, and the
 * first one stops.
 */
import { randomUUID } from 'node:crypto';
import type { Job } from '../../graph/job.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { ServerWatch } from '../../runtime/server-watch.ts';
import { run } from '../../runtime/task/runner.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { systemClock } from '../../time/clock.ts';
import type { Topics } from '../../topics/topics.ts';
import { serverParts } from '../parts/servers.ts';
import { boundDeadLetters } from '../parts/topic-bounds.ts';
import { openWorld } from '../parts/world.ts';
import { retentionOf } from '../settings/config-file.ts';
import { dataDirectory, noteUsed } from '../settings/data-directory.ts';
import { say } from '../terminal.ts';
import { inputsOf } from './load-job.ts';
import { stderrLogger } from './logger.ts';
import { serveMetrics } from './metrics-server.ts';
import type { RunOptions } from './options.ts';
import { onShutdown } from './shutdown.ts';
import { moveStdin, readsStdin } from './stdin.ts';
import { obstacleOf } from './worker-link.ts';

export async function runInline(job: Job, { metrics: address, data, config }: RunOptions): Promise<void> {
  const signal = onShutdown((name) => say(`millrace: ${name}, committing and delivering; once more to stop at once`));
  const dir = dataDirectory(data);
  if (data === undefined) noteUsed(dir);
  const log = await stderrLogger(job.name);
  const { ports: servers, watched } = await serverParts({ clock: systemClock, log, inputs: inputsOf(job) });
  if (readsStdin(job)) moveStdin();
  const retention = await retentionOf(config);
  const world = await openWorld({ dir, clock: systemClock, tables: 'served', servers, retention });
  const metrics = new Metrics(systemClock);
  const watch = new ServerWatch({ servers: watched, clock: systemClock, log, metrics });
  const measured = {
    text: () => metrics.registry.metrics(),
    isHealthy: () => true,
    obstacle: async () => {
      const isReading = (await metrics.labels('millrace_splits')).size > 0;
      return obstacleOf({ assigned: isReading, tasks: 1, reading: 1, away: watch.away });
    },
  };
  const server = address === undefined ? undefined : await serveMetrics(measured, address);
  try {
    if (servers.topics === undefined) {
      await createInputs(job, world.ports.topics);
      await boundDeadLetters(world.ports.topics, job.name);
    }
    const on = Object.keys(servers).length === 0 ? dir : `servers for ${Object.keys(servers).join(', ')}`;
    say(`millrace: running ${job.name} on ${on}${server === undefined ? '' : `, metrics on ${server.url}/metrics`}`);
    const options = { ...taskDefaults, nonce: randomUUID };
    await run(job, world.ports, { options, metrics, log, signal, servers: watch });
  } finally {
    await server?.close();
    await watch.close();
    await world.close();
  }
}

/** Embedded topics belong to this process alone: it creates those that the job reads and that do not exist yet. */
async function createInputs(job: Job, topics: Topics): Promise<void> {
  for (const { body } of job.nodes) {
    const name = body.kind === 'source' ? body.source.topic : undefined;
    if (name === undefined || (await topics.describe(name)) !== undefined) continue;
    await topics.create({ name, partitions: 1 });
    say(`millrace: topic ${name} did not exist; it was created, empty, with one partition`);
  }
}
