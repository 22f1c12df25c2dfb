/**
 * What an orchestrator and a Prometheus scraper ask a running job: `/metrics`, `/healthz` (the process is not failing
 * again and again) and `/readyz` (what was assigned has been taken over and is read).
 */
import fastify from 'fastify';

/** A running server. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Who is asked. */
export interface Measured {
  /** Prometheus text. */
  text(): string | Promise<string>;
  readonly isHealthy: boolean;
  readonly isReady: boolean;
}

/** Where to listen; port 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Serves what `measured` says; nothing of it can be changed from there. */
export async function serveMetrics(measured: Measured, address: Address): Promise<MetricsServer> {
  const app = fastify({ logger: false });
  app.get('/metrics', async (_, reply) => {
    const text = await measured.text();
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
  app.get('/healthz', (_, reply) =>
    measured.isHealthy ? reply.send('ok\n') : reply.code(503).send('a worker fails again and again\n'),
  );
  app.get('/readyz', (_, reply) =>
    measured.isReady ? reply.send('ready\n') : reply.code(503).send('not reading yet\n'),
  );
  const url = await app.listen({ ...address });
  return { url, close: () => app.close() };
}
