/**
 * What a supervisor and its workers tell each other over Node's channel between processes: a worker says how it stands
 * whenever that changes, and answers with its metrics when it is asked.
 */
import type { Logger } from '../../runtime/log.ts';
import type { Metrics, MetricsPage } from '../../runtime/metrics.ts';
import type { WatchedServer } from '../../runtime/server-watch.ts';
import type { WorkerStatus } from '../../runtime/task/worker.ts';
import { notReading } from './metrics-server.ts';
import type { ServerWord } from './missed-servers.ts';

/** How a worker stands: its tasks, and the servers that it needs and does not reach. */
export interface Standing extends WorkerStatus {
  readonly away: readonly string[];
}

/** From a worker. */
export type WorkerWord =
  | { readonly kind: 'standing'; readonly standing: Standing }
  | ServerWord
  | { readonly kind: 'metrics'; readonly request: number; readonly page: MetricsPage };

/** To a worker. */
export interface SupervisorWord {
  readonly kind: 'metrics';
  readonly request: number;
}

/** The worker's end of the channel. */
export interface SupervisorLink {
  stands(standing: Standing): void;
  /** Takes what a watch says of servers; the supervisor tells of all workers at once. */
  readonly servers: Logger;
  /** Tells that a server has answered; it is news if the worker before this one missed it. */
  reaches(server: Pick<WatchedServer, 'name' | 'address'>): void;
}

/** The worker's end. A worker whose supervisor is gone stops, because no other process would stop it. */
export function linkToSupervisor(metrics: Metrics, onAlone: () => void): SupervisorLink {
  const tell = (word: WorkerWord) => void process.send?.(word, undefined, {}, () => undefined);
  process.on('message', async ({ kind, request }: SupervisorWord) => {
    if (kind === 'metrics') tell({ kind: 'metrics', request, page: await metrics.registry.getMetricsAsJSON() });
  });
  process.on('disconnect', onAlone);
  // Waiting for messages must not keep the process alive.
  process.channel?.unref();
  const told = (isAway: boolean) => (fields: object, said: string) => {
    const { server, reason } = fields as { readonly server: string; readonly reason?: string };
    tell({ kind: 'server', server, isAway, text: reason === undefined ? said : `${said} (${reason})` });
  };
  return {
    stands: (standing) => tell({ kind: 'standing', standing }),
    servers: { info: told(false), warn: told(true), error: told(true) },
    reaches: ({ name, address }) => told(false)({ server: name }, `${name} at ${address} answers again`),
  };
}

/** Why a worker is not ready; undefined when everything that was assigned is read and every server answers. */
export function obstacleOf(standing: Standing | undefined): string | undefined {
  const [server] = standing?.away ?? [];
  if (server !== undefined) return `${server} does not answer`;
  return standing?.assigned === true && standing.reading === standing.tasks ? undefined : notReading;
}
