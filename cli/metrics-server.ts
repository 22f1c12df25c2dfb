/**
 * What a supervisor and a Prometheus scraper ask a running job: `/metrics`, `/healthz` (the process answers) and
 * `/readyz` (the task has been taken over and reads). Listens on this machine only.
 */
import fastify from 'fastify';
import type { Metrics } from '../runtime/metrics.ts';

/** A running server. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `metrics` on 127.0.0.1; port 0 takes a free one. */
export async function serveMetrics(metrics: Metrics, port: number): Promise<MetricsServer> {
  const app = fastify({ logger: false });
  app.get('/metrics', (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text()));
  app.get('/healthz', (_, reply) => reply.send('ok\n'));
  app.get('/readyz', (_, reply) => {
    const reads = metrics.labels('millrace_splits').size > 0;
    return reply.code(reads ? 200 : 503).send(reads ? 'ready\n' : 'not reading yet\n');
  });
  const url = await app.listen({ host: '127.0.0.1', port });
  return { url, close: () => app.close() };
}
