/**
 * What an orchestrator and a Prometheus scraper ask a running job: `/metrics`, `/healthz` (the process is not failing
 * again and again) and `/readyz` (what was assigned has been taken over and is read).
 */
import { type Address, type HttpServer, openServer } from '../http-server.ts';

/** What answers for the job: one process, or the supervisor of several. */
export interface Measured {
  /** The metrics as text for Prometheus. */
  text(): Promise<string>;
  isHealthy(): boolean;
  isReady(): boolean | Promise<boolean>;
}

/** Serves what `measured` answers. Requests only read. */
export function serveMetrics(measured: Measured, address: Address): Promise<HttpServer> {
  return openServer((app) => {
    app.get('/metrics', async (_, reply) => {
      const text = await measured.text();
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    });
    app.get('/healthz', async (_, reply) =>
      measured.isHealthy() ? reply.send('ok\n') : reply.code(503).send('a worker fails again and again\n'),
    );
    app.get('/readyz', async (_, reply) =>
      (await measured.isReady()) ? reply.send('ready\n') : reply.code(503).send('not reading yet\n'),
    );
  }, address);
}
