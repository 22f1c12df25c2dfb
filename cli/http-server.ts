/**
 * Opens every HTTP server of the command. A server is for this machine alone unless an address says otherwise.
 */
import fastify, { type FastifyInstance } from 'fastify';
import { MillraceError, reasonOf } from '../errors.ts';

/** Where to listen; port 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A running server. */
export interface HttpServer {
  readonly url: string;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

/** Listens with the routes that `addRoutes` adds; on a free port of the loopback address by default. Errors: USAGE. */
export async function openServer(
  addRoutes: (app: FastifyInstance) => void,
  { host = '127.0.0.1', port = 0 }: Partial<Address> = {},
): Promise<HttpServer> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  addRoutes(app);
  const url = await app.listen({ host, port }).catch((cause: unknown) => {
    throw new MillraceError('USAGE', { reason: `no server on ${host}:${port} (${reasonOf(cause)})` }, { cause });
  });
  return { url, close: () => app.close() };
}
