/**
 * What a supervisor and its workers tell each other over Node's channel between processes: a worker says how it stands
 * whenever that changes, and answers with its metrics when it is asked.
 */
import type { Metrics, MetricsPage } from '../../runtime/metrics.ts';
import type { WorkerStatus } from '../../runtime/task/worker.ts';

/** From a worker. */
export type WorkerWord =
  | { readonly kind: 'standing'; readonly standing: WorkerStatus }
  | { readonly kind: 'metrics'; readonly request: number; readonly page: MetricsPage };

/** To a worker. */
export interface SupervisorWord {
  readonly kind: 'metrics';
  readonly request: number;
}

/** The worker's end. A worker whose supervisor is gone stops, because no other process would stop it. */
export function linkToSupervisor(metrics: Metrics, onAlone: () => void): (standing: WorkerStatus) => void {
  const tell = (word: WorkerWord) => void process.send?.(word, undefined, {}, () => undefined);
  process.on('message', async ({ kind, request }: SupervisorWord) => {
    if (kind === 'metrics') tell({ kind: 'metrics', request, page: await metrics.registry.getMetricsAsJSON() });
  });
  process.on('disconnect', onAlone);
  // Waiting for messages must not keep the process alive.
  process.channel?.unref();
  return (standing) => tell({ kind: 'standing', standing });
}

/** Whether everything that was assigned is read. */
export const isReading = (standing: WorkerStatus | undefined): boolean =>
  standing?.assigned === true && standing.reading === standing.tasks;
