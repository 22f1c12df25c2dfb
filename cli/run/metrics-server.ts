/**
 * What an orchestrator and a Prometheus scraper ask a running job: `/metrics`, `/healthz` (the process is not failing
 * again and again) and `/readyz` (what was assigned has been taken over and is read, and every server that it needs
 * answers).
 */
import { type Address, type HttpServer, openServer } from '../http-server.ts';

/** What answers for the job: one process, or the supervisor of several. */
export interface Measured {
  /** The metrics as text for Prometheus. */
  text(): Promise<string>;
  isHealthy(): boolean;
  /** Why it is not ready, in a few words; undefined if it is. */
  obstacle(): string | undefined | Promise<string | undefined>;
}

/** What `/readyz` says until everything that was assigned is read. */
export const notReading = 'not reading yet';

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
    app.get('/readyz', async (_, reply) => {
      const obstacle = await measured.obstacle();
      return obstacle === undefined ? reply.send('ready\n') : reply.code(503).send(`${obstacle}\n`);
    });
  }, address);
}
